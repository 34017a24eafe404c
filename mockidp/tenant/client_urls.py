"""The URLs of a client, with their placeholders replaced."""

from __future__ import annotations

from collections.abc import Iterable

from mockidp.frozen import replace
from mockidp.protocol.urls.rules import (
    TEST_PAGE,
    with_domain_metadata,
    with_organization_name,
)
from mockidp.resources.client import Client
from mockidp.resources.custom_domain import CustomDomain
from mockidp.resources.organization import Organization


def in_organization(client: Client, organization: Organization) -> Client:
    """Return a client whose callbacks contain the name of an organization for its placeholder."""
    return replace(client, callbacks=with_organization_name(client.callbacks, organization.name))


def resolve_urls(client: Client, base_url: str, domain: CustomDomain | None) -> Client:
    """Return a client whose URLs have the values of a request for their placeholders.

    Args:
        client: The client.
        base_url: The URL of the tenant in the request. `TEST_PAGE` is a path below it.
        domain: The custom domain of the request, whose metadata `{custom_domain.metadata.KEY}`
            stands for.
    """
    if domain is None and not any(TEST_PAGE in urls for urls in _urls_of(client)):
        return client

    def resolve(urls: Iterable[str]) -> tuple[str, ...]:
        found = tuple(base_url + one if one == TEST_PAGE else one for one in urls)
        return found if domain is None else with_domain_metadata(found, domain.domain_metadata)

    return replace(
        client,
        callbacks=resolve(client.callbacks),
        allowed_logout_urls=resolve(client.allowed_logout_urls),
        web_origins=resolve(client.web_origins),
        allowed_origins=resolve(client.allowed_origins),
    )


def _urls_of(client: Client) -> tuple[tuple[str, ...], ...]:
    return client.callbacks, client.allowed_logout_urls, client.web_origins, client.allowed_origins
