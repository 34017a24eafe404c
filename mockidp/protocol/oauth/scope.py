"""Scope as an ordered set, and the claims that each OpenID Connect scope grants.

Spec: RFC 6749 3.3; OpenID Connect Core 5.4.
Auth0: unknown scopes are dropped silently; names of claims are scopes, too.
"""

from __future__ import annotations

from collections.abc import Iterable

OPENID = "openid"
OFFLINE_ACCESS = "offline_access"

CLAIMS_OF_SCOPE: dict[str, tuple[str, ...]] = {
    "profile": (
        "name", "nickname", "given_name", "family_name", "picture", "locale", "updated_at",
    ),
    "name": ("name",),
    "given_name": ("given_name",),
    "family_name": ("family_name",),
    "nickname": ("nickname",),
    "email": ("email", "email_verified"),
    "email_verified": ("email_verified",),
    "picture": ("picture",),
    "created_at": ("created_at",),
    "identities": ("identities",),
    "phone": ("phone_number", "phone_verified"),
    "address": ("address",),
}  # fmt: skip

OIDC_SCOPES = (OPENID, "profile", OFFLINE_ACCESS, *(s for s in CLAIMS_OF_SCOPE if s != "profile"))

PASSWORD_GRANT_SCOPES = (OPENID, "profile", "email", "address", "phone")
"""The scope that Auth0 grants for a bare `openid` in a password grant without an audience."""


def parse_scope(text: str | None) -> tuple[str, ...]:
    """Split at spaces, in order, without duplicates."""
    return tuple(dict.fromkeys((text or "").split()))


def make_scope(values: Iterable[str]) -> str:
    """Join with spaces."""
    return " ".join(values)


def opened_claims(scope: Iterable[str]) -> frozenset[str]:
    """Return the names of the profile claims that a scope grants."""
    return frozenset(claim for value in scope for claim in CLAIMS_OF_SCOPE.get(value, ()))
