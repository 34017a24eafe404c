"""Read an authorization request. Each parameter that can be wrong has a check with its name.

Spec: RFC 6749 4.1.1; RFC 7636 4.3; OpenID Connect Core 3.1.2.1.
"""

from __future__ import annotations

from mockidp.flows.authorization.reply_to import ReplyTo
from mockidp.flows.sessions.id_token_hint import read_id_token_hint
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.authorization import parse_max_age, parse_prompt
from mockidp.protocol.oauth.claims_request import NO_CLAIMS, ClaimsRequest, parse_claims
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.oauth.pkce import CodeChallenge, parse_challenge
from mockidp.protocol.oauth.response_type import (
    ID_TOKEN,
    check_nonce,
    check_response_mode,
    parse_response_type,
)
from mockidp.protocol.oauth.scope import parse_scope
from mockidp.protocol.tokens.artifacts import AuthorizationRequest
from mockidp.protocol.tokens.custom_claim import readable_parameters
from mockidp.protocol.tokens.jwt import InvalidJwt
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut


def read_authorization_request(
    tenant: Tenant,
    base_url: str,
    parameters: Parameters,
    client: Client,
    reply_to: ReplyTo,
) -> AuthorizationRequest:
    """Return the request. Its client and redirect URI were checked before.

    Raises:
        OAuthError: A parameter is wrong. The error is sent to the redirect URI.
    """
    check, get = tenant.trace.check, parameters.get
    with check("response_mode", sent=get("response_mode"), used=reply_to.mode):
        check_response_mode(parameters)
    with check("response_type", sent=get("response_type"), grant_types=client.grant_types):
        response_type = parse_response_type(parameters, client)
    if ID_TOKEN in response_type.split():
        with check("nonce", sent=get("nonce"), response_type=response_type):
            check_nonce(parameters, response_type)
    with check("prompt", sent=get("prompt")):
        prompt = parse_prompt(parameters)
    with check("max_age", sent=get("max_age")):
        max_age = parse_max_age(parameters)
    claims = _read_claims(tenant, parameters)
    return AuthorizationRequest(
        client_id=client.client_id,
        redirect_uri=reply_to.redirect_uri,
        redirect_uri_sent=get("redirect_uri") is not None,
        response_type=response_type,
        response_mode=reply_to.mode,
        scope=parse_scope(get("scope")),
        audience=get("audience"),
        state=get("state"),
        nonce=get("nonce"),
        prompt=prompt,
        max_age=max_age,
        login_hint=get("login_hint"),
        acr_values=(*parse_scope(get("acr_values")), *claims.acr_values),
        claims=claims,
        subject=_read_subject(tenant, base_url, parameters, claims),
        connection=get("connection"),
        connection_scope=get("connection_scope"),
        ui_locales=tuple((get("ui_locales") or "").split()),
        challenge=_read_challenge(tenant, parameters),
        relay=reply_to.relay,
        readable=readable_parameters(parameters),
        base_url=base_url,
    )


def _read_claims(tenant: Tenant, parameters: Parameters) -> ClaimsRequest:
    """Return the requested claims. Auth0 has no such parameter."""
    if tenant.settings.profile == "auth0":
        return NO_CLAIMS
    with tenant.trace.check("claims", sent=parameters.get("claims")):
        return parse_claims(parameters)


def _read_subject(
    tenant: Tenant, base_url: str, parameters: Parameters, claims: ClaimsRequest
) -> str | None:
    """Return the user of `id_token_hint`, or the `sub` that `claims` requests."""
    hint = parameters.get("id_token_hint")
    if hint is None or tenant.settings.profile == "auth0":
        return claims.subject
    with tenant.trace.check("id_token_hint", sent=cut(hint), requested=claims.subject):
        try:
            subject = str(read_id_token_hint(tenant, base_url, hint).get("sub"))
        except InvalidJwt as error:
            raise InvalidRequest(
                "Invalid id_token_hint", hint=f"Parameter `id_token_hint` is invalid. {error}"
            ) from None
        if claims.subject not in (None, subject):
            raise InvalidRequest(
                "Invalid id_token_hint",
                hint=f"Parameter `id_token_hint` is for {subject}, but `claims` requests the `sub` "
                f"{claims.subject}. Send only one of them.",
            )
    return subject


def _read_challenge(tenant: Tenant, parameters: Parameters) -> CodeChallenge | None:
    sent = parameters.get("code_challenge")
    method = parameters.get("code_challenge_method")
    # A plain challenge is the verifier itself.
    with tenant.trace.check("code_challenge", sent=cut(sent), method=method):
        return parse_challenge(parameters)
