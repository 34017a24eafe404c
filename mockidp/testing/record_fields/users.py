"""The fields of users, as keyword arguments.

Written by scripts/generate_methods.py from the registry: change that, not this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Required, TypedDict

from mockidp.testing.record_fields.base import Texts
from mockidp.testing.record_fields.roles import PermissionFields


class TotpFactorFields(TypedDict, total=False):
    """An authenticator app."""

    secret: Required[str]


class PhoneFactorFields(TypedDict, total=False):
    """A phone that receives codes."""

    value: Required[str]


class EmailFactorFields(TypedDict, total=False):
    """An e-mail address that receives codes."""

    value: Required[str]


class MfaFactorFields(TypedDict, total=False):
    """A second factor: one of the three."""

    totp: TotpFactorFields | None
    phone: PhoneFactorFields | None
    email: EmailFactorFields | None


class UserFields(TypedDict, total=False):
    """One user. `user_id` is the full one, such as `auth0|alice`; `roles` are role names."""

    email: str | None
    email_verified: bool
    password: str | None
    username: str | None
    name: str | None
    nickname: str | None
    given_name: str | None
    family_name: str | None
    picture: str | None
    locale: str | None
    phone_number: str | None
    phone_verified: bool
    created_at: str
    updated_at: str
    blocked: bool
    connection: str
    roles: Texts
    permissions: list[PermissionFields] | tuple[PermissionFields, ...]
    identities: list[Mapping[str, Any]] | tuple[Mapping[str, Any], ...]
    mfa_factors: list[MfaFactorFields] | tuple[MfaFactorFields, ...]
    app_metadata: Mapping[str, Any]
    user_metadata: Mapping[str, Any]
