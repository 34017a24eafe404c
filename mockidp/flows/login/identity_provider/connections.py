"""The connections of a login whose users log in at an identity provider.

Auth0: `connection` at /authorize, a button of the login page, or the domain of an e-mail address
(identifier first) lead to the identity provider. The page has a button for each social connection,
and for enterprise connections with `show_as_button`. A single connection is not chosen by itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockidp.flows.login.connection import CONNECTION_NOT_FOUND
from mockidp.flows.login.login_connections import LoginConnections
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.connection import Connection
from mockidp.tenant.tenant import Tenant


def find_provider(tenant: Tenant, login: LoginTransaction, name: str | None) -> Connection:
    """Return the connection whose identity provider a page stands for.

    Raises:
        InvalidRequest: The login's user cannot log in there.
    """
    wanted = name or login.request.connection
    providers = LoginConnections(tenant, login).providers
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


def provider_of_domain(connections: LoginConnections, typed: str) -> Connection | None:
    """Return the enterprise connection with the domain of an e-mail address."""
    domain = typed.rpartition("@")[2].lower() if "@" in typed else ""
    for one in connections.providers:
        aliases = {alias.lower() for alias in one.options.domain_aliases}
        if one.is_enterprise and domain in aliases:
            return one
    return None
