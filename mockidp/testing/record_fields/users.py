"""The fields of users, as keyword arguments.

Written by scripts/generate_methods.py from the registry: change that, not this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Required, TypedDict

from mockidp.testing.record_fields.base import Texts
from mockidp.testing.record_fields.roles import PermissionFields


class HmacKeyFields(TypedDict, total=False):
    """The key of an HMAC."""

    value: Required[str]
    encoding: Literal["base64", "hex", "utf8"]


class HashValueFields(TypedDict, total=False):
    """A hash, as it is written."""

    value: Required[str]
    encoding: Literal["base64", "hex", "utf8"]
    digest: (
        Literal[
            "md4", "md5", "ripemd160", "sha1", "sha224", "sha256", "sha384", "sha512", "whirlpool"
        ]
        | None
    )
    key: HmacKeyFields | None


class SaltFields(TypedDict, total=False):
    """What was hashed with the password."""

    value: Required[str]
    encoding: Literal["base64", "hex", "utf8"]
    position: Literal["prefix", "suffix"]


class HashedPasswordFields(TypedDict, total=False):
    """The password that was hashed."""

    encoding: Literal["ascii", "utf8", "utf16le", "ucs2", "latin1", "binary"]


class PasswordHashFields(TypedDict, total=False):
    """The hash of a password, in the format of Auth0's bulk import."""

    algorithm: Required[
        Literal[
            "argon2",
            "bcrypt",
            "hmac",
            "ldap",
            "md4",
            "md5",
            "sha1",
            "sha256",
            "sha512",
            "pbkdf2",
            "scrypt",
        ]
    ]
    hash: Required[HashValueFields]
    salt: SaltFields | None
    password: HashedPasswordFields | None
    keylen: int | None
    cost: int
    block_size: int
    parallelization: int


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


class ConnectedAccountFields(TypedDict, total=False):
    """An account at the service of a connection (Token Vault), with its tokens."""

    connection: Required[str]
    id: str
    login_hint: str | None
    scopes: Texts
    access_token: str | None
    expires_in: int
    expires_at: int | None
    has_refresh_token: bool
    created_at: str


class UserFields(TypedDict, total=False):
    """One user. `user_id` is the full one, such as `auth0|alice`; `roles` are role names."""

    email: str | None
    email_verified: bool
    password: str | None
    custom_password_hash: PasswordHashFields | None
    username: str | None
    preferred_username: str | None
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
    connected_accounts: list[ConnectedAccountFields] | tuple[ConnectedAccountFields, ...]
    app_metadata: Mapping[str, Any]
    user_metadata: Mapping[str, Any]
