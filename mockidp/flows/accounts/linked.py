"""Accounts that are linked to a user: the identity that they become, and the account again.

Auth0: the profile of a linked account is kept as `profileData` of its identity, without
metadata.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from mockidp.protocol.tokens.claims import profile_claims
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

_PROFILE = (
    "email", "email_verified", "username", "name", "nickname", "given_name", "family_name",
    "picture", "locale", "phone_number", "phone_verified",
)  # fmt: skip


def profile_data(user: User) -> dict[str, Any]:
    """Return the `profileData` of the identity that an account becomes."""
    shown = profile_claims(user, ("profile", "email", "phone"))
    values = {name: shown.get(name, getattr(user, name)) for name in _PROFILE}
    absent = (None, "") if user.phone_number else (None, "", False)
    return {
        name: value
        for name, value in values.items()
        if name == "email_verified" or value not in absent
    }


def user_of_identity(user_id: str, identity: Mapping[str, Any], connection: str, now: str) -> User:
    """Return the user of an identity that was linked to another user."""
    profile = identity.get("profileData")
    known = profile if isinstance(profile, Mapping) else {}
    kinds = {one.name: bool if one.name.endswith("_verified") else str for one in fields(User)}
    values: dict[str, Any] = {
        name: value
        for name, value in known.items()
        if name in _PROFILE and isinstance(value, kinds[name])
    }
    own = {name: value for name, value in identity.items() if name != "profileData"}
    return User(
        user_id=user_id,
        connection=str(identity.get("connection") or connection),
        identities=(own,),
        created_at=now,
        updated_at=now,
        **values,
    )


def other_user_of(tenant: Tenant, account: User) -> User | None:
    """Return the user who has the id, the e-mail address or the username of an unlinked account."""
    names = (one for one in (account.email, account.username) if one)
    found = (tenant.directory.find_user(one, (account.connection,)) for one in names)
    return tenant.directory.user(account.user_id) or next(filter(None, found), None)
