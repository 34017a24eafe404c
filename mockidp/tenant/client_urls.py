"""The URLs of a client, with their placeholders replaced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mockidp.protocol.url_rules import TEST_PAGE, with_organization_name
from mockidp.resources.client import Client
from mockidp.resources.organization import Organization


def in_organization(client: Client, organization: Organization) -> Client:
    """Return a client whose callbacks contain the name of an organization for its placeholder."""
    return replace(client, callbacks=with_organization_name(client.callbacks, organization.name))


def resolve_test_page(client: Client, base_url: str) -> Client:
    """Return a client whose URL lists contain `TEST_PAGE` as an absolute URL."""

    def resolve(urls: Iterable[str]) -> tuple[str, ...]:
        return tuple(base_url + one if one == TEST_PAGE else one for one in urls)

    return replace(
        client,
        callbacks=resolve(client.callbacks),
        allowed_logout_urls=resolve(client.allowed_logout_urls),
    )
