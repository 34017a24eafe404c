"""A person who logs in: Auth0's `user` resource, with a password and roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any, ClassVar

from mockidp.frozen import frozen
from mockidp.resources.checks import MAX_LIFETIME, check_email, check_number, check_user_id
from mockidp.resources.connected_account import ConnectedAccount
from mockidp.resources.connection import DEFAULT_CONNECTION
from mockidp.resources.mfa_factor import (
    EmailFactor,
    MfaFactor,
    PhoneFactor,
    TotpFactor,
    check_phone_number,
    check_totp_secret,
)
from mockidp.resources.password_hash import PasswordHash
from mockidp.resources.record import Record
from mockidp.resources.resource_type import Reference, ResourceType, Summary, login_key
from mockidp.resources.role import Permission
from mockidp.resources.rules import Misfit
from mockidp.resources.unsupported import Differs

LOGIN_FIELDS = ("last_ip", "last_login", "logins_count")
"""What each login writes."""


@frozen
class User(Record):
    """One user. `user_id` is the full one, such as `auth0|alice`; `roles` are role names."""

    user_id: str
    """The full id with its prefix, such as `auth0|alice`. It becomes the claim `sub`."""
    email: str | None = None
    """E-mail address, with which the user logs in."""
    email_verified: bool = False
    """The claim of the same name."""
    password: str | None = None
    """Password in plain text. A user without one cannot log in with a password."""
    custom_password_hash: PasswordHash | None = None
    """The hash of the password, as in Auth0's bulk import, for a user without `password`. The
    first login replaces it with `password`."""
    username: str | None = None
    """A second name to log in with."""
    preferred_username: str | None = None
    """The username at the identity provider, as SCIM sends it. It cannot be used to log in."""
    name: str | None = None
    """Full name, the claim `name`. By default the e-mail address or the username."""
    nickname: str | None = None
    """The claim of the same name. By default the username, or the e-mail address up to `@`."""
    given_name: str | None = None
    """The claim of the same name."""
    family_name: str | None = None
    """The claim of the same name."""
    picture: str | None = None
    """The claim of the same name. By default a gravatar address, as in Auth0."""
    locale: str | None = None
    """The claim of the same name."""
    phone_number: str | None = None
    """The claim of the same name, with the scope `phone`."""
    phone_verified: bool = False
    """Whether the phone number was verified."""
    created_at: str = "2024-01-01T00:00:00.000Z"
    """When the user was created: the claim `created_at`, if the scope names it."""
    updated_at: str = "2024-01-01T00:00:00.000Z"
    """The claim of the same name."""
    blocked: bool = False
    """Whether the user is blocked by an administrator, so that every login and refresh is
    refused."""
    connection: str = DEFAULT_CONNECTION
    """The connection that the user belongs to."""
    roles: tuple[str, ...] = ()
    """Names of entries of `roles`."""
    permissions: tuple[Permission, ...] = ()
    """Permissions in addition to those of the roles."""
    identities: tuple[Mapping[str, Any], ...] = ()
    """What the claim `identities` lists; by default the identity that `user_id` names. An
    `access_token` in one is the social provider's, which /oauth/access_token accepts."""
    mfa_factors: tuple[MfaFactor, ...] = ()
    """The second factors that the user has enrolled, as in Auth0's bulk import:
    https://github.com/mockidp/mockidp/blob/main/docs/how-to/mfa.md."""
    connected_accounts: tuple[ConnectedAccount, ...] = ()
    """Accounts at other services, whose tokens Token Vault has:
    https://github.com/mockidp/mockidp/blob/main/docs/how-to/token-vault.md."""
    app_metadata: Mapping[str, Any] = field(default_factory=dict)
    """Data for custom claims, such as `user.app_metadata.plan`:
    https://github.com/mockidp/mockidp/blob/main/docs/how-to/custom-claims.md."""
    user_metadata: Mapping[str, Any] = field(default_factory=dict)
    """The same, such as `user.user_metadata.theme`."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset(
        {
            *LOGIN_FIELDS, "email_last_verified", "last_password_reset", "multifactor",
            "multifactor_last_modified", "verify_email",
        }
    )  # fmt: skip
    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        "custom_claims": Differs("Auth0 has no such field: `mockidp.claims` adds claims"),
        "identities": Differs(
            "Auth0 logs the user in through each of these linked identities",
            lambda value: isinstance(value, list) and len(value) > 1,
        ),
    }


PHONE, PROVIDER_TOKEN = "phone", "provider token"
"""The indexes by phone number, and by connection and access token of an identity."""
PREFERRED_USERNAME = "preferred_username"
"""The index by connection and username at the identity provider, as `login_key` makes it."""
PROVIDER_TOKENS = ("access_token", "access_token_secret", "refresh_token", "expires_in")
"""The parts of an identity that Auth0 gives to no client."""
PASSWORD = "Passw0rd!"
"""The password of a user that a test adds without one."""


def user_id_of(name: str) -> str:
    """Return the full id of a user that is added under a name."""
    return name if "|" in name else f"auth0|{name.partition('@')[0]}"


def provider_token_key(connection: str, token: str) -> str:
    """Return the value under which the index has a token of a social provider."""
    return f"{connection}\0{token}"


def _preferred_usernames(user: User) -> tuple[str, ...]:
    name = user.preferred_username
    return (login_key(user.connection, name),) if name else ()


def _provider_tokens(user: User) -> Iterator[str]:
    for one in user.identities:
        token, connection = one.get("access_token"), one.get("connection", user.connection)
        if isinstance(token, str) and token:
            yield provider_token_key(str(connection), token)


def _defaults(name: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    short = user_id_of(name).partition("|")[2].partition("@")[0]
    return {
        "email": name if "@" in name and "|" not in name else f"{short}@acme.example",
        "email_verified": True,
        "name": short.capitalize(),
        "nickname": short,
        "password": None if fields.get("custom_password_hash") else PASSWORD,
    }


def _check_password(user: User) -> Iterator[Misfit]:
    if user.password is not None and user.custom_password_hash is not None:
        yield Misfit(
            "password", "a password and its hash", "either password or custom_password_hash"
        )


def _summary(user: User) -> Summary:
    login = user.email or user.username or ""
    return {"user_id": user.user_id, "login": login, "roles": user.roles}


USER = ResourceType(
    name="user",
    title="user",
    plural="users",
    record=User,
    key="user_id",
    sections={"users": "Users. Auth0's exports contain none."},
    names=("user_id", "email", "username"),
    unique=("user_id",),
    has_prefixed_names=True,
    unique_logins=("email", "username"),
    indexes={
        PHONE: lambda user: (user.phone_number,) if user.phone_number else (),
        PREFERRED_USERNAME: _preferred_usernames,
        PROVIDER_TOKEN: _provider_tokens,
    },
    references=(
        Reference(
            path="connection",
            to="connections",
            expected="a connection",
            is_strict=True,
            on_delete="delete",
        ),
        Reference(
            path="connected_accounts.connection",
            to="connections",
            expected="a connection",
            is_strict=True,
        ),
        Reference(path="roles", to="roles", expected="a role's name", is_strict=True),
        Reference(
            path="permissions.resource_server_identifier",
            to="apis",
            expected="an API's identifier",
            is_strict=True,
            scopes="permission_name",
        ),
    ),
    secrets=("password", "custom_password_hash", "mfa_factors", "connected_accounts"),
    unnoticed=LOGIN_FIELDS,
    has_timestamps=True,
    is_exported=False,
    defaults=_defaults,
    make_key=user_id_of,
    summary=_summary,
    check_record=_check_password,
    checks={
        (User, "user_id"): check_user_id,
        (User, "email"): check_email,
        (ConnectedAccount, "expires_in"): check_number(1, MAX_LIFETIME),
        (TotpFactor, "secret"): check_totp_secret,
        (PhoneFactor, "value"): check_phone_number,
        (EmailFactor, "value"): check_email,
    },
)
