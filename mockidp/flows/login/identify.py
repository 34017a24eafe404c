"""The step `identify`: find the user who logs in, by a session, a user name or the picker.

Spec: OpenID Connect Core 3.1.2.1 (`prompt`, `max_age`).
"""

from __future__ import annotations

from collections.abc import Collection

from mockidp.flows.login.transaction import login_client
from mockidp.flows.organizations.connections import (
    connections_of_organization,
    offered_connections,
)
from mockidp.protocol.errors.oauth_error import LoginRequired
from mockidp.protocol.errors.refusal_texts import LOGIN_REQUIRED
from mockidp.protocol.oauth.response_mode import ResponseMode
from mockidp.protocol.tokens.artifacts import AuthorizationRequest, LoginTransaction, Session
from mockidp.resources.client import Client
from mockidp.resources.user import User
from mockidp.tenant.journal.flow_index import SESSION
from mockidp.tenant.tenant import Tenant


def is_pending(_tenant: Tenant, _client: Client, login: LoginTransaction) -> bool:
    """Return whether the user is not known yet."""
    return login.user_id is None


def find_usable_session(
    tenant: Tenant, client: Client, request: AuthorizationRequest, session: Session | None
) -> Session | None:
    """Return the browser's session if its user need not log in again for this request.

    Raises:
        LoginRequired: They need to, and the request forbids pages.
    """
    usable = session if session and _is_usable(tenant, client, request, session) else None
    with tenant.trace.check(
        "session", is_sent=session is not None, usable=usable is not None, prompt=request.prompt
    ):
        if usable is None and "none" in request.prompt:
            raise _login_required(session, request.response_mode)
    if usable is not None:
        tenant.trace.note(user=usable.user_id)
        tenant.trace.used(SESSION, usable.id)
    return usable


def _login_required(session: Session | None, mode: ResponseMode) -> LoginRequired:
    why = (
        "the session is too old, or it belongs to another connection than the requested one or to "
        "one that is not enabled for the client or the organization."
    )
    if session is None:
        why = "the request has no session cookie, or its session has ended."
        if mode == "web_message":
            why += " Browsers that block third-party cookies send none from an iframe."
    return LoginRequired(LOGIN_REQUIRED, hint=f"Parameter prompt=none was sent, but {why}")


def _is_usable(
    tenant: Tenant, client: Client, request: AuthorizationRequest, session: Session
) -> bool:
    user = tenant.directory.user(session.user_id)
    if user is None or {"login", "select_account"} & set(request.prompt):
        return False
    if request.connection not in (None, user.connection):
        return False
    if request.subject not in (None, user.user_id):
        return False
    if user.connection not in _enabled_connections(tenant, client, request.organization_id):
        return False
    return request.max_age is None or tenant.now() - session.auth_time <= request.max_age


def _enabled_connections(
    tenant: Tenant, client: Client, organization_id: str | None
) -> tuple[str, ...]:
    """Return the names of the organization's connections; without one, those of the client."""
    organization = tenant.directory.organization(organization_id)
    if organization is None:
        return tenant.directory.connections_for(client)
    return connections_of_organization(tenant.directory, organization, client)


def enabled_connections(
    tenant: Tenant, login: LoginTransaction, client: Client | None = None
) -> tuple[str, ...]:
    """Return the names of the connections that the login can use, with or without a button.

    `client` is the login's client, if it is already known.
    """
    organization, wanted = login.organization_id, login.request.connection
    found = _enabled_connections(tenant, client or login_client(tenant, login), organization)
    return found if wanted is None else tuple(one for one in found if one == wanted)


def connections_of(
    tenant: Tenant, login: LoginTransaction, client: Client | None = None
) -> tuple[str, ...]:
    """Return the names of the connections that the login's user may come from.

    They are none if the requested one is not enabled, or not any more.
    `client` is the login's client, if it is already known.
    """
    directory, wanted = tenant.directory, login.request.connection
    organization = directory.organization(login.organization_id)
    client = client or login_client(tenant, login)
    if organization is None:
        found = directory.connections_for(client)
    elif wanted is None:
        found = offered_connections(directory, organization, client)
    else:
        found = connections_of_organization(directory, organization, client)
    return found if wanted is None else tuple(one for one in found if one == wanted)


def users_of(
    tenant: Tenant, connections: Collection[str], session: Session | None = None
) -> list[User]:
    """Return the users of some connections, that of the browser's session first."""
    found = [user for user in tenant.directory.users.each() if user.connection in connections]
    current = tenant.directory.user(session.user_id) if session else None
    if current is not None and current.connection in connections:
        found.remove(current)
        found.insert(0, current)
    return found
