"""Exchange a code or token of Apple, Facebook or Google: native social login.

Spec: RFC 8693 2.
Auth0: the type of the subject token selects the provider, and `native_social_login` of the client
allows it (docs/fidelity.md, "/oauth/token").
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.audience import find_api
from mockidp.flows.exchange.native_social_token import (
    changes_of_profile,
    find_native_user,
    update_profile,
)
from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.grants.user_login import check_not_blocked, issue_scope, require
from mockidp.flows.organizations.incompatible import check_needs_no_organization
from mockidp.flows.sessions.login_count import count_login
from mockidp.protocol.errors.oauth_error import InvalidRequest, UnauthorizedClient
from mockidp.protocol.login.native_social import GOOGLE, NativeProvider
from mockidp.protocol.oauth.scope import parse_scope
from mockidp.protocol.tokens.token_exchange import INVALID_TYPES
from mockidp.resources.client import Client
from mockidp.resources.connection import Connection
from mockidp.resources.resource_server import ResourceServer
from mockidp.tenant.tenant import Tenant

_NOT_ALLOWED = (
    "Grant type urn:ietf:params:oauth:grant-type:token-exchange with subject_token_type {} not "
    "allowed for the client."
)
_NO_CONNECTIONS = "no connections enabled for the client"


def exchange(request: GrantRequest, provider: NativeProvider) -> dict[str, Any]:
    """Return tokens for the user whom the provider's SDK has logged in."""
    tenant, client, parameters = request.tenant, request.client, request.parameters
    _check_client(tenant, client, provider)
    token = require(request, "subject_token")
    _check_parameters(request, provider)
    check_needs_no_organization(tenant, client, "native social")
    api = find_api(tenant, request.base_url, parameters.get("audience"))
    connection = _find_connection(tenant, client, provider)
    profile = parameters.get("user_profile") if provider is not GOOGLE else None
    changes = changes_of_profile(tenant, provider, profile)
    user = find_native_user(tenant, provider, connection, token)
    tenant.trace.note(connection=connection.name, strategy=connection.strategy)
    user = count_login(tenant, user)
    check_not_blocked(request, user)
    user = update_profile(tenant, user, changes)
    requested = parse_scope(parameters.get("scope"))
    return issue_scope(request, user, api, requested or _whole_scope(tenant, api), sent=requested)


def _check_client(tenant: Tenant, client: Client, provider: NativeProvider) -> None:
    allowed = getattr(client.native_social_login, provider.field).enabled
    with tenant.trace.check("native_social_login", client=client.client_id, allowed=allowed):
        if not allowed:
            raise UnauthorizedClient(
                _NOT_ALLOWED.format(provider.kind),
                hint=f"Client {client.client_id} may not log users in with the SDK of "
                f"{provider.title}. Set its `native_social_login.{provider.field}.enabled` to "
                "true in the tenant file.",
            )


def _check_parameters(request: GrantRequest, provider: NativeProvider) -> None:
    """Check that no type of token is requested, and name parameters that have no effect."""
    tenant, wanted = request.tenant, request.parameters.get("requested_token_type")
    with tenant.trace.check("requested_token_type", sent=wanted):
        if wanted is not None:
            raise InvalidRequest(
                INVALID_TYPES,
                hint=f"Parameter `requested_token_type` is {wanted[:100]}. Leave it out: a native "
                "social login always issues an access token.",
            )
    ignored = ["organization", "actor_token", *(["user_profile"] if provider is GOOGLE else [])]
    for name in ignored:
        if request.parameters.get(name) is not None:
            tenant.trace.advise(
                f"Parameter `{name}` has no effect in a native social login with {provider.title}."
            )


def _find_connection(tenant: Tenant, client: Client, provider: NativeProvider) -> Connection:
    """Return the connection with the provider that is enabled for the client."""
    names = tenant.directory.connections_for(client)
    enabled = [one for one in map(tenant.directory.connection, names) if one is not None]
    found = next((one for one in enabled if one.strategy == provider.strategy), None)
    with tenant.trace.check("connection", strategy=provider.strategy, enabled=names):
        if found is None:
            raise InvalidRequest(
                _NO_CONNECTIONS,
                hint=f"No connection with the strategy {provider.strategy} is enabled for client "
                f"{client.client_id}. Add one to `connections` in the tenant file, or the client "
                "to its `enabled_clients`.",
            )
    return found


def _whole_scope(tenant: Tenant, api: ResourceServer | None) -> tuple[str, ...]:
    """Return all scopes of an API, which a request without `scope` gets."""
    return () if api is None else tuple(tenant.directory.apis.get(api.identifier, api).scope_values)
