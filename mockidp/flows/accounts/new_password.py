"""Check a new password against the policy of its connection.

Auth0: policy, dictionary, personal data and history are checked in this order (inferred).
"""

from __future__ import annotations

from hashlib import sha256

from mockidp.protocol.errors.account_refusal import (
    PasswordDictionaryError,
    PasswordNoUserInfoError,
    PasswordStrengthError,
)
from mockidp.protocol.passwords.content import is_common, personal_part
from mockidp.protocol.passwords.policy import DEFAULT_LEVEL, PasswordPolicy, password_policy
from mockidp.resources.connection import Connection
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

_OF_METADATA = ("name", "first", "last")


def policy_of(connection: Connection) -> PasswordPolicy:
    """Return the policy for new passwords of a connection."""
    options = connection.options
    complexity = options.password_complexity_options
    return password_policy(
        options.passwordPolicy or DEFAULT_LEVEL, complexity.min_length if complexity else None
    )


def connection_of(tenant: Tenant, user: User) -> Connection:
    """Return the connection of a user, or the defaults if it was removed."""
    return tenant.directory.connection(user.connection) or Connection(name=user.connection)


def check_new_password(tenant: Tenant, connection: Connection, user: User, password: str) -> None:
    """Check a password that a user chooses.

    Args:
        tenant: The tenant.
        connection: The user's connection.
        user: The user, who may not be stored yet.
        password: The new password.

    Raises:
        PasswordRefusal: It is refused.
    """
    _check_strength(tenant, connection, password)
    _check_dictionary(tenant, connection, password)
    _check_personal_information(tenant, connection, user, password)


def _check_strength(tenant: Tenant, connection: Connection, password: str) -> None:
    policy, level = policy_of(connection), connection.options.passwordPolicy or DEFAULT_LEVEL
    unmet = policy.unmet(password)
    with tenant.trace.check("password_policy", policy=level, unmet=unmet):
        if unmet:
            raise PasswordStrengthError(
                policy,
                password,
                hint=f"The new password breaks policy `{level}` of connection {connection.name}: "
                f"{', '.join(unmet)}. Change `options.passwordPolicy` of the connection to allow "
                "it.",
            )


def _check_dictionary(tenant: Tenant, connection: Connection, password: str) -> None:
    options = connection.options.password_dictionary
    if options is None or not options.enable:
        return
    found = is_common(password, options.dictionary)
    with tenant.trace.check("password_dictionary", found=found):
        if found:
            raise PasswordDictionaryError(
                hint=f"The new password is in the dictionary of connection {connection.name}, as "
                "`options.password_dictionary.enable` is true.",
            )


def _check_personal_information(
    tenant: Tenant, connection: Connection, user: User, password: str
) -> None:
    options = connection.options.password_no_personal_info
    if options is None or not options.enable:
        return
    metadata = {f"user_metadata.{one}": user.user_metadata.get(one) for one in _OF_METADATA}
    known = {
        "name": user.name,
        "username": user.username,
        "nickname": user.nickname,
        "email": user.email,
        **metadata,
    }
    part = personal_part(password, known)
    with tenant.trace.check("password_no_personal_info", contains=part):
        if part:
            raise PasswordNoUserInfoError(
                hint=f"The new password contains the user's `{part}`, and "
                f"`options.password_no_personal_info.enable` of connection {connection.name} is "
                "true.",
            )


def digest(password: str) -> str:
    """Return a fingerprint with which passwords can be compared but not recovered."""
    return sha256(password.encode(errors="replace")).hexdigest()
