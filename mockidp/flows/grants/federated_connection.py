"""Exchange a token of the user for one of another service: Token Vault.

Spec: RFC 8693 2.
Auth0: the grant `token-exchange:federated-connection-access-token`. The subject token is a refresh
token of the client, or an access token for the API whose service the client is
(docs/fidelity.md, "/oauth/token").
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.connected_accounts.token_vault import accounts_of, fresh_token
from mockidp.flows.exchange.subject_access_token import read_subject_token
from mockidp.flows.grants.refresh_token import find_owner, find_refresh_token
from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.grants.user_login import check_not_blocked, require
from mockidp.flows.hints.known import list_known
from mockidp.flows.login.connection import CONNECTION_NOT_FOUND
from mockidp.flows.mfa.policy import demand_second_factor
from mockidp.protocol.errors.extension_error import (
    AccountNotFound,
    FederatedTokenNotFound,
    MfaRequired,
)
from mockidp.protocol.errors.oauth_error import InvalidRequest, UnauthorizedClient
from mockidp.protocol.errors.refusal_texts import MFA_REQUIRED
from mockidp.protocol.oauth.scope import make_scope
from mockidp.protocol.tokens.token_exchange import ACCESS_TOKEN, INVALID_TYPES
from mockidp.protocol.tokens.token_vault import (
    FEDERATED_TOKEN,
    NO_ACCOUNT,
    NO_TOKEN,
    NOT_ENABLED,
    REFRESH_TOKEN_TYPE,
)
from mockidp.resources.connected_account import ConnectedAccount
from mockidp.resources.connection import Connection
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.user import User

_ROTATION = "Refresh token rotation is not supported"


def exchange(request: GrantRequest) -> dict[str, Any]:
    """Return an access token of the service with which the user has connected."""
    kind = _check_types(request)
    token = require(request, "subject_token")
    connection = _find_connection(request, require(request, "connection"))
    user = _of_access_token(request, token) if kind == ACCESS_TOKEN else _owner(request, token)
    check_not_blocked(request, user)
    _check_second_factor(request, user)
    account = _find_account(request, user, connection)
    fresh = fresh_token(request.tenant, user, account)
    return {
        "access_token": fresh.access_token,
        "scope": make_scope(fresh.scopes),
        "expires_in": (fresh.expires_at or 0) - int(request.tenant.now()),
        "issued_token_type": FEDERATED_TOKEN,
        "token_type": "Bearer",
    }


def _check_types(request: GrantRequest) -> str:
    kind = require(request, "subject_token_type")
    wanted = request.parameters.get("requested_token_type")
    with request.tenant.trace.check("subject_token_type", sent=kind, requested_token_type=wanted):
        if kind not in (REFRESH_TOKEN_TYPE, ACCESS_TOKEN) or wanted != FEDERATED_TOKEN:
            raise InvalidRequest(
                INVALID_TYPES,
                hint=f"`subject_token_type` is {kind[:100]}, and `requested_token_type` is "
                f"{(wanted or 'missing')[:100]}. Send {REFRESH_TOKEN_TYPE} or {ACCESS_TOKEN}, and "
                f"request {FEDERATED_TOKEN}.",
            )
    return kind


def _find_connection(request: GrantRequest, name: str) -> Connection:
    tenant, client = request.tenant, request.client
    found = tenant.directory.connection(name)
    is_enabled = found is not None and found.is_enabled_for(client)
    with tenant.trace.check("connection", sent=name, is_enabled=is_enabled):
        if found is None or not is_enabled:
            known = list_known("connections", name, tenant.directory.connections)
            why = (
                f"is not enabled for client {client.client_id}: add it to its `enabled_clients`."
                if found
                else f"does not exist. {known}"
            )
            raise InvalidRequest(CONNECTION_NOT_FOUND, hint=f"Connection {name[:80]!r} {why}")
    with tenant.trace.check("connected_accounts", active=found.connected_accounts.active):
        if not found.connected_accounts.active:
            raise InvalidRequest(
                NOT_ENABLED,
                hint=f"Set `connected_accounts.active` of connection {name} to true in the tenant "
                "file.",
            )
    return found


def _owner(request: GrantRequest, token: str) -> User:
    """Return the user of a refresh token, which the exchange does not use up."""
    client = request.client
    with request.tenant.trace.check("subject_token", client=client.client_id):
        _, family = find_refresh_token(request, token)
    rotation = client.refresh_token.rotation_type
    with request.tenant.trace.check("rotation", rotation_type=rotation):
        if rotation == "rotating":
            raise InvalidRequest(
                _ROTATION,
                hint=f"The refresh tokens of client {client.client_id} rotate, which Auth0 does "
                "not support here. Set its `refresh_token.rotation_type` to non-rotating.",
            )
    return find_owner(request, family)


def _of_access_token(request: GrantRequest, token: str) -> User:
    """Return the user of an access token for the API whose service the client is."""
    api = _own_api(request)
    return read_subject_token(request.tenant, request.base_url, api, token).user


def _own_api(request: GrantRequest) -> ResourceServer:
    tenant, client = request.tenant, request.client
    identifier = client.resource_server_identifier
    api = tenant.directory.api(identifier, is_management=False) if identifier else None
    with tenant.trace.check("app_type", app_type=client.app_type, api=identifier):
        if api is None or client.app_type != "resource_server":
            raise UnauthorizedClient(
                "Client is not linked to the API of the subject token",
                hint=f"Client {client.client_id} is not the client of an API. Set its `app_type` "
                "to resource_server and its `resource_server_identifier` to the API that the "
                "access token is for, or send a refresh token.",
            )
    return api


def _check_second_factor(request: GrantRequest, user: User) -> None:
    """Refuse the exchange where every login needs a second factor, as Auth0 does."""
    demand = demand_second_factor(request.tenant, user, audience=None)
    with request.tenant.trace.check("second_factor", is_needed=demand is not None):
        if demand is not None:
            raise MfaRequired(
                MFA_REQUIRED,
                hint=f"{demand.why} Auth0 returns no token of another service then. Require the "
                "second factor in another way, such as `mockidp.mfa_audiences`.",
            )


def _find_account(request: GrantRequest, user: User, connection: Connection) -> ConnectedAccount:
    tenant, hint = request.tenant, request.parameters.get("login_hint")
    found = [one for one in accounts_of(tenant, user) if one.connection == connection.name]
    with tenant.trace.check("connected_account", user=user.user_id, found=len(found)):
        if not found:
            raise FederatedTokenNotFound(
                NO_TOKEN,
                hint=f"User {user.user_id} has not connected an account of {connection.name}. The "
                "app connects one with the My Account API, and a test with `connect_account`. A "
                "login with the connection is not enough.",
            )
    names = [one.login_hint for one in found if one.login_hint]
    with tenant.trace.check("login_hint", sent=hint, known=names):
        if hint is None:
            if len(found) > 1:
                tenant.trace.advise(
                    f"User {user.user_id} has {len(found)} accounts of {connection.name}. The last "
                    f"one was used. Send `login_hint` to select another: {', '.join(names)}."
                )
            return found[-1]
        for one in found:
            if (one.login_hint or "").lower() == hint.lower():
                return one
        raise AccountNotFound(
            NO_ACCOUNT,
            hint=f"No account of {connection.name} that user {user.user_id} has connected has the "
            f"name {hint[:80]!r}. Known: {', '.join(names) or 'none'}.",
        )
