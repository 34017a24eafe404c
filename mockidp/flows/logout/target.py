"""Where a logout may redirect to: the client's `allowed_logout_urls`, or the tenant's."""

from __future__ import annotations

from mockidp.flows.hints.clients import hint_for_unknown_client
from mockidp.flows.hints.urls import UrlList, why_not_listed
from mockidp.frozen import frozen
from mockidp.protocol.errors.oauth_error import InvalidRequest, LogoutUrlNotAllowed
from mockidp.protocol.impersonation.url_differences import nearest_difference
from mockidp.protocol.urls.rules import UrlRule
from mockidp.tenant.directory import Directory
from mockidp.tenant.tenant import Tenant

_FIELD = "allowed_logout_urls"
_NO_CLIENT = (
    "Send `client_id`, so that the `allowed_logout_urls` of the client apply, or add the URL to "
    "`tenant.allowed_logout_urls` in the tenant file and run `mockidp push FILE`."
)


@frozen
class LogoutTarget:
    """Where a request sends the browser, and the list in which that has to be.

    Attributes:
        parameter: The parameter that has the URL.
        url: The URL.
        client_id: The client whose list it is; None for the tenant's.
        allowed: The list.
        rule: How URLs are compared.
    """

    parameter: str
    url: str
    client_id: str | None
    allowed: tuple[str, ...]
    rule: UrlRule


def allowed_urls(tenant: Tenant, base_url: str, client_id: str | None) -> tuple[str, ...]:
    """Return the URLs to which a request with, or without, a client may redirect.

    Raises:
        InvalidRequest: The client is unknown.
    """
    if client_id is None:
        return tenant.directory.configuration.tenant.allowed_logout_urls
    tenant.trace.note(client=client_id)
    with tenant.trace.check("client_id", sent=client_id):
        client = tenant.directory.client(client_id, base_url=base_url)
        if client is None:
            raise InvalidRequest(
                f"Unknown client: {client_id}",
                hint=f"No client has the `client_id` {client_id!r}. "
                + hint_for_unknown_client(tenant.directory, client_id),
            )
    return client.allowed_logout_urls


def check_target(tenant: Tenant, target: LogoutTarget) -> None:
    """Check that a request may redirect to its URL.

    Raises:
        LogoutUrlNotAllowed: It is not in the list.
    """
    with tenant.trace.check(target.parameter, sent=target.url, allowed=target.allowed):
        if not tenant.directory.allows_logout(target.url, target.allowed, target.rule):
            raise LogoutUrlNotAllowed(
                f'The "{target.parameter}" querystring parameter "{target.url}" is not defined as '
                'a valid URL in "Allowed Logout URLs".',
                hint=f"URL {target.url} is not in {_why_not_allowed(tenant.directory, target)}",
            )


def _why_not_allowed(directory: Directory, target: LogoutTarget) -> str:
    """Return whose list it is, how the URL differs from its entries, and how to allow it."""
    client_id = target.client_id
    if client_id is None:
        difference = nearest_difference(target.url, target.allowed, target.rule)
        whose = f"`tenant.{_FIELD}` (no client_id was sent)"
        return f"{whose}. {difference} {_NO_CLIENT}"
    listed = UrlList(field=_FIELD, entries=target.allowed, rule=target.rule)
    why = why_not_listed(directory, client_id, target.url, listed)
    return f"`{_FIELD}` of client {client_id}. {why}"
