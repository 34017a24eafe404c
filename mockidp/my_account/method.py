"""Authentication methods: the user's authenticators, in the JSON of the My Account API."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from mockidp.flows.hints.known import list_known
from mockidp.flows.passkeys.methods import AuthenticationMethod, methods_of
from mockidp.management.operation import Call
from mockidp.management.refusals import InvalidApiToken
from mockidp.my_account.passkey import show_passkey
from mockidp.protocol.login.passkeys import PASSKEY, Passkey
from mockidp.protocol.mfa.guardian import EMAIL, OTP, PUSH, RECOVERY_CODE, SMS
from mockidp.protocol.mfa.records import Factor
from mockidp.protocol.my_account import MyAccountRefusal
from mockidp.resources.user import User
from mockidp.tenant.timestamps import timestamp

FACTOR_OF: Mapping[str, Factor] = {
    "phone": SMS,
    "email": EMAIL,
    "totp": OTP,
    "push-notification": PUSH,
    "recovery-code": RECOVERY_CODE,
}
"""The factor of each `type` that can be enrolled."""
TYPE_OF: Mapping[str, str] = {factor: kind for kind, factor in FACTOR_OF.items()}
OTHER_TYPES = ("password", "webauthn-platform", "webauthn-roaming")
"""Types that mockidp does not have."""
USAGE = ["secondary"]


def user_of(call: Call) -> User:
    """Return the user of a call.

    Raises:
        Refusal: 403 for a token of a client; 401 for that of a user who was deleted.
    """
    user_id = call.caller.user_id
    user = call.tenant.directory.user(user_id) if user_id else None
    with call.tenant.trace.check("user", id=user_id, found=user is not None):
        if user_id is None:
            raise MyAccountRefusal(
                HTTPStatus.FORBIDDEN,
                "The token is not that of a user",
                hint=f"The token is for client {call.caller.client_id} itself. Log in a user.",
            )
        if user is None:
            raise user_deleted(user_id)
    return user


def user_deleted(user_id: str) -> InvalidApiToken:
    """Return the refusal of a token whose user was deleted."""
    return InvalidApiToken("Invalid token", hint=f"User {user_id} was deleted.")


def type_of(one: AuthenticationMethod) -> str:
    """Return the `type` of an authentication method."""
    return PASSKEY if isinstance(one, Passkey) else TYPE_OF[one.factor]


def find_method(call: Call, user: User) -> AuthenticationMethod:
    """Return the authentication method that the path names.

    Raises:
        MyAccountRefusal: 404, because the user has none with that id.
    """
    found = {one.id: one for one in methods_of(call.tenant, user)}
    with call.tenant.trace.check("authentication_method", sent=call.id, enrolled=list(found)):
        if call.id not in found:
            raise MyAccountRefusal(
                HTTPStatus.NOT_FOUND,
                "Authentication method not found",
                hint=f"User {user.user_id} has no authentication method {call.id!r}. "
                f"{list_known('authentication methods', call.id, found)}",
            )
    return found[call.id]


def show(user: User, one: AuthenticationMethod) -> dict[str, Any]:
    """Return an authentication method as JSON, in the key order of Auth0's SDKs."""
    if isinstance(one, Passkey):
        return show_passkey(user, one)
    shown: dict[str, Any] = {
        "id": one.id,
        "type": TYPE_OF[one.factor],
        "created_at": timestamp(one.created_at) if one.created_at else user.created_at,
        "usage": USAGE,
        "confirmed": one.is_active,
    }
    if one.label:
        shown["name"] = one.label
    if one.factor == SMS:
        shown |= {"phone_number": one.address, "preferred_authentication_method": "sms"}
    if one.factor == EMAIL:
        shown["email"] = one.address
    return shown
