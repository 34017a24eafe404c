"""Answers to authorization requests: code, access token and ID token, in Auth0's order.

Used by /authorize, the resumed login, `sign_in_as` and impersonation links.

Spec: RFC 6749 4.1.2 and 4.2.2; OpenID Connect Core 3.2.2.5 and 3.3.2.5.
Auth0: `id_token` comes last, except from an impersonation link (docs/fidelity.md).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from mockidp.flows.tokens.issue import (
    OPAQUE_TOKEN_LIFETIME,
    Granted,
    issue_access_token,
    issue_id_token,
)
from mockidp.protocol.artifacts import AuthorizationCode, AuthorizationRequest, Relay
from mockidp.protocol.oauth_error import InvalidRequest, OAuthError
from mockidp.protocol.response_mode import AuthorizationResponse, ResponseMode
from mockidp.protocol.response_type import CODE, ID_TOKEN, TOKEN
from mockidp.protocol.scope import OFFLINE_ACCESS, OPENID, make_scope
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut

ORDER = (
    "access_token", "scope", "expires_in", "token_type", "code", "state", "id_token",
)  # fmt: skip
LINK_ORDER = (
    "access_token", "id_token", "scope", "expires_in", "token_type", "code", "state",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplyTo:
    """Where an answer goes, and how."""

    redirect_uri: str
    mode: ResponseMode
    state: str | None
    relay: Relay | None = None


def make_authorization_response(
    tenant: Tenant,
    base_url: str,
    *,
    response_type: str,
    reply_to: ReplyTo,
    granted: Granted,
    code: AuthorizationCode,
    order: tuple[str, ...] = ORDER,
    usable: bool = True,
) -> AuthorizationResponse:
    """Return the answer to a granted request.

    Args:
        tenant: The tenant.
        base_url: Where the request came in.
        response_type: In its canonical word order.
        reply_to: Where the answer goes.
        granted: What the tokens in the answer are made from.
        code: What the code, if there is one, will be exchanged for.
        order: The order of the parameters.
        usable: False makes an answer of the same shape in which nothing can be used.

    Raises:
        InvalidRequest: The ID token is too large for a fragment.
    """
    words = response_type.split()
    # A refresh token never travels through the browser (OpenID Connect Core 11).
    granted = replace(granted, scope=tuple(one for one in granted.scope if one != OFFLINE_ACCESS))
    code_text = _make_code(tenant) if CODE in words else None
    parameters = {} if code_text is None else {"code": code_text}
    if TOKEN in words:
        parameters |= _access_token(tenant, base_url, granted, usable=usable)
    if ID_TOKEN in words and OPENID in granted.scope:
        parameters["id_token"] = issue_id_token(
            tenant,
            base_url,
            granted if usable else _expired(granted),
            access_token=parameters.get("access_token"),
            code=code_text,
            alone=words == [ID_TOKEN],
        )
        _check_size(tenant, parameters["id_token"], reply_to.mode)
        _advise_on_issuer(tenant, base_url)
    elif ID_TOKEN in words:
        tenant.trace.advise(
            "there is no id_token in the answer, because scope does not contain openid"
        )
    if reply_to.state is not None:
        parameters["state"] = reply_to.state
    if code_text is not None and usable:
        expires_at = tenant.now() + tenant.settings.authorization_code_lifetime
        tenant.codes.put(code_text, code, expires_at=expires_at)
    return AuthorizationResponse(
        redirect_uri=reply_to.redirect_uri,
        mode=reply_to.mode,
        parameters={name: parameters[name] for name in order if name in parameters},
        relay=reply_to.relay,
    )


def error_response(error: OAuthError, reply_to: ReplyTo) -> AuthorizationResponse:
    """Return an error on its way to the client."""
    parameters = {"error": error.error, "error_description": error.description}
    if reply_to.state is not None:
        parameters["state"] = reply_to.state
    return AuthorizationResponse(
        redirect_uri=reply_to.redirect_uri,
        mode=reply_to.mode,
        parameters=parameters,
        refusal=error,
        relay=reply_to.relay,
    )


def reply_to_request(request: AuthorizationRequest) -> ReplyTo:
    """Return where an authorization request is answered."""
    return ReplyTo(
        redirect_uri=request.redirect_uri,
        mode=request.response_mode,
        state=request.state,
        relay=request.relay,
    )


def _make_code(tenant: Tenant) -> str:
    code = tenant.ids.code()
    tenant.trace.note(code=cut(code))
    return code


def _access_token(
    tenant: Tenant, base_url: str, granted: Granted, *, usable: bool
) -> dict[str, str]:
    if usable:
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
    if tenant.once_log.first_time("id_token", base_url):
        tenant.trace.advise(
            f"the ID token's iss is {tenant.issuer(base_url)}, where the browser got it; an app "
            "that reads discovery at another URL refuses it: let the app use response_type=code, "
            "or also set MOCKIDP_ISSUER (issuer) to the URL at which the app reads discovery"
        )


def _expired(granted: Granted) -> Granted:
    """Return a grant whose ID tokens have expired when they are made."""
    return replace(granted, client=_without_time(granted.client))


def _without_time(client: Client) -> Client:
    ended = replace(client.jwt_configuration, lifetime_in_seconds=-OPAQUE_TOKEN_LIFETIME)
    return replace(client, jwt_configuration=ended)


def _check_size(tenant: Tenant, id_token: str, mode: ResponseMode) -> None:
    size, limit = len(id_token), tenant.settings.fragment_id_token_limit
    with tenant.trace.check("id_token_size", size=size, mode=mode, limit=limit):
        if mode == "fragment" and size > limit:
            raise InvalidRequest(
                "The generated token is too large. Try with more specific scopes.",
                hint=f"the ID token has {size} characters, and a fragment takes at most {limit} "
                "(setting fragment_id_token_limit): request fewer scopes, or use "
                "response_mode=form_post",
            )
