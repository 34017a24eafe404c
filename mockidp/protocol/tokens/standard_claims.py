"""The standard claims about a user, with their standard names and types.

Spec: OpenID Connect Core 5.1 and 5.4.
Auth0: its users have no fields for some of these claims, and it has other names for two
(`claims`). These are the claims with the setting `profile: oidc`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from mockidp.protocol.oauth.scope import CLAIMS_OF_SCOPE, opened_claims
from mockidp.protocol.tokens.claims import profile_claims
from mockidp.resources.user import User

_TEXTS = ("middle_name", "profile", "website", "gender", "birthdate", "zoneinfo")
"""The claims that are read from `user_metadata`, and `address`."""
_MORE_CLAIMS: Mapping[str, tuple[str, ...]] = {
    "profile": (*_TEXTS, "preferred_username"),
    "phone": ("phone_number_verified",),
}
STANDARD_CLAIMS = (*_TEXTS, "address", "locale", "preferred_username", "phone_number_verified")
"""The claims that discovery announces in addition to Auth0's."""


def standard_claims(
    user: User, scope: Iterable[str], requested: Collection[str] = ()
) -> dict[str, Any]:
    """Return the claims about a user that a scope grants, and those that were requested by name.

    Claims without a value are omitted.
    """
    scopes = tuple(scope)
    more = {claim for one in scopes for claim in _MORE_CLAIMS.get(one, ())}
    wanted = opened_claims(scopes) | more | {*requested}
    claims = _all_claims(user)
    return {name: v for name, v in claims.items() if name in wanted and v not in (None, "", {})}


def _all_claims(user: User) -> dict[str, Any]:
    """Return all claims. Those without a value are None or empty."""
    claims = profile_claims(user, CLAIMS_OF_SCOPE, numeric_updated_at=True)
    is_verified = claims.pop("phone_verified", None)
    metadata = user.user_metadata
    texts = {name: metadata.get(name) for name in _TEXTS}
    address = metadata.get("address")
    return {
        **claims,
        **{name: text for name, text in texts.items() if isinstance(text, str)},
        "preferred_username": user.username,
        "address": address if isinstance(address, Mapping) else None,
        "phone_number_verified": is_verified,
    }
