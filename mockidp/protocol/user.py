"""A person who logs in: Auth0's `user` resource, with a password and roles beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from mockidp.protocol.connection import DEFAULT_CONNECTION
from mockidp.protocol.record import Record
from mockidp.protocol.role import Permission
from mockidp.protocol.unsupported import Differs


@dataclass(frozen=True, kw_only=True, slots=True)
class User(Record):
    """One user. `user_id` is the full one, such as `auth0|alice`; `roles` are role names."""

    user_id: str
    email: str | None = None
    email_verified: bool = False
    password: str | None = None
    username: str | None = None
    name: str | None = None
    nickname: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    picture: str | None = None
    locale: str | None = None
    phone_number: str | None = None
    phone_verified: bool = False
    created_at: str = "2024-01-01T00:00:00.000Z"
    updated_at: str = "2024-01-01T00:00:00.000Z"
    blocked: bool = False
    connection: str = DEFAULT_CONNECTION
    roles: tuple[str, ...] = ()
    permissions: tuple[Permission, ...] = ()
    identities: tuple[Mapping[str, Any], ...] = ()
    """What the claim `identities` lists; by default the identity that `user_id` names."""
    app_metadata: Mapping[str, Any] = field(default_factory=dict)
    user_metadata: Mapping[str, Any] = field(default_factory=dict)

    COSMETIC: ClassVar[frozenset[str]] = frozenset(
        {
            "email_last_verified", "last_ip", "last_login", "last_password_reset", "logins_count",
            "multifactor", "multifactor_last_modified", "verify_email",
        }
    )  # fmt: skip
    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        "custom_claims": Differs("Auth0 has no such field: `mockidp.claims` adds claims"),
        "identities": Differs(
            "Auth0 logs the user in through each of these linked identities",
            lambda value: isinstance(value, list) and len(value) > 1,
        ),
    }
