"""Log a user out everywhere, for the identity provider of the user's connection.

Spec: draft-parecki-oauth-global-token-revocation.
Auth0: Universal Logout, for connections to Okta (docs/fidelity.md, "Universal Logout").
"""

from __future__ import annotations

from urllib.parse import unquote

from mockidp.flows.exchange.identity_provider import find_user_of_provider, why_no_user
from mockidp.flows.hints.known import list_known
from mockidp.flows.requests.own_url import is_own_url
from mockidp.flows.sessions.session import end_sessions_of, revoke_refresh_tokens_of
from mockidp.protocol.clients.assertion import UsedAssertion
from mockidp.protocol.clients.keys import verify_with_pem
from mockidp.protocol.errors.oauth_error import InvalidRequest, InvalidToken, NotFound
from mockidp.protocol.login.identity_provider import UNIVERSAL_LOGOUT_STRATEGIES, IdentityProvider
from mockidp.protocol.logout.global_revocation import AUTH_METHOD, PATH, check_claims, parse_subject
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.tokens.jwt import InvalidJwt, decode
from mockidp.resources.connection import Connection
from mockidp.resources.unsupported import look_up
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut

_SAML_ISSUER, _SAML_SUBJECT = "global_token_revocation_jwt_iss", "global_token_revocation_jwt_sub"


def revoke_globally(
    tenant: Tenant, base_url: str, name: str, token: str | None, body: Parameters
) -> None:
    """End all sessions of a user, and revoke the user's refresh tokens.

    Args:
        tenant: The tenant.
        base_url: The URL of the tenant at which the request came in.
        name: The name of the connection.
        token: The JWT with which the identity provider authenticates.
        body: The body of the request.

    Raises:
        OAuthError: The identity provider is not authenticated, or the user is not known.
    """
    connection = _find_connection(tenant, name)
    provider = _authenticate(tenant, base_url, connection, token)
    with tenant.trace.check("subject", issuer=provider.issuer):
        issuer, subject = parse_subject(body.raw())
        is_known = issuer == provider.issuer
        user = find_user_of_provider(tenant, connection, subject) if is_known else None
        if user is None:
            raise NotFound("User not found", hint=_why_unknown(connection, provider, issuer))
    tenant.trace.note(user=user.user_id)
    end_sessions_of(tenant, user.user_id, "idp-logout")
    revoke_refresh_tokens_of(tenant, user.user_id)


def _find_connection(tenant: Tenant, name: str) -> Connection:
    connection = tenant.directory.connection(name)
    strategy = connection.strategy if connection else None
    with tenant.trace.check("connection", sent=name, strategy=strategy):
        if connection is None:
            known = list_known("connections", name, tenant.directory.connections)
            raise NotFound("Not Found", hint=f"No connection has the name {name[:100]!r}. {known}")
        if strategy not in UNIVERSAL_LOGOUT_STRATEGIES:
            raise InvalidRequest(
                "Invalid connection",
                hint=f"Connection {name} has the strategy {strategy}. Auth0 supports Universal "
                f"Logout for {', '.join(sorted(UNIVERSAL_LOGOUT_STRATEGIES))}.",
            )
    return connection


def _authenticate(
    tenant: Tenant, base_url: str, connection: Connection, token: str | None
) -> IdentityProvider:
    with tenant.trace.check("assertion", sent=cut(token), needed=AUTH_METHOD):
        if not token:
            raise InvalidRequest(
                "Missing authentication",
                hint="The request has no bearer token. The identity provider sends a JWT that it "
                "has signed.",
            )
        try:
            return _verify(tenant, base_url, connection, token)
        except InvalidJwt as error:
            raise InvalidToken(
                "Unauthorized", hint=f"The JWT of the identity provider was refused. {error}"
            ) from None


def _verify(tenant: Tenant, base_url: str, connection: Connection, token: str) -> IdentityProvider:
    providers = tenant.settings.identity_providers
    provider = next((one for one in providers if one.connection == connection.name), None)
    if provider is None:
        raise InvalidJwt(
            f"No entry of `mockidp.identity_providers` has the key of connection {connection.name}."
        )
    typ = decode(token)[0].get("typ")
    if typ != AUTH_METHOD:
        raise InvalidJwt(f"Its `typ` is {typ!r:.100} instead of {AUTH_METHOD}.")
    claims = verify_with_pem(provider.key, token)
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    path = PATH + connection.name
    if not any(is_own_url(tenant, base_url, unquote(str(one)), path) for one in audiences):
        raise InvalidJwt(f"Its `aud` is {audience!r:.200}. It has to be this endpoint's URL.")
    options = connection.options.extra
    jti, expires_at = check_claims(
        claims,
        issuer=look_up(options, _SAML_ISSUER) or provider.issuer,
        subject=look_up(options, _SAML_SUBJECT) or look_up(options, "client_id"),
        now=tenant.now(),
    )
    used = UsedAssertion(client_id=None, used_at=tenant.now())
    key = f"identity provider {connection.name} {jti}"
    if not tenant.used_assertions.swap(key, None, used, expires_at=expires_at):
        raise InvalidJwt("A JWT with this `jti` was used before. Make a new one each time.")
    return provider


def _why_unknown(connection: Connection, provider: IdentityProvider, issuer: str) -> str:
    if issuer != provider.issuer:
        return f"The `iss` of the subject is {issuer[:100]}, but the issuer is {provider.issuer}."
    return why_no_user(connection)
