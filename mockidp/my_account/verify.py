"""Verify an enrollment: with a code, or with what the user has done on the phone.

Each `auth_session` and each code works once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockidp.flows.mfa.authenticators import authenticators_of, remove_authenticator
from mockidp.flows.mfa.guesses import CodeRefusals
from mockidp.flows.mfa.verify import end_challenge, verify_app, verify_binding_code
from mockidp.management.operation import Call
from mockidp.my_account.body import check_members, invalid, read_string
from mockidp.my_account.enroll import LOGIN
from mockidp.my_account.method import find_method, show, user_of
from mockidp.my_account.passkey import NEW, verify_passkey
from mockidp.protocol.errors.oauth_error import InvalidRequest, TooManyAttempts
from mockidp.protocol.login.passkeys import Passkey
from mockidp.protocol.mfa.guardian import EMAIL, OTP, PUSH, RECOVERY_CODE, SMS
from mockidp.protocol.mfa.records import OOB_LIFETIME, Authenticator, OobChallenge
from mockidp.resources.user import User

_REFUSALS = CodeRefusals(
    wrong=lambda hint: InvalidRequest("Invalid otp_code", hint=hint),
    too_many=lambda hint: TooManyAttempts("Too many invalid codes", hint=hint),
)


def verify(call: Call) -> dict[str, Any]:
    """Confirm an enrollment. Return the authentication method."""
    user = user_of(call)
    if call.id == NEW:
        return verify_passkey(call, user)
    one = find_method(call, user)
    with call.tenant.trace.check("authentication_method", sent=call.id):
        if isinstance(one, Passkey):
            raise invalid(
                "auth_session",
                "Invalid auth_session",
                hint=f"Passkey {one.id} is enrolled already. The path for a new one has the id "
                f"`{NEW}`.",
            )
    codes = ("otp_code",) if one.factor in (OTP, SMS, EMAIL) else ()
    check_members(call, "auth_session", *codes)
    session = read_string(call, "auth_session")
    _VERIFY[one.factor](call, user, one, session)
    return show(user, find_method(call, user))


def _challenge(call: Call, one: Authenticator, session: str) -> OobChallenge:
    """Return the enrollment that an `auth_session` names."""
    entry = call.tenant.oob_challenges.find(session)
    found = entry.value if entry is not None and entry.is_good(call.tenant.now()) else None
    is_here = found is not None and (found.login, found.authenticator_id) == (LOGIN, one.id)
    with call.tenant.trace.check("auth_session", found=is_here):
        if found is None or not is_here:
            raise _ended(
                f"No enrollment of {one.id} has this `auth_session`. It works once, for "
                f"{OOB_LIFETIME} seconds. Start the enrollment again."
            )
    return found


def _ended(hint: str) -> Exception:
    return invalid("auth_session", "Invalid auth_session", hint=hint)


def _with_app(call: Call, user: User, one: Authenticator, session: str) -> None:
    _challenge(call, one, session)
    verify_app(call.tenant, user, one, read_string(call, "otp_code"), _REFUSALS)
    call.tenant.oob_challenges.take(session)


def _with_message(call: Call, user: User, one: Authenticator, session: str) -> None:
    challenge = _challenge(call, one, session)
    code = read_string(call, "otp_code")
    verify_binding_code(call.tenant, user, session, challenge, code=code, refusals=_REFUSALS)


def _without_code(call: Call, user: User, one: Authenticator, session: str) -> None:
    challenge = _challenge(call, one, session)
    with call.tenant.trace.check("answer", answer=challenge.answer):
        if challenge.answer != "approved":
            raise invalid(
                "auth_session",
                "The enrollment is not complete",
                hint=f"The push notification is {challenge.answer}. `idp.approve_push(user)` "
                "accepts it, as the user does on the phone.",
            )
        if not end_challenge(call.tenant, user, session, challenge):
            raise _ended("This `auth_session` was used before. Start the enrollment again.")


def _recovery_code(call: Call, user: User, one: Authenticator, session: str) -> None:
    """Confirm a recovery code. It replaces the one that the user had."""
    _without_code(call, user, one, session)
    for other in authenticators_of(call.tenant, user):
        if other.factor == RECOVERY_CODE and other.id != one.id:
            remove_authenticator(call.tenant, other)


_VERIFY: dict[str, Callable[[Call, User, Authenticator, str], None]] = {
    OTP: _with_app,
    SMS: _with_message,
    EMAIL: _with_message,
    PUSH: _without_code,
    RECOVERY_CODE: _recovery_code,
}
