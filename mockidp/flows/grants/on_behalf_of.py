"""Exchange an access token for one of another API, on behalf of the same user.

Spec: RFC 8693 2 and 4.1.
Auth0: On-Behalf-Of Token Exchange. The client is the service of the API that the access token is
for, and the claim `act` lists the clients that the user's request went through
(docs/fidelity.md, "/oauth/token").
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.audience import check_user_access, find_api, granted_scope
from mockidp.flows.exchange.subject_access_token import SubjectAccessToken, read_subject_token
from mockidp.flows.grants.consent import check_consent
from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.grants.user_login import check_not_blocked, require
from mockidp.flows.hints.scopes import advise_on_scope
from mockidp.flows.organizations.membership import check_membership
from mockidp.flows.tokens.granted import Granted
from mockidp.flows.tokens.issue import issue_tokens
from mockidp.protocol.errors.oauth_error import AccessDenied, InvalidRequest, UnauthorizedClient
from mockidp.protocol.oauth.scope import OFFLINE_ACCESS, OIDC_SCOPES, parse_scope
from mockidp.protocol.tokens.custom_claim import readable_parameters
from mockidp.protocol.tokens.token_exchange import ACCESS_TOKEN, INVALID_TYPES, NOT_ALLOWED
from mockidp.resources.client import Client
from mockidp.resources.organization import Organization
from mockidp.resources.resource_server import ResourceServer
from mockidp.tenant.tenant import Tenant

_KIND = "on_behalf_of_token_exchange"
_MAX_ACTORS = 4
"""The longest chain of actors in a subject token is one less."""


def exchange(request: GrantRequest) -> dict[str, Any]:
    """Return an access token for another API, for the user of the subject token."""
    tenant, client = request.tenant, request.client
    subject_token = require(request, "subject_token")
    _check_types(request)
    own_api = _find_own_api(tenant, client)
    audience = require(request, "audience")
    subject = read_subject_token(tenant, request.base_url, own_api, subject_token)
    check_not_blocked(request, subject.user)
    actor = _extend_chain(tenant, client, subject)
    api = _find_downstream_api(request, audience)
    organization = _find_organization(tenant, subject)
    check_user_access(tenant, client, api)
    check_consent(request, api)
    requested = parse_scope(request.parameters.get("scope"))
    granted = Granted(
        client=client,
        user=subject.user,
        scope=_grant_scope(request, subject, api, organization, requested),
        api=api,
        organization=organization,
        actor=actor,
        request=readable_parameters(request.parameters),
        certificate=request.certificate,
    )
    body = issue_tokens(tenant, request.base_url, granted, requested=requested)
    return body | {"issued_token_type": ACCESS_TOKEN}


def _check_types(request: GrantRequest) -> None:
    """Check that an access token is requested, and name parameters that have no effect."""
    tenant, wanted = request.tenant, request.parameters.get("requested_token_type")
    with tenant.trace.check("requested_token_type", sent=wanted, needed=ACCESS_TOKEN):
        if wanted != ACCESS_TOKEN:
            sent = f"is {wanted[:100]}" if wanted else "is missing"
            raise InvalidRequest(
                INVALID_TYPES,
                hint=f"Parameter `requested_token_type` {sent}. Send {ACCESS_TOKEN}, which an "
                "exchange of an access token needs.",
            )
    for name in ("actor_token", "organization"):
        if request.parameters.get(name) is not None:
            tenant.trace.advise(
                f"Parameter `{name}` has no effect in an exchange of an access token: the client "
                "is the actor, and the organization is that of the access token."
            )


def _find_own_api(tenant: Tenant, client: Client) -> ResourceServer:
    """Return the API whose service a client is.

    Raises:
        UnauthorizedClient: The client may not exchange access tokens.
    """
    identifier = client.resource_server_identifier
    api = tenant.directory.api(identifier, is_management=False) if identifier else None
    with tenant.trace.check("token_exchange", client=client.client_id, api=identifier):
        why = _why_not(client, api)
        if api is None or why:
            raise UnauthorizedClient(NOT_ALLOWED.format(_KIND), hint=why)
    return api


def _why_not(client: Client, api: ResourceServer | None) -> str:
    """Explain why a client may not exchange access tokens; empty if it may."""
    allowed = client.token_exchange.allow_any_profile_of_type if client.token_exchange else ()
    if _KIND not in allowed:
        return (
            f"Client {client.client_id} may not exchange access tokens. Set its "
            f"`token_exchange.allow_any_profile_of_type` to [{_KIND}] in the tenant file."
        )
    if client.app_type != "resource_server":
        return (
            f"Client {client.client_id} has the `app_type` {client.app_type or 'regular_web'}. "
            "Only the client of an API, with `app_type: resource_server`, exchanges access tokens "
            "on behalf of their users."
        )
    if api is None:
        return (
            f"The `resource_server_identifier` of client {client.client_id} is not an API. Set it "
            "to the identifier of the API whose service the client is."
        )
    if client.is_public:
        return f"Client {client.client_id} is public. Auth0 requires a client that authenticates."
    return ""


def _extend_chain(tenant: Tenant, client: Client, subject: SubjectAccessToken) -> dict[str, Any]:
    """Return the claim `act`: the client, in front of the actors in the subject token."""
    depth, actor = 0, subject.actor
    while isinstance(actor, dict):
        depth, actor = depth + 1, actor.get("act")
    with tenant.trace.check("act", depth=depth, limit=_MAX_ACTORS):
        if depth >= _MAX_ACTORS:
            raise InvalidRequest(
                "Delegation chain (`act` claim) depth exceeds the maximum allowed limit of "
                f"{_MAX_ACTORS}",
                hint=f"The claim `act` of the subject token has {depth} levels, and each exchange "
                "adds one. Call fewer services in a row, or let one of them exchange an earlier "
                "token.",
            )
    return {"sub": client.client_id, "act": subject.actor or {"sub": subject.client_id}}


def _find_downstream_api(request: GrantRequest, audience: str) -> ResourceServer:
    api = find_api(request.tenant, request.base_url, audience)
    with request.tenant.trace.check("audience", sent=audience, is_api=api is not None):
        if api is None:
            raise AccessDenied(
                f"Service not found: {audience}",
                hint="The audience is /userinfo, which accepts the user's own access token. Send "
                "the identifier of the API that is called next.",
            )
    return api


def _find_organization(tenant: Tenant, subject: SubjectAccessToken) -> Organization | None:
    """Return the organization of the subject token, of which the user is still a member."""
    if subject.organization_id is None:
        return None
    found = tenant.directory.organization(subject.organization_id)
    with tenant.trace.check("organization", of_token=subject.organization_id):
        if found is None:
            raise InvalidRequest(
                "parameter organization is invalid",
                hint=f"The `org_id` of the subject token is {subject.organization_id[:100]}, but "
                "no organization has this id any more.",
            )
    check_membership(tenant, found, subject.user)
    return found


def _grant_scope(
    request: GrantRequest,
    subject: SubjectAccessToken,
    api: ResourceServer,
    organization: Organization | None,
    requested: tuple[str, ...],
) -> tuple[str, ...]:
    """Return the scope of the API: the requested one, or by default everything the user may do.

    The OpenID scopes are left out, because only an access token is issued.
    """
    tenant, client = request.tenant, request.client
    left_out = [one for one in requested if one in OIDC_SCOPES or one == OFFLINE_ACCESS]
    if left_out:
        tenant.trace.advise(
            f"Scope {' '.join(left_out)} was not granted: an exchange of an access token issues "
            "neither an ID token nor a refresh token."
        )
    of_api = tuple(one for one in requested if one not in left_out)
    advise_on_scope(tenant, client, api, of_api)
    known = tenant.directory.apis.get(api.identifier, api)
    return granted_scope(
        tenant,
        client=client,
        user=subject.user,
        api=api,
        requested=of_api if requested else tuple(known.scope_values),
        organization=organization,
    )
