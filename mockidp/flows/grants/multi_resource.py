"""Choose the API and the scope of the access token for a refresh token.

Auth0: multi-resource refresh tokens. The client's `refresh_token.policies` add APIs and scopes to
those of the login. An audience that they do not name is ignored: the token is for the API of the
login, as if no audience had been sent.
"""

from __future__ import annotations

import re

from mockidp.flows.audience import check_user_access, find_api, granted_scope
from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.requests.own_url import is_own_url
from mockidp.frozen import frozen
from mockidp.protocol.errors.hint import join_hints
from mockidp.protocol.my_account import MY_ACCOUNT_API
from mockidp.protocol.oauth.authorization_details import Details
from mockidp.protocol.oauth.parameters import ONE_AUDIENCE
from mockidp.protocol.oauth.scope import OIDC_SCOPES, make_scope, parse_scope
from mockidp.protocol.tokens.artifacts import RefreshTokenFamily
from mockidp.resources.organization import Organization
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.user import User
from mockidp.tenant.directory import MANAGEMENT_PATH


@frozen
class TokenTarget:
    """API and scope of the access token."""

    api: ResourceServer | None
    scope: tuple[str, ...]
    authorization_details: Details = ()
    """Those of the login, whose API has the types."""


def choose_target(
    request: GrantRequest,
    family: RefreshTokenFamily,
    user: User,
    organization: Organization | None = None,
) -> TokenTarget:
    """Return the API and the scope of the new access token.

    Raises:
        OAuthError: The API of the login was removed, or the other API does not accept the client.
    """
    tenant, sent = request.tenant, request.parameters.get("audience")
    audience = family.audience
    with tenant.trace.check("policies", sent=sent, at_login=family.audience):
        if sent not in (None, family.audience):
            why = _why_ignored(request, str(sent))
            if why:
                tenant.trace.advise(_ignored(request, family, why))
            else:
                audience = sent
    tenant.trace.note(audience=audience)
    # A token of a login without an API was for /userinfo, whatever the default audience is.
    api = find_api(tenant, request.base_url, audience) if audience else None
    details: Details = ()
    if audience == family.audience:
        login_scope, details = family.scope, family.authorization_details
    else:
        check_user_access(tenant, request.client, api)
        login_scope = tuple(scope for scope in family.scope if scope in OIDC_SCOPES)
    allowed = (*login_scope, *_added_scope(request, user, api, organization))
    scope = _narrowed(request, tuple(dict.fromkeys(allowed)))
    return TokenTarget(api=api, scope=scope, authorization_details=details)


def _why_ignored(request: GrantRequest, audience: str) -> str:
    """Explain why the client's policies do not cover an audience; empty if they do."""
    client, api = request.client, _named_api(request, audience)
    if audience not in (one.audience for one in client.refresh_token.policies):
        several = ONE_AUDIENCE if re.search(r"[\s,]", audience) else ""
        unnamed = f"No entry of `refresh_token.policies` of client {client.client_id} names it."
        return join_hints(unnamed, several)
    if api is None or audience.endswith(MANAGEMENT_PATH):
        return "The tenant file has no such API that a policy can name."
    if not client.is_first_party:
        return f"Policies do not apply to client {client.client_id}, which is third-party."
    if not api.skip_consent_for_verifiable_first_party_clients:
        return "The API has `skip_consent_for_verifiable_first_party_clients: false`."
    return ""


def _named_api(request: GrantRequest, audience: str) -> ResourceServer | None:
    """Return an API that a policy can name: one of the tenant file, or the My Account API."""
    directory = request.tenant.directory
    if is_own_url(request.tenant, request.base_url, audience, MY_ACCOUNT_API):
        return directory.my_account_api(audience)
    return directory.apis.get(audience)


def _ignored(request: GrantRequest, family: RefreshTokenFamily, why: str) -> str:
    return (
        f"Audience {request.parameters.get('audience')!r} was ignored, as in Auth0. {why} The "
        f"access token is for {family.audience or '/userinfo'}, the audience of the login."
    )


def _added_scope(
    request: GrantRequest,
    user: User,
    api: ResourceServer | None,
    organization: Organization | None,
) -> tuple[str, ...]:
    """Return the scope that the client's policies add for an API."""
    if api is None or _why_ignored(request, api.identifier):
        return ()
    named = (
        scope
        for policy in request.client.refresh_token.policies
        if policy.audience == api.identifier
        for scope in policy.scope
    )
    return granted_scope(
        request.tenant,
        client=request.client,
        user=user,
        api=api,
        requested=tuple(named),
        organization=organization,
    )


def _narrowed(request: GrantRequest, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """Return the requested part of the allowed scope; by default all of it.

    Clients resend the scope of the login, including unknown scopes, so that is never an error.
    """
    requested = parse_scope(request.parameters.get("scope"))
    scope = tuple(one for one in allowed if one in requested) if requested else allowed
    request.tenant.trace.note(scope=make_scope(scope))
    return scope
