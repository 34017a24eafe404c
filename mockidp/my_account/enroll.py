"""Start an enrollment: the answer depends on the type of the authentication method.

Auth0: a code is sent to a phone or an address, an app gets a secret, and `auth_session` names the
enrollment when it is verified.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from mockidp.flows.mfa.associate import push_uri
from mockidp.flows.mfa.authenticators import is_enabled, new_authenticator
from mockidp.flows.mfa.challenge import send_challenge
from mockidp.management.operation import Call
from mockidp.my_account.body import check_members, invalid, read_string
from mockidp.my_account.method import FACTOR_OF, OTHER_TYPES, user_of
from mockidp.my_account.passkey import NEW, start_passkey
from mockidp.protocol.login.passkeys import PASSKEY
from mockidp.protocol.mfa.guardian import EMAIL, OTP, PUSH, RECOVERY_CODE, SMS
from mockidp.protocol.mfa.records import OOB_LIFETIME, Authenticator, Factor, OobChallenge
from mockidp.protocol.mfa.totp import totp_uri
from mockidp.protocol.my_account import MyAccountRefusal
from mockidp.resources.checks import check_email
from mockidp.resources.mfa_factor import check_phone_number
from mockidp.resources.user import User

LOGIN = "my_account"
"""The `login` of a challenge that belongs to an enrollment with this API."""
PREFERRED = "preferred_authentication_method"
PATH = "/me/v1/authentication-methods"


def enroll(call: Call) -> dict[str, Any]:
    """Return the answer to the start of an enrollment."""
    user = user_of(call)
    factor = _read_type(call)
    if factor is None:
        return start_passkey(call, user)
    address = _read_address(call, factor)
    secret = {
        OTP: call.tenant.ids.totp_secret, RECOVERY_CODE: call.tenant.ids.recovery_code,
    }.get(factor)  # fmt: skip
    made = new_authenticator(
        call.tenant, user.user_id, factor, secret=secret() if secret else "", address=address
    )
    started = {"id": made.id, "auth_session": _start(call, made)}
    return started | _details(call, user, made)


def location_of(call: Call, answer: dict[str, Any]) -> str:
    """Return the URL of an enrollment, to which `/verify` is added."""
    return f"{call.url}{PATH}/{quote(answer.get('id', NEW), safe='')}"


def check_channel(call: Call) -> None:
    """Check how codes are to be sent to a phone.

    Raises:
        MyAccountRefusal: 501 for calls, which mockidp does not make; 400 for other values.
    """
    if PREFERRED not in call.body:
        return
    channel = read_string(call, PREFERRED, among=("sms", "voice"))
    with call.tenant.trace.check("channel", sent=channel):
        if channel == "voice":
            raise not_implemented("Calls to phones")


def not_implemented(feature: str) -> MyAccountRefusal:
    """Return the 501 of a feature that Auth0 has and mockidp does not."""
    return MyAccountRefusal(
        HTTPStatus.NOT_IMPLEMENTED,
        f"{feature}: not implemented by mockidp",
        hint=f"Auth0 has this feature ({feature}), but mockidp does not have it.",
    )


def _read_type(call: Call) -> Factor | None:
    """Return the factor to enroll; None for a passkey."""
    kind = read_string(call, "type", among=(*FACTOR_OF, PASSKEY, *OTHER_TYPES))
    if kind == PASSKEY:
        return None
    with call.tenant.trace.check("type", sent=kind):
        if kind in OTHER_TYPES:
            name = "Passwords" if kind == "password" else "WebAuthn as second factor"
            raise not_implemented(f"{name} in the My Account API")
        factor = FACTOR_OF[kind]
        if not is_enabled(call.tenant, factor):
            raise MyAccountRefusal(
                HTTPStatus.FORBIDDEN,
                f"The factor {kind} is not enabled",
                hint=f"Enable {factor} in `guardianFactors`, or enroll another factor.",
            )
    return factor


def _read_address(call: Call, factor: Factor) -> str:
    """Return the phone number or the e-mail address; empty for other factors."""
    if factor == SMS:
        check_members(call, "type", "phone_number", PREFERRED)
        check_channel(call)
        return _read_valid(call, "phone_number")
    if factor == EMAIL:
        check_members(call, "type", "email")
        return _read_valid(call, "email")
    check_members(call, "type")
    return ""


def _read_valid(call: Call, name: str) -> str:
    address = read_string(call, name)
    is_phone = name == "phone_number"
    with call.tenant.trace.check(name, sent=address):
        if (check_phone_number if is_phone else check_email)(address):
            example = "+15551234567 (E.164)" if is_phone else "user@example.com"
            raise invalid(
                name,
                f"Invalid value of property: {name}",
                hint=f"`{name}` is {address!r:.80}. Send it as {example}.",
            )
    return address


def _start(call: Call, made: Authenticator) -> str:
    """Start the enrollment of an authenticator. Return its `auth_session`."""
    tenant = call.tenant
    if made.is_oob:
        return send_challenge(tenant, made, login=LOGIN, client_id=call.caller.client_id)
    session = tenant.ids.mfa_token()
    challenge = OobChallenge(
        authenticator_id=made.id, user_id=made.user_id, login=LOGIN, answer="approved"
    )
    tenant.oob_challenges.put(session, challenge, expires_at=tenant.now() + OOB_LIFETIME)
    return session


def _details(call: Call, user: User, made: Authenticator) -> dict[str, Any]:
    """Return the fields that only methods of this type have."""
    if made.factor == OTP:
        uri = totp_uri(made.secret, tenant=call.tenant.name, user=user.email or user.user_id)
        return {"barcode_uri": uri, "manual_input_code": made.secret}
    if made.factor == PUSH:
        return {"barcode_uri": push_uri(call.tenant, call.url, user.user_id, made.id)}
    return {"recovery_code": made.secret} if made.factor == RECOVERY_CODE else {}
