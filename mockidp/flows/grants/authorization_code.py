"""Exchange an authorization code for tokens.

Spec: RFC 6749 4.1.3; RFC 7636 4.6; OpenID Connect Core 3.1.3.
Auth0: any problem with a code is 403 "Invalid authorization code". If the redirect URI differs, the
error shows its origin only.
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.audience import find_api
from mockidp.flows.grants.code_reuse import revoke_tokens_of
from mockidp.flows.grants.request import GrantRequest
from mockidp.flows.hints.evicted import or_evicted
from mockidp.flows.hints.timestamps import clock_time
from mockidp.flows.hints.tokens import explain_code
from mockidp.flows.requests.other_domain import issuing_url
from mockidp.flows.tokens.granted import Granted
from mockidp.flows.tokens.issue import issue_tokens
from mockidp.protocol.errors.oauth_error import InvalidGrant, UnauthorizedClient
from mockidp.protocol.errors.refusal_texts import INVALID_CODE
from mockidp.protocol.errors.repair import find_damage
from mockidp.protocol.oauth.pkce import check_verifier
from mockidp.protocol.oauth.scope import make_scope
from mockidp.protocol.oauth.token_response import impersonation_token_response
from mockidp.protocol.tokens.artifacts import AuthorizationCode
from mockidp.protocol.tokens.custom_claim import readable_parameters
from mockidp.protocol.urls.origin import origin_of
from mockidp.resources.organization import Organization
from mockidp.resources.user import User
from mockidp.tenant.journal.flow_index import CODE
from mockidp.tenant.trace import cut


def exchange(request: GrantRequest) -> dict[str, Any]:
    """Return the tokens for a code. The first attempt of its client uses the code up."""
    code = _take_code(request)
    _check_redirect_uri(request, code)
    _check_code_verifier(request, code)
    user, settings = _find_user(request, code), request.tenant.settings
    text = request.parameters.get("code") if settings.profile == "oidc" else None
    return issue_for_code(request, code, user, text=text)


def issue_for_code(
    request: GrantRequest, code: AuthorizationCode, user: User, *, text: str | None = None
) -> dict[str, Any]:
    """Return the tokens for a code, with the issuer of the domain at which its login began.

    `text` is the code itself, if its reuse revokes them.
    """
    base_url = issuing_url(request, code.base_url)
    by = code.impersonated_by
    api = (
        find_api(request.tenant, base_url, code.audience)
        if by is None or request.tenant.settings.impersonation.honour_audience
        else None
    )
    granted = Granted(
        client=request.client,
        user=user,
        scope=code.scope,
        api=api,
        nonce=code.nonce,
        sid=code.sid,
        auth_time=code.auth_time,
        organization=_find_organization(request, code),
        amr=code.amr,
        acr=code.acr,
        claims=code.claims,
        extra_claims=code.extra_claims,
        authorization_details=code.authorization_details,
        code=text,
        impersonated_by=by,
        request={**code.request, **readable_parameters(request.parameters)},
        certificate=request.certificate,
    )
    body = issue_tokens(request.tenant, base_url, granted, requested=code.requested_scope)
    return body if by is None else impersonation_token_response(body)


def _take_code(request: GrantRequest) -> AuthorizationCode:
    codes, sent = request.tenant.codes, request.parameters.get("code")
    with request.tenant.trace.check("code", sent=cut(sent), client=request.client.client_id):
        text = request.parameters.require("code")
        request.tenant.trace.used(CODE, text)
        known = codes.get(text)
        if known is not None:
            _check_client(request, known)
        code = codes.take(text)
        if code is None:
            revoked = revoke_tokens_of(request.tenant, text)
            raise InvalidGrant(INVALID_CODE, hint=_explain_invalid_code(request, text) + revoked)
    return code


def _check_client(request: GrantRequest, code: AuthorizationCode) -> None:
    _note(request, code)
    if code.client_id != request.client.client_id:
        raise InvalidGrant(
            INVALID_CODE,
            hint=f"The code was issued to client {code.client_id}, but client "
            f"{request.client.client_id} sent it.",
        )


def _note(request: GrantRequest, code: AuthorizationCode) -> None:
    request.tenant.trace.note(
        user=code.user_id,
        pkce=code.challenge.method if code.challenge else None,
        nonce=code.nonce is not None,
        scope=make_scope(code.scope),
        impersonator=code.impersonated_by.user_id if code.impersonated_by else None,
    )


def _explain_invalid_code(request: GrantRequest, text: str) -> str:
    entry = request.tenant.codes.history(text)
    if entry is None:
        return explain_code(request.tenant, text) or (
            "This tenant never issued such a code. It was issued by another server or before a "
            "restart, or was cut off or changed on the way."
            + or_evicted(request.tenant, request.tenant.codes)
        )
    if entry.taken_at is not None:
        return f"The code was already used at {clock_time(entry.taken_at)}. A code works only once."
    return (
        f"The code expired at {clock_time(entry.expires_at)}. Its lifetime is "
        f"{request.tenant.settings.authorization_code_lifetime} s "
        "(setting `authorization_code_lifetime`)."
    )


def _check_redirect_uri(request: GrantRequest, code: AuthorizationCode) -> None:
    """Compare the redirect URIs if the authorization request had one (RFC 6749 4.1.3)."""
    sent, expected = request.parameters.get("redirect_uri"), code.redirect_uri
    with request.tenant.trace.check("redirect_uri", sent=sent, at_authorize=expected):
        if sent == expected or (sent is None and not code.redirect_uri_sent):
            return
        raise UnauthorizedClient(
            "The redirect URI is wrong. You sent "
            f"{origin_of(sent) if sent else 'null'}, and we expected {origin_of(expected)}",
            hint=f"Parameter `redirect_uri` is {sent!r} here, but was {expected!r} at /authorize. "
            + _difference(sent, expected),
        )


def _difference(sent: str | None, expected: str) -> str:
    damage = find_damage(sent or "", lambda one: one == expected)
    return f"It {damage}." if damage else "The two must be identical."


def _check_code_verifier(request: GrantRequest, code: AuthorizationCode) -> None:
    sent = request.parameters.get("code_verifier")
    method = code.challenge.method if code.challenge else None
    with request.tenant.trace.check("code_verifier", sent=cut(sent), method=method):
        check_verifier(code.challenge, sent)


def _find_user(request: GrantRequest, code: AuthorizationCode) -> User:
    user = request.tenant.directory.user(code.user_id)
    with request.tenant.trace.check("user", user=code.user_id):
        if user is None:
            raise InvalidGrant(INVALID_CODE, hint=f"User {code.user_id} was deleted.")
    return user


def _find_organization(request: GrantRequest, code: AuthorizationCode) -> Organization | None:
    wanted = code.organization_id
    organization = request.tenant.directory.organization(wanted)
    if wanted is None:
        return None
    request.tenant.trace.note(organization=wanted)
    with request.tenant.trace.check("organization", of_code=wanted):
        if organization is None:
            raise InvalidGrant(INVALID_CODE, hint=f"Organization {wanted} was deleted.")
    return organization
