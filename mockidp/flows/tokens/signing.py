"""Sign issued tokens."""

from __future__ import annotations

from mockidp.protocol.tokens.jwt import UnsignedToken
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
    """Apply the tenant's faults to a token, note it in the trace, and return it signed."""
    token = tenant.injection.in_token(
        token, kind=kind, now=tenant.now(), client=client, user=user, audience=audience
    )
    tenant.trace.issued(kind, token.header, token.claims)
    return token.sign()
