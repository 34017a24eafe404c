"""Sign tokens that are handed out."""

from __future__ import annotations

from mockidp.protocol.jwt import UnsignedToken
from mockidp.tenant.tenant import Tenant


def sign_token(
    tenant: Tenant,
    token: UnsignedToken,
    *,
    kind: str,
    client: str,
    user: str | None,
    audience: str | None,
) -> str:
    """Return a signed token, as the tenant's faults change it, and note it in the trace."""
    token = tenant.injection.in_token(
        token, kind=kind, now=tenant.now(), client=client, user=user, audience=audience
    )
    tenant.trace.issued(kind, token.header, token.claims)
    return token.sign()
