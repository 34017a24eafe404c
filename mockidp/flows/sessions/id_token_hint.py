"""Read the parameter `id_token_hint` of /authorize and /oidc/logout.

Spec: OpenID Connect Core 3.1.2.1; RP-Initiated Logout 1.0 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.flows.requests.other_domain import why_of_another_domain
from mockidp.protocol.tokens.jwt import InvalidJwt, decode, verify, verify_symmetric
from mockidp.tenant.tenant import Tenant


def read_id_token_hint(tenant: Tenant, base_url: str, hint: str) -> Mapping[str, Any]:
    """Return the claims of an ID token of this tenant. It may have expired.

    Raises:
        InvalidToken: As `verify_id_token`, or another of the tenant's domains issued it.
    """
    claims = verify_id_token(tenant, hint)
    if why := why_of_another_domain(tenant, base_url, claims.get("iss")):
        raise InvalidJwt(why)
    return claims


def verify_id_token(tenant: Tenant, token: str) -> Mapping[str, Any]:
    """Verify the signature of an ID token and return its claims. Its time is not checked.

    Raises:
        InvalidToken: This tenant did not sign it, or it is a logout token.
    """
    claims = _verify_signature(tenant, token)
    if "events" in claims:
        raise InvalidJwt("It is a logout token. Send the ID token from the login.")
    return claims


def _verify_signature(tenant: Tenant, token: str) -> Mapping[str, Any]:
    header, claims = decode(token)
    if header.get("alg") != "HS256":
        return verify(token, tenant.keys)
    audience = str(claims.get("aud"))
    client = tenant.directory.client(audience)
    secret = client.signing_secret if client else None
    if not secret or not verify_symmetric(token, secret):
        raise InvalidJwt(f"The secret of client {audience} did not sign it.")
    return claims
