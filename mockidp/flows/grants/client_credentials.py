"""Issue a token to a client that acts for itself, or the global client's token for the API v1.

Spec: RFC 6749 4.4.
Auth0: a request without an audience is for a v1 token, which only the global client may get.
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.audience import UnknownAudience, find_api, not_authorized
from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.hints.known import HIGH_LIKENESS, did_you_mean
from mockidp.flows.hints.scopes import advise_on_scope
from mockidp.flows.organizations.client_access import organization_of_client
from mockidp.flows.tokens.access_token import OPAQUE_TOKEN_LIFETIME, sign_access_token
from mockidp.flows.tokens.proof import check_proof
from mockidp.protocol.errors.hint import join_hints
from mockidp.protocol.errors.oauth_error import AccessDenied
from mockidp.protocol.oauth.scope import make_scope, parse_scope
from mockidp.protocol.oauth.token_response import api_v1_token_response, token_response
from mockidp.protocol.tokens.artifacts import OpaqueToken
from mockidp.protocol.tokens.custom_claim import readable_parameters
from mockidp.resources.client_grant import ClientGrant
from mockidp.resources.resource_server import ResourceServer
from mockidp.tenant.journal.flow_index import API_V1_TOKEN


def exchange(request: GrantRequest) -> dict[str, Any]:
    """Return an access token for an API, or for the Management API v1."""
    audience = request.parameters.get("audience")
    if audience is None and _may_use_api_v1(request):
        organization_of_client(request.tenant, request.client, request.parameters, None)
        return _issue_api_v1_token(request)
    api = _find_api(request, audience)
    tenant, client = request.tenant, request.client
    grant = tenant.directory.client_grant(client, api, subject_type="client")
    scope = _granted_scope(request, api, grant)
    organization = organization_of_client(tenant, client, request.parameters, grant)
    tenant.trace.note(scope=make_scope(scope))
    check_proof(tenant, client, api, request.certificate)
    token = sign_access_token(
        tenant,
        request.base_url,
        client=client,
        subject=f"{client.client_id}@clients",
        api=api,
        scope=scope,
        gty=("client-credentials",),
        permissions=scope,
        lifetime=api.token_lifetime,
        request=readable_parameters(request.parameters),
        organization=organization,
        certificate=request.certificate,
    )
    return token_response(
        access_token=token, expires_in=api.token_lifetime, scope=make_scope(scope) or None
    )


def _find_api(request: GrantRequest, audience: str | None) -> ResourceServer:
    try:
        api = find_api(request.tenant, request.base_url, audience)
    except UnknownAudience as error:
        raise AccessDenied(
            f"Service not enabled within domain: {error.audience}", hint=error.hint
        ) from None
    is_global = request.client.is_global
    with request.tenant.trace.check("audience", sent=audience, is_global=is_global):
        if api is None:
            raise _no_api(request)
    return api


def _may_use_api_v1(request: GrantRequest) -> bool:
    flags = request.tenant.directory.configuration.tenant.flags
    return request.client.is_global or flags.allow_api1_non_global_clients


def _issue_api_v1_token(request: GrantRequest) -> dict[str, str]:
    tenant, token = request.tenant, request.tenant.ids.opaque_token()
    tenant.opaque_tokens.put(
        token,
        OpaqueToken(kind="api_v1", client_id=request.client.client_id),
        expires_at=tenant.now() + OPAQUE_TOKEN_LIFETIME,
    )
    claims = {"client_id": request.client.client_id, "for": "Management API v1"}
    tenant.trace.issued("access_token", {}, claims)
    tenant.trace.made(API_V1_TOKEN, token)
    return api_v1_token_response(token)


def _no_api(request: GrantRequest) -> AccessDenied:
    if request.parameters.get("audience") is not None:
        return AccessDenied(
            f"Service not enabled within domain: {request.parameters.get('audience')}",
            hint="Endpoint /userinfo accepts only tokens of users. Send the audience of the API "
            "that the client calls.",
        )
    known = request.tenant.directory.global_client
    name = known.client_id if known else "an entry of `clients` with `global: true`"
    why = request.parameters.why_absent("audience")
    misspelt = f"{why} " if why else ""
    return AccessDenied(
        "Non-global clients are not allowed access to APIv1",
        hint=f"{misspelt}No audience was sent, which requests a Management API v1 token, but "
        f"client {request.client.client_id} is not the global client ({name}). Send the audience "
        "of the API that is called, or the global client's credentials.",
    )


def _granted_scope(
    request: GrantRequest, api: ResourceServer, grant: ClientGrant | None
) -> tuple[str, ...]:
    """Return the requested scope, or all of the client grant's.

    Raises:
        AccessDenied: There is no client grant, or it does not have a requested scope.
    """
    directory, client = request.tenant.directory, request.client
    requested = parse_scope(request.parameters.get("scope"))
    policy = api.subject_type_authorization.client.policy
    if (policy == "allow_all" and not client.is_strict) or directory.is_made_up(client, api):
        advise_on_scope(request.tenant, client, api, requested)
        defined = tuple(scope for scope in requested if directory.defines(api, scope))
        return defined if requested else api.scope_values
    check = request.tenant.trace.check
    with check("client_grant", policy=policy, found=grant is not None):
        if grant is None or policy == "deny_all":
            raise AccessDenied(
                not_authorized(client, api),
                hint=f"No client grant connects client {client.client_id} and API "
                f"{api.identifier} (client policy {policy}). Add one to the tenant file.",
            )
    allowed = api.scope_values if grant.allow_all_scopes else grant.scope
    with check("scope", requested=requested, allowed=allowed):
        missing = [scope for scope in requested if scope not in allowed]
        if missing:
            raise AccessDenied(
                f"Client has not been granted scopes: {', '.join(missing)}",
                hint=join_hints(
                    f"The client grant of client {client.client_id} for API {api.identifier} has "
                    f"{_name_scopes(allowed)}.",
                    _suggest(missing[0], allowed),
                ),
            )
    return requested or allowed


def _name_scopes(scopes: tuple[str, ...]) -> str:
    return f"the scopes {', '.join(scopes)}" if scopes else "no scopes"


def _suggest(scope: str, allowed: tuple[str, ...]) -> str:
    if "," in scope:
        return "Scopes are separated by spaces, not commas."
    return did_you_mean(scope, allowed, likeness=HIGH_LIKENESS)
