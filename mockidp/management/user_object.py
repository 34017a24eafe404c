"""A user as JSON.

Auth0: keys without a value are absent. The order is that of a user of a new tenant. Source:
docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.protocol.claims import identities_of, profile_claims
from mockidp.resources.user import User

_PROFILE = "profile email phone"
_LATER = ("last_password_reset", "last_ip", "last_login", "logins_count", "multifactor")
"""Fields that a user has only after the first login or change."""


def show_user(user: User) -> dict[str, Any]:
    """Return a user as JSON."""
    profile = profile_claims(user, _PROFILE.split())
    shown = {
        "user_id": user.user_id,
        "created_at": user.created_at,
        "email": user.email,
        "email_verified": user.email_verified if user.email else None,
        "family_name": user.family_name,
        "given_name": user.given_name,
        "identities": [_in_order(one) for one in identities_of(user)],
        "name": profile.get("name"),
        "nickname": profile.get("nickname"),
        "phone_number": user.phone_number,
        "phone_verified": user.phone_verified if user.phone_number else None,
        "picture": profile.get("picture"),
        "updated_at": user.updated_at,
        "user_metadata": dict(user.user_metadata) or None,
        "username": user.username,
        "app_metadata": dict(user.app_metadata) or None,
        **{name: user.extra.get(name) for name in _LATER},
        "blocked": user.blocked or None,
    }
    return {name: value for name, value in shown.items() if value is not None}


def _in_order(identity: Mapping[str, Any]) -> dict[str, Any]:
    first = ("connection", "user_id", "provider", "isSocial")
    rest = {name: value for name, value in identity.items() if name not in first}
    return {**{name: identity.get(name) for name in first}, **rest}


def show_member(user: User) -> dict[str, Any]:
    """Return a user in a list of members of a role or an organization."""
    profile = profile_claims(user, _PROFILE.split())
    shown = {name: profile.get(name) for name in ("email", "picture", "name")}
    return {"user_id": user.user_id, **{k: v for k, v in shown.items() if v is not None}}
