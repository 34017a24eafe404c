"""The response to a granted authorization request: code, access token and ID token.

There is one builder for all response types, for logins and for impersonation links.

Spec: RFC 6749 4.1.2 and 4.2.2; OpenID Connect Core 3.2.2.5 and 3.3.2.5.
Auth0: `id_token` comes last, except from an impersonation link (docs/fidelity.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from mockidp.flows.audience import granted_scope
from mockidp.flows.mfa.policy import reached_acr
from mockidp.flows.tokens.access_token import OPAQUE_TOKEN_LIFETIME, issue_access_token
from mockidp.flows.tokens.granted import Granted
from mockidp.flows.tokens.id_token import issue_id_token
from mockidp.flows.tokens.proof import check_proof
from mockidp.frozen import frozen, replace
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.legacy.pipeline import is_legacy, profile_attributes, with_id_token
from mockidp.protocol.oauth.response_mode import AuthorizationResponse, ResponseMode
from mockidp.protocol.oauth.response_type import CODE, ID_TOKEN, TOKEN
from mockidp.protocol.oauth.scope import OFFLINE_ACCESS, OPENID, make_scope
from mockidp.protocol.tokens.artifacts import (
    AuthorizationCode,
    AuthorizationRequest,
    ImpersonatedBy,
    Session,
)
from mockidp.resources.client import Client
from mockidp.resources.organization import Organization
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.user import User
from mockidp.tenant.journal.flow_index import CODE as CODE_ID
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut

ORDER = (
    "access_token", "scope", "expires_in", "token_type", "code", "state", "id_token",
)  # fmt: skip
LINK_ORDER = (
    "access_token", "id_token", "scope", "expires_in", "token_type", "code", "state",
)  # fmt: skip


@frozen
class Approval:
    """A request that is granted, and the user who logged in.

    Attributes:
        request: The request. For an impersonation link, it is made from the link.
        client: Its client.
        user: The user.
        api: The API of the access token; None for a token that is for /userinfo only.
        session: The browser's session, if there is one.
        organization: The organization that the user logged in to.
        extra_claims: Claims that the ID tokens get in addition.
        impersonated_by: The admin who opened an impersonation link.
        is_usable: If false, the response has the same shape, but its code and tokens are not valid.
    """

    request: AuthorizationRequest
    client: Client
    user: User
    api: ResourceServer | None
    session: Session | None = None
    organization: Organization | None = None
    extra_claims: Mapping[str, Any] = field(default_factory=dict)
    impersonated_by: ImpersonatedBy | None = None
    is_usable: bool = True


def make_authorization_response(
    tenant: Tenant, base_url: str, approval: Approval
) -> AuthorizationResponse:
    """Return the response to a granted request.

    Raises:
        InvalidRequest: The ID token is too large for a fragment.
    """
    request, granted = approval.request, grant(tenant, approval)
    response_type = request.response_type
    if is_legacy(approval.client, approval.api):
        response_type = with_id_token(response_type)
    words = response_type.split()
    code = _make_code(tenant) if CODE in words else None
    parameters = {} if code is None else {"code": code}
    # A refresh token never travels through the browser (OpenID Connect Core 11).
    in_browser = _without_refresh_token(granted) if words != [CODE] else granted
    if TOKEN in words:
        parameters |= _access_token(tenant, base_url, in_browser, usable=approval.is_usable)
    if ID_TOKEN in words and OPENID in granted.scope:
        parameters["id_token"] = issue_id_token(
            tenant,
            base_url,
            in_browser if approval.is_usable else _expire_id_tokens(in_browser),
            access_token=parameters.get("access_token"),
            code=code,
            alone=words == [ID_TOKEN],
        )
        _check_size(tenant, parameters["id_token"], request.response_mode)
        _advise_on_issuer(tenant, base_url)
    elif ID_TOKEN in words:
        tenant.trace.advise(
            "The answer has no `id_token`, because the scope does not contain openid."
        )
    if request.state is not None:
        parameters["state"] = request.state
    if code is not None and approval.is_usable:
        _store_code(tenant, code, request, granted)
    order = LINK_ORDER if approval.impersonated_by else ORDER
    return AuthorizationResponse(
        redirect_uri=request.redirect_uri,
        mode=request.response_mode,
        parameters={name: parameters[name] for name in order if name in parameters},
        relay=request.relay,
    )


def make_code_record(tenant: Tenant, approval: Approval) -> AuthorizationCode:
    """Return what a code for a granted request is exchanged for."""
    return _code_record(approval.request, grant(tenant, approval))


def grant(tenant: Tenant, approval: Approval) -> Granted:
    """Return what the tokens are made from."""
    request, client, user, by = (
        approval.request, approval.client, approval.user, approval.impersonated_by,
    )  # fmt: skip
    scope = granted_scope(
        tenant,
        client=client,
        user=user,
        api=approval.api,
        requested=request.scope,
        attributes=profile_attributes(user, by) if is_legacy(client, approval.api) else (),
        organization=approval.organization,
    )
    session = approval.session
    amr = session.amr if session else ()
    with_auth_time = (
        request.max_age is not None
        or "login" in request.prompt
        or "auth_time" in request.claims.id_token
    )
    return Granted(
        client=client,
        user=user,
        # The response to the code of an impersonation link has no refresh token.
        scope=_without_offline_access(scope) if by or _is_online(client, session) else scope,
        api=approval.api,
        nonce=request.nonce,
        sid=session.sid if session else None,
        auth_time=session.auth_time if session and with_auth_time else None,
        organization=approval.organization,
        amr=amr,
        acr=reached_acr(tenant, request, amr),
        claims=request.claims,
        extra_claims=approval.extra_claims,
        authorization_details=request.authorization_details,
        impersonated_by=by,
        front_channel=by is None,
        request=request.readable,
    )


def _is_online(client: Client, session: Session | None) -> bool:
    """Return whether the client gets no refresh token in a session that an app has handed over."""
    transferred = session is not None and session.is_transferred
    return transferred and not client.session_transfer.allow_refresh_token


def _make_code(tenant: Tenant) -> str:
    code = tenant.ids.code()
    tenant.trace.note(code=cut(code))
    tenant.trace.made(CODE_ID, code)
    return code


def _store_code(tenant: Tenant, text: str, request: AuthorizationRequest, granted: Granted) -> None:
    lifetime = tenant.settings.authorization_code_lifetime
    tenant.codes.put(text, _code_record(request, granted), expires_at=tenant.now() + lifetime)


def _code_record(request: AuthorizationRequest, granted: Granted) -> AuthorizationCode:
    return AuthorizationCode(
        client_id=request.client_id,
        user_id=granted.user.user_id,
        redirect_uri=request.redirect_uri,
        redirect_uri_sent=request.redirect_uri_sent,
        scope=granted.scope,
        requested_scope=request.scope,
        audience=request.audience,
        nonce=request.nonce,
        challenge=request.challenge,
        sid=granted.sid,
        auth_time=granted.auth_time,
        organization_id=granted.organization.id if granted.organization else None,
        amr=granted.amr,
        acr=granted.acr,
        claims=request.claims,
        extra_claims=granted.extra_claims,
        authorization_details=request.authorization_details,
        impersonated_by=granted.impersonated_by,
        request=request.readable,
        base_url=request.base_url,
    )


def _without_refresh_token(granted: Granted) -> Granted:
    return replace(granted, scope=_without_offline_access(granted.scope))


def _without_offline_access(scope: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in scope if one != OFFLINE_ACCESS)


def _access_token(
    tenant: Tenant, base_url: str, granted: Granted, *, usable: bool
) -> dict[str, str]:
    if usable:
        check_proof(tenant, granted.client, granted.api, None)
        token, expires_in = issue_access_token(tenant, base_url, granted)
    else:
        token, expires_in = tenant.ids.opaque_token(), OPAQUE_TOKEN_LIFETIME
    parameters = {"access_token": token}
    if granted.scope:
        parameters["scope"] = make_scope(granted.scope)
    return parameters | {"expires_in": str(expires_in), "token_type": "Bearer"}


def _advise_on_issuer(tenant: Tenant, base_url: str) -> None:
    """Warn once about ID tokens whose `iss` is the browser's URL, and not the app's."""
    settings = tenant.settings
    if settings.issuer or not settings.browser_url or settings.browser_url.rstrip("/") != base_url:
        return
    if tenant.advised.first_time("id_token", base_url):
        tenant.trace.advise(
            f"The `iss` of the ID token is {tenant.issuer(base_url)}, where the browser got it. An "
            "app that reads discovery at another URL refuses it. Let the app use "
            "response_type=code, or also set MOCKIDP_ISSUER (`issuer`) to the URL at which the app "
            "reads discovery."
        )


def _expire_id_tokens(granted: Granted) -> Granted:
    """Return a grant whose ID tokens have expired when they are made."""
    return replace(granted, client=_with_expired_id_tokens(granted.client))


def _with_expired_id_tokens(client: Client) -> Client:
    ended = replace(client.jwt_configuration, lifetime_in_seconds=-OPAQUE_TOKEN_LIFETIME)
    return replace(client, jwt_configuration=ended)


def _check_size(tenant: Tenant, id_token: str, mode: ResponseMode) -> None:
    size, limit = len(id_token), tenant.settings.fragment_id_token_limit
    with tenant.trace.check("id_token_size", size=size, mode=mode, limit=limit):
        if mode == "fragment" and size > limit:
            raise InvalidRequest(
                "The generated token is too large. Try with more specific scopes.",
                hint=f"The ID token has {size} characters, but a fragment takes at most {limit} "
                "(setting `fragment_id_token_limit`). Request fewer scopes, or use "
                "response_mode=form_post.",
            )
