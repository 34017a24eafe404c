"""Check the Management API v1 token of the global client, which requests for links need.

Auth0: without such a token, the answer is 401 with the text `Unauthorized`.
"""

from __future__ import annotations

from mockidp.flows.hints.timestamps import clock_time
from mockidp.flows.hints.tokens import describe_scheme, explain_access_token
from mockidp.protocol.errors.hint import join_hints
from mockidp.protocol.errors.refusal import Unauthorized
from mockidp.protocol.tokens.jwt import InvalidJwt, decode
from mockidp.tenant.directory import MANAGEMENT_PATH
from mockidp.tenant.journal.flow_index import API_V1_TOKEN
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut


def check_api_v1_token(
    tenant: Tenant, token: str | None, *, authorization: str | None = None
) -> str:
    """Return the id of the client to which a v1 token was issued.

    Raises:
        Unauthorized: There is no token, or it is of another kind.
    """
    with tenant.trace.check("access_token", sent=cut(token), needed="Management API v1"):
        if not token:
            why = describe_scheme(authorization, "Bearer")
            hint = join_hints("No token was sent.", why, _how_to_get_one(tenant))
            raise Unauthorized(hint=hint)
        return _check(tenant, token)


def _check(tenant: Tenant, token: str) -> str:
    how = _how_to_get_one(tenant)
    if "." in token:
        raise Unauthorized(hint=f"{_describe_jwt(tenant, token)} {how}")
    entry = tenant.opaque_tokens.history(token)
    if entry is None:
        why = explain_access_token(tenant, token) or "This tenant never issued such a token."
        raise Unauthorized(hint=f"{why} {how}")
    if entry.value.kind != "api_v1":
        raise Unauthorized(
            hint=f"This is the opaque access token of user {entry.value.user_id}. {how}"
        )
    if tenant.now() >= entry.expires_at:
        raise Unauthorized(hint=f"The token expired at {clock_time(entry.expires_at)}. {how}")
    tenant.trace.used(API_V1_TOKEN, token)
    return entry.value.client_id


def _how_to_get_one(tenant: Tenant) -> str:
    known = tenant.directory.global_client
    if known is None:
        return (
            "The tenant has no global client. Add a client with `global: true` to the tenant file."
        )
    return (
        "The call needs the Management API v1 token of the global client. Request it with POST "
        f"/oauth/token, client_id {known.client_id}, its client_secret, grant_type "
        "client_credentials and no audience."
    )


def _describe_jwt(tenant: Tenant, token: str) -> str:
    try:
        _, claims = decode(token)
    except InvalidJwt:
        return (
            explain_access_token(tenant, token)
            or "This looks like a JWT, but it cannot be decoded."
        )
    audience = claims.get("aud")
    for one in audience if isinstance(audience, list) else [audience]:
        if isinstance(one, str) and one.endswith(MANAGEMENT_PATH):
            return f"This is a Management API v2 token (audience {one[:200]})."
    return f"This is a JWT for the audience {audience!r}."
