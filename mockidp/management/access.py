"""Check the access token of a call of one of Auth0's own APIs, and its scopes.

Auth0: a JWT for the API `https://HOST/api/v2/`, of a client or of a user, or for `https://HOST/me/`.
Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Collection

from mockidp.flows.hints.timestamps import clock_time
from mockidp.flows.hints.tokens import explain_access_token
from mockidp.flows.requests.other_domain import why_of_another_domain
from mockidp.flows.requests.own_url import is_own_url
from mockidp.flows.tokens.blacklist import why_blacklisted
from mockidp.frozen import frozen
from mockidp.management.refusals import InvalidApiToken, insufficient_scope
from mockidp.protocol.my_account import MY_ACCOUNT_API
from mockidp.protocol.oauth.scope import parse_scope
from mockidp.protocol.tokens.jwt import InvalidJwt, expiry, verify
from mockidp.tenant.directory import MANAGEMENT_PATH
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut

_EXPIRED = "Expired token received for JSON Web Token validation"


@frozen(kw_only=False)
class OwnApi:
    """One of Auth0's APIs.

    Attributes:
        name: Its name in the trace.
        path: The end of its audience, such as `/api/v2/`.
    """

    name: str
    path: str


MANAGEMENT = OwnApi("Management API v2", MANAGEMENT_PATH)
MY_ACCOUNT = OwnApi("My Account API", MY_ACCOUNT_API)


@frozen(kw_only=False)
class Caller:
    """Who calls: a client, on behalf of a user or for itself."""

    client_id: str
    scopes: frozenset[str]
    user_id: str | None = None

    def may(self, *scopes: str) -> bool:
        """Return whether the token has one of some scopes."""
        return not self.scopes.isdisjoint(scopes)


def read_caller(
    tenant: Tenant, api: OwnApi, url: str, token: str | None, *, why_absent: str
) -> Caller:
    """Return the caller of an operation.

    Args:
        tenant: The tenant.
        api: The API.
        url: The URL of the tenant at which the call came in.
        token: The access token, if there is one.
        why_absent: Why the request has no token, for the hint.

    Raises:
        ApiRefusal: 401, because there is no valid token.
    """
    with tenant.trace.check("access_token", sent=cut(token), needed=api.name):
        caller = _read(tenant, api, url, token, why_absent)
    tenant.trace.note(client=caller.client_id, user=caller.user_id)
    return caller


def check_scopes(tenant: Tenant, caller: Caller, needed: Collection[str]) -> None:
    """Check that a caller has one of some scopes.

    Raises:
        ApiRefusal: 403, because the caller has none of them.
    """
    with tenant.trace.check("scope", of_token=sorted(caller.scopes), needed=tuple(needed)):
        if not caller.may(*needed):
            raise insufficient_scope(needed, hint=_how_to_get(caller, needed))


def _read(tenant: Tenant, api: OwnApi, url: str, token: str | None, why_absent: str) -> Caller:
    if not token:
        hint = f"No access token was sent. {why_absent}"
        raise InvalidApiToken("Missing authentication", hint=hint, is_sent=False)
    try:
        claims = verify(token, tenant.keys)
        expires_at = expiry(claims)
    except InvalidJwt as error:
        why = explain_access_token(tenant, token) or f"The access token is invalid. {error}"
        raise InvalidApiToken("Invalid token", hint=why) from None
    if expires_at is None or tenant.now() >= expires_at:
        when = "has no `exp`" if expires_at is None else f"expired at {clock_time(expires_at)}"
        raise InvalidApiToken(_EXPIRED, hint=f"The access token {when}. Request a new one.")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if not any(is_own_url(tenant, url, one, api.path) for one in audiences):
        shown = ",".join(map(str, audiences))[:200]
        raise InvalidApiToken(
            f"Bad audience: {shown}",
            hint=f"The token is for {shown}. Request one for the audience "
            f"{tenant.urls.own_issuer(url)}{api.path.removeprefix('/')}.",
        )
    why = why_of_another_domain(tenant, url, claims.get("iss")) or why_blacklisted(tenant, claims)
    if why:
        raise InvalidApiToken("Invalid token", hint=why)
    subject = str(claims.get("sub"))
    client_id = str(claims.get("azp") or claims.get("client_id"))
    return Caller(
        client_id=client_id,
        scopes=frozenset(parse_scope(str(claims.get("scope") or ""))),
        user_id=None if subject == f"{client_id}@clients" else subject,
    )


def _how_to_get(caller: Caller, needed: Collection[str]) -> str:
    scopes = " or ".join(needed)
    if caller.user_id is not None:
        return f"The token of user {caller.user_id} does not have the scope {scopes}."
    count = len(caller.scopes)
    has = f"has {count} scope{'s' * (count > 1)}, but not" if count else "has no scopes, so not"
    return (
        f"The token of client {caller.client_id} {has} {scopes}. Add it to the client grant for "
        "audience .../api/v2/, or set `allow_all_scopes: true` there, and request a new token."
    )
