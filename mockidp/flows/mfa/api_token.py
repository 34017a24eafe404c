"""Read the token of a request to Auth0's MFA API: an `mfa_token`, or an access token for the API.

Auth0: an access token for the audience `/mfa/` may also be sent as `mfa_token`.
"""

from __future__ import annotations

from mockidp.flows.hints.timestamps import clock_time
from mockidp.flows.hints.tokens import explain_access_token
from mockidp.flows.requests.other_domain import why_of_another_domain
from mockidp.flows.requests.own_url import is_own_url
from mockidp.flows.tokens.blacklist import why_blacklisted
from mockidp.frozen import frozen
from mockidp.protocol.errors.extension_error import ExpiredToken
from mockidp.protocol.errors.oauth_error import (
    InsufficientScope,
    InvalidGrant,
    InvalidToken,
    OAuthError,
)
from mockidp.protocol.mfa.records import MFA_API, MFA_TOKEN_LIFETIME, MfaTransaction
from mockidp.protocol.oauth.scope import parse_scope
from mockidp.protocol.tokens.jwt import InvalidJwt, expiry, verify
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut

MALFORMED = "Malformed mfa_token"


@frozen
class MfaCaller:
    """The user on whose behalf the MFA API is called.

    Attributes:
        token: The token.
        transaction: The login that waits for a second factor; for an access token, its grant.
        user: The user.
        has_access_token: Whether the token is an access token, and no `mfa_token`.
    """

    token: str
    transaction: MfaTransaction
    user: User
    has_access_token: bool


def read_mfa_token(tenant: Tenant, base_url: str, token: str) -> MfaCaller:
    """Return the caller whom a token identifies.

    Raises:
        OAuthError: The token is unknown, expired or for something else, or its user was deleted.
    """
    with tenant.trace.check("mfa_token", sent=cut(token)):
        is_jwt = not token.startswith("Fe26.2*") and "." in token
        if is_jwt:
            transaction = _read_access_token(tenant, base_url, token)
        else:
            transaction = _read_transaction(tenant, token)
        user = tenant.directory.user(transaction.user_id)
        if user is None:
            raise InvalidGrant(MALFORMED, hint=f"User {transaction.user_id} was deleted.")
    tenant.trace.note(user=user.user_id)
    return MfaCaller(token=token, transaction=transaction, user=user, has_access_token=is_jwt)


def read_bearer(
    tenant: Tenant,
    base_url: str,
    authorization: str | None,
    *,
    scope: str,
    accepts_mfa_token: bool = True,
) -> MfaCaller:
    """Return the caller of a request with a bearer token.

    Args:
        tenant: The tenant.
        base_url: The URL of the tenant at which the request came in.
        authorization: The header.
        scope: The scope that an access token needs.
        accepts_mfa_token: Whether an `mfa_token` is accepted in place of an access token.

    Raises:
        OAuthError: The token is missing or not accepted.
    """
    scheme, _, token = (authorization or "").partition(" ")
    is_bearer = scheme.lower() == "bearer" and bool(token.strip())
    with tenant.trace.check("authorization", is_bearer=is_bearer):
        if not is_bearer:
            raise InvalidToken(
                "Missing bearer token",
                hint="Send `Authorization: Bearer` with the `mfa_token` of the refused token "
                "request, or with an access token for the audience that ends in /mfa/.",
            )
    caller = read_mfa_token(tenant, base_url, token.strip())
    held = caller.transaction.scope if caller.has_access_token else None
    with tenant.trace.check("scope", of_token=held, needed=scope):
        if held is None and not accepts_mfa_token:
            raise InsufficientScope(
                f"Insufficient scope, expected any of: {scope}",
                hint="An `mfa_token` was sent, with which a user cannot remove factors. Send an "
                f"access token for the audience that ends in /mfa/, with scope {scope}.",
            )
        if held is not None and scope not in held:
            raise InsufficientScope(
                f"Insufficient scope, expected any of: {scope}",
                hint=f"The access token has no scope {scope}. Request it together with the "
                "audience that ends in /mfa/.",
            )
    return caller


def _read_transaction(tenant: Tenant, token: str) -> MfaTransaction:
    entry = tenant.mfa_transactions.history(token)
    if entry is None:
        raise InvalidGrant(
            MALFORMED,
            hint="This tenant never issued such an `mfa_token`, or issued it before a restart. "
            "Send the `mfa_token` of the answer with error mfa_required.",
        )
    if entry.taken_at is not None:
        raise used_mfa_token(entry.taken_at)
    if tenant.now() >= entry.expires_at:
        raise ExpiredToken(
            "mfa_token is expired",
            hint=f"The `mfa_token` expired at {clock_time(entry.expires_at)}, "
            f"{MFA_TOKEN_LIFETIME} seconds after it was issued. Send the token request again.",
        )
    transaction: MfaTransaction = entry.value
    return transaction


def used_mfa_token(at: float) -> OAuthError:
    """Return the refusal of an `mfa_token` that has been exchanged for tokens."""
    return InvalidGrant(
        MALFORMED,
        hint=f"The `mfa_token` was used at {clock_time(at)}. Each one gives tokens once.",
    )


def _read_access_token(tenant: Tenant, base_url: str, token: str) -> MfaTransaction:
    """Return the grant of an access token for the MFA API."""
    try:
        claims = verify(token, tenant.keys)
        expires_at = expiry(claims)
    except InvalidJwt as error:
        why = explain_access_token(tenant, token) or f"The access token is invalid. {error}"
        raise InvalidToken("Invalid token", hint=why) from None
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    found = next((one for one in audiences if is_own_url(tenant, base_url, one, MFA_API)), None)
    if found is None:
        raise InvalidToken(
            "Invalid token",
            hint=f"The token's audience is {audience!r}. Request a token with the audience "
            f"{base_url}{MFA_API}.",
        )
    if expires_at is None or tenant.now() >= expires_at:
        ended = "has no `exp`" if expires_at is None else f"expired at {clock_time(expires_at)}"
        raise InvalidToken("Invalid token", hint=f"The access token {ended}.")
    issuer = claims.get("iss")
    if why := why_of_another_domain(tenant, base_url, issuer) or why_blacklisted(tenant, claims):
        raise InvalidToken("Invalid token", hint=why)
    scope = parse_scope(str(claims.get("scope") or ""))
    return MfaTransaction(
        client_id=str(claims.get("azp") or ""),
        user_id=str(claims.get("sub")),
        scope=scope,
        requested_scope=scope,
        audience=str(found),
    )
