"""The browser's part of connecting an account. A page of mockidp takes the place of the service.

Auth0: `connect_uri` leads to the service, which sends the browser to the app with a `connect_code`
(docs/fidelity.md, "My Account API").
"""

from __future__ import annotations

from collections.abc import Mapping

from mockidp.flows.login.identity_provider.errors import canceled
from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.login.connected_accounts import LIFETIME, ConnectRequest
from mockidp.protocol.oauth.response_mode import AuthorizationResponse
from mockidp.resources.connection import Connection
from mockidp.storage.store import replace_value
from mockidp.tenant.state.stores import TICKET
from mockidp.tenant.tenant import Tenant

_INVALID = "Invalid ticket"


def find_request(tenant: Tenant, ticket: str | None) -> tuple[str, ConnectRequest, Connection]:
    """Return the `auth_session` and the request of a ticket, and its connection.

    Raises:
        InvalidRequest: The ticket is unknown, was used or has expired, or the connection was
            removed.
    """
    found = next(iter(tenant.connect_requests.scan(TICKET, ticket or "")), None)
    with tenant.trace.check("ticket", found=found is not None):
        if found is None:
            raise InvalidRequest(
                _INVALID,
                hint="No request to connect an account has this `ticket`. Open `connect_uri` with "
                "the `ticket` of `connect_params`.",
            )
        session, entry = found
        connection = tenant.directory.connection(entry.value.connection)
        if not entry.is_good(tenant.now()) or entry.value.code is not None or connection is None:
            raise InvalidRequest(
                _INVALID,
                hint=f"The ticket was used before, or has expired: it works once, for {LIFETIME} "
                "seconds. Or its connection was removed. Start again.",
            )
    return session, entry.value, connection


def agree(tenant: Tenant, session: str, request: ConnectRequest, login_hint: str) -> str:
    """Store that the user has agreed. Return the URL to which the browser is redirected.

    Args:
        tenant: The tenant.
        session: The `auth_session`.
        request: The request.
        login_hint: The user's name at the service.

    Raises:
        InvalidRequest: Another request has used the ticket.
    """
    agreed = replace(request, code=tenant.ids.code(), login_hint=login_hint)
    expires_at = tenant.now() + LIFETIME
    with tenant.trace.check("connect_request", login_hint=login_hint):
        if not replace_value(
            tenant.connect_requests, session, request, agreed, expires_at=expires_at
        ):
            raise InvalidRequest(_INVALID, hint="Another request used the ticket meanwhile.")
    return _back(request, {"connect_code": str(agreed.code)})


def cancel(tenant: Tenant, session: str, request: ConnectRequest, strategy: str) -> str:
    """End a request that the user has canceled. Return where the browser is redirected."""
    tenant.connect_requests.take(session)
    return _back(request, canceled(strategy))


def _back(request: ConnectRequest, parameters: Mapping[str, str]) -> str:
    state = {"state": request.state} if request.state is not None else {}
    return AuthorizationResponse(
        redirect_uri=request.redirect_uri, mode="query", parameters={**parameters, **state}
    ).location
