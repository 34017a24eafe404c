"""The connections of a login whose users log in at an identity provider.

Auth0: `connection` at /authorize, a button of the login page, or the domain of an e-mail address
(identifier first) lead to the identity provider. The page has a button for each social connection,
and for enterprise connections with `show_as_button`. A single connection is not chosen by itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockidp.flows.login.connection import CONNECTION_NOT_FOUND
from mockidp.flows.login.identify import connections_of, enabled_connections
from mockidp.flows.login.transaction import login_client
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.client import Client
from mockidp.resources.connection import Connection
from mockidp.tenant.content.no_users import no_users_hint
from mockidp.tenant.tenant import Tenant


def providers_of(
    tenant: Tenant, login: LoginTransaction, client: Client | None = None
) -> list[Connection]:
    """Return the connections with identity providers at which the login's user can log in."""
    names = enabled_connections(tenant, login, client)
    found = (tenant.directory.connection(name) for name in names)
    return [one for one in found if one is not None and one.is_federated]


def requested_provider(
    tenant: Tenant, login: LoginTransaction, client: Client | None = None
) -> Connection | None:
    """Return the requested connection if it has an identity provider."""
    wanted = login.request.connection
    if wanted is None:
        return None
    found = (one for one in providers_of(tenant, login, client) if one.name == wanted)
    return next(found, None)


def find_provider(tenant: Tenant, login: LoginTransaction, name: str | None) -> Connection:
    """Return the connection whose identity provider a page stands for.

    Raises:
        InvalidRequest: The login's user cannot log in there.
    """
    wanted = name or login.request.connection
    providers = providers_of(tenant, login)
    names = [one.name for one in providers]
    with tenant.trace.check("connection", sent=wanted, enabled=names):
        for one in providers:
            if one.name == wanted:
                return one
        raise InvalidRequest(
            CONNECTION_NOT_FOUND,
            hint=f"Connection {wanted!r} is not enabled for this login, or has no identity "
            f"provider. Connections with one: {', '.join(names) or 'none'}.",
        )


def forwarded_parameters(login: LoginTransaction, connection: Connection) -> Mapping[str, str]:
    """Return what Auth0 adds to its request to the identity provider.

    These are `login_hint`, the scopes of `connection_scope`, and `upstream_params` of the
    connection.
    """
    request = login.request
    hint = login.identifier if login.identifier and "@" in login.identifier else None
    found = {"login_hint": request.login_hint or hint, "scope": request.connection_scope}
    for name, entry in connection.options.upstream_params.items():
        if isinstance(entry, Mapping):
            alias = str(entry.get("alias") or "")
            value = entry.get("value") or request.readable.get(alias)
            found[name] = None if value is None else str(value)
    return {name: value for name, value in found.items() if value}


def provider_of_domain(tenant: Tenant, login: LoginTransaction, typed: str) -> Connection | None:
    """Return the enterprise connection with the domain of an e-mail address."""
    domain = typed.rpartition("@")[2].lower() if "@" in typed else ""
    for one in providers_of(tenant, login):
        aliases = {alias.lower() for alias in one.options.domain_aliases}
        if one.is_enterprise and domain in aliases:
            return one
    return None


def providers_with_button(tenant: Tenant, login: LoginTransaction) -> list[Connection]:
    """Return the connections that the login page has a button for."""
    offered = connections_of(tenant, login)
    return [
        one
        for one in providers_of(tenant, login)
        if one.name in offered and (login.organization_id is not None or _has_button(one))
    ]


def _has_button(connection: Connection) -> bool:
    return connection.show_as_button or not connection.is_enterprise


def has_form(tenant: Tenant, login: LoginTransaction) -> bool:
    """Return whether the login page asks for a user name.

    It does not if all users log in at identity providers, and e-mail addresses lead to none.
    """
    names = connections_of(tenant, login)
    found = [one for one in map(tenant.directory.connection, names) if one is not None]
    return (
        not found or any(not one.is_federated for one in found) or _asks_for_domain(tenant, login)
    )


def _asks_for_domain(tenant: Tenant, login: LoginTransaction) -> bool:
    is_first = tenant.directory.configuration.prompts.identifier_first
    return is_first and any(
        one.is_enterprise and one.options.domain_aliases for one in providers_of(tenant, login)
    )


def why_nobody_can_log_in(tenant: Tenant, login: LoginTransaction) -> str:
    """Explain why nobody can use the form or a button of the login page; empty if one can."""
    if providers_with_button(tenant, login):
        return ""
    if has_form(tenant, login):
        return no_users_hint(tenant.directory.users) or _why_no_user_is_offered(tenant, login)
    names = ", ".join(one.name for one in providers_of(tenant, login))
    return (
        f"Enterprise connections have no button unless `show_as_button` is true: {names}. Set it, "
        "send `connection` to /authorize, or set `prompts.identifier_first` and the "
        "`options.domain_aliases` of the connection."
    )


def _why_no_user_is_offered(tenant: Tenant, login: LoginTransaction) -> str:
    """Name the connections whose users cannot log in here; empty if some can."""
    offered = connections_of(tenant, login)
    holding = {user.connection for user in tenant.directory.users.values()}
    if holding & {*offered}:
        return ""
    client = login_client(tenant, login)
    reasons = [_why_off(tenant, login, client, name) for name in sorted(holding)]
    return f"No user can log in to {client.name or client.client_id} here. {' '.join(reasons)}"


def _why_off(tenant: Tenant, login: LoginTransaction, client: Client, name: str) -> str:
    connection, wanted = tenant.directory.connection(name), login.request.connection
    if wanted not in (None, name):
        return f"The request asks for connection {wanted}, but there are users in {name}."
    if connection is not None and not connection.serves(client):
        return f"Connection {name} is off for this client. {connection.how_to_enable(client)}"
    return f"Connection {name} is off for the organization of the login: enable it there."
