"""Revoke the tokens of a code that is redeemed again.

Spec: RFC 6749 4.1.2.
Auth0: whether it revokes them is not known. They are revoked with `profile: oidc`, in which the
tokens are stored with the code.
"""

from __future__ import annotations

from mockidp.tenant.state.stores import CODE
from mockidp.tenant.tenant import Tenant


def revoke_tokens_of(tenant: Tenant, code: str) -> str:
    """Revoke all tokens that a code has returned. Return a sentence for the hint, or nothing."""
    tokens, families = tenant.opaque_tokens, tenant.refresh_families
    taken = [store.take(key) for store in (tokens, families) for key, _ in store.scan(CODE, code)]
    revoked = len([one for one in taken if one is not None])
    if not revoked:
        return ""
    tenant.trace.note(revoked=True)
    return f" All its tokens were revoked ({revoked}), as RFC 6749 4.1.2 recommends."
