"""Exchange an identity assertion for an access token: the grant `jwt-bearer`.

Spec: draft-ietf-oauth-identity-assertion-authz-grant; RFC 7523 2.1.
Auth0: Cross App Access (docs/fidelity.md, "/oauth/token").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.flows.audience import check_user_access, find_api, granted_scope
from mockidp.flows.exchange.identity_assertion import verify_identity_assertion
from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.grants.user_login import check_not_blocked, require
from mockidp.flows.hints.scopes import advise_on_scope
from mockidp.flows.organizations.membership import check_membership
from mockidp.flows.organizations.named import REQUIRED
from mockidp.flows.tokens.granted import Granted
from mockidp.flows.tokens.issue import issue_tokens
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.scope import OFFLINE_ACCESS, OIDC_SCOPES, parse_scope
from mockidp.protocol.tokens.custom_claim import readable_parameters
from mockidp.resources.connection import Connection
from mockidp.resources.organization import CONNECTIONS, Organization
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.user import User


def exchange(request: GrantRequest) -> dict[str, Any]:
    """Return an access token for the user of an identity assertion."""
    tenant, client = request.tenant, request.client
    assertion = require(request, "assertion")
    claims, connection, user = verify_identity_assertion(
        tenant, request.base_url, client, assertion
    )
    check_not_blocked(request, user)
    api = _find_api(request, claims)
    organization = _find_organization(request, connection, user)
    sent = claims.get("scope")
    requested = parse_scope(sent if isinstance(sent, str) else None)
    of_api = tuple(one for one in requested if one not in (*OIDC_SCOPES, OFFLINE_ACCESS))
    advise_on_scope(tenant, client, api, of_api)
    check_user_access(tenant, client, api)
    scope = granted_scope(
        tenant, client=client, user=user, api=api, requested=of_api, organization=organization
    )
    granted = Granted(
        client=client,
        user=user,
        scope=scope,
        api=api,
        organization=organization,
        request=readable_parameters(request.parameters),
        certificate=request.certificate,
    )
    return issue_tokens(tenant, request.base_url, granted, requested=requested)


def _find_api(request: GrantRequest, claims: Mapping[str, Any]) -> ResourceServer:
    """Return the API that the assertion, the request or the tenant names, in this order."""
    tenant, named = request.tenant, claims.get("resource")
    audience = named if isinstance(named, str) else request.parameters.get("resource")
    api = find_api(tenant, request.base_url, audience)
    with tenant.trace.check("resource", sent=audience, is_api=api is not None):
        if api is None:
            raise InvalidRequest(
                "Missing required parameter: resource",
                hint="Neither the assertion nor the request names an API, and the tenant has no "
                "default audience. Send the identifier of the API as `resource`.",
            )
    return api


def _find_organization(
    request: GrantRequest, connection: Connection, user: User
) -> Organization | None:
    """Return the organization of a connection, if the client allows it and the user is a member."""
    tenant, usage = request.tenant, request.client.organization_usage
    found = next(iter(tenant.directory.organizations.find(CONNECTIONS, connection.name)), None)
    with tenant.trace.check("organization", usage=usage, of_connection=found and found.id):
        if found is None and usage == "require":
            raise InvalidRequest(
                REQUIRED,
                hint=f"Field `organization_usage` of client {request.client.client_id} is require, "
                f"but no organization has connection {connection.name}.",
            )
    if found is None or usage == "deny":
        return None
    if usage == "require":
        check_membership(tenant, found, user)
    return found if found.member(user.user_id) else None
