"""The profile of a new user: `user_profile` and `user_metadata` of a sign-up with a passkey.

Auth0: an unknown property, and an identifier that a user has already, are `invalid_request`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.flows.accounts.new_user import read_new_user
from mockidp.flows.accounts.sign_up import check_is_enabled, check_is_new
from mockidp.protocol.errors.account_refusal import AccountRefusal, ConnectionRefusal
from mockidp.protocol.errors.nearest import nearest
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.resources.checks import check_email
from mockidp.resources.connection import Connection
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant

_MAX_LENGTHS = {"name": 300, "given_name": 150, "family_name": 150, "nickname": 300}
_METADATA = "user_metadata"


def read_profile(
    tenant: Tenant, connection: Connection, parameters: Parameters
) -> Mapping[str, Any]:
    """Return the parameters of a sign-up that describe the user.

    Raises:
        InvalidRequest: The profile is missing, or has a property that the connection lacks.
    """
    sent = parameters.raw().get("user_profile")
    known = ("email", *(("username",) if connection.options.has_usernames else ()), *_MAX_LENGTHS,
             "picture")  # fmt: skip
    with tenant.trace.check("user_profile", is_sent=sent is not None, known=known):
        if not isinstance(sent, Mapping):
            raise InvalidRequest(
                "Missing required parameter: user_profile",
                hint="Send `user_profile` as a JSON object with the `email` of the new user.",
            )
        other = next((name for name in sent if name not in known), None)
        if other is not None:
            near = nearest(other, known)
            meant = f" Did you mean `{near}`?" if near else ""
            raise InvalidRequest(
                f"invalid user_profile property: {other[:40]}",
                hint=f"Connection {connection.name} has no attribute `{other[:40]}` for sign-ups. "
                f"Send {', '.join(known)}.{meant}",
            )
        _check_values(sent)
    metadata = parameters.raw().get(_METADATA)
    return dict(sent) if metadata is None else {**sent, _METADATA: metadata}


def _check_values(profile: Mapping[str, Any]) -> None:
    for name, longest in _MAX_LENGTHS.items():
        value = profile.get(name)
        if value is not None and not (isinstance(value, str) and 0 < len(value) <= longest):
            raise InvalidRequest(
                f"invalid user_profile property: {name}",
                hint=f"`user_profile.{name}` has to be a string of 1 to {longest} characters.",
            )
    email = profile.get("email")
    if isinstance(email, str) and check_email(email.strip()):
        raise InvalidRequest(
            "invalid email address",
            hint=f"`user_profile.email` is {email!r:.80}, which is not an e-mail address.",
        )


def new_user_of(tenant: Tenant, connection: Connection, profile: Mapping[str, Any]) -> User:
    """Return the user of a sign-up, who has no password and is not stored yet.

    Raises:
        InvalidRequest: The connection accepts no sign-ups, a value is refused, or a user has the
            address or the username already.
    """
    try:
        check_is_enabled(tenant, connection)
        user = read_new_user(tenant, connection, Parameters(profile))
    except AccountRefusal as error:
        raise InvalidRequest(error.description, hint=error.hint) from None
    except ConnectionRefusal as error:
        raise InvalidRequest(error.message, hint=error.hint) from None
    check_is_new(tenant, connection, user, user_exists)
    return user


def user_exists(name: str, found: User) -> InvalidRequest:
    """Return the refusal of a sign-up with the address or username of a user."""
    return InvalidRequest(
        "The user already exists.",
        hint=f"User {found.user_id} of connection {found.connection} has this {name} already. Log "
        "in with /passkey/challenge instead.",
    )
