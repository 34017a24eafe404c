"""Examples of second factors."""

from __future__ import annotations

import pyotp

from mockidp import MockIdP
from python_examples.mfa_app import challenge, log_in, mfa_token, send

# --- second factors ---


def enroll_totp(idp: MockIdP) -> None:
    secret = idp.enroll_totp("alice")
    assert pyotp.TOTP(secret).at(idp.clock.now()) == idp.totp_code("alice")


def totp_code(idp: MockIdP) -> None:
    idp.enroll_totp("alice")
    token = mfa_token(idp)
    assert send(idp, "otp", mfa_token=token, otp=idp.totp_code("alice")).status_code == 200


def enroll_phone(idp: MockIdP) -> None:
    idp.enroll_phone("alice", "+15551234567")
    token = mfa_token(idp)
    oob_code = challenge(idp, token)
    code = idp.outbox.last(to="+15551234567").code
    answer = send(idp, "oob", mfa_token=token, oob_code=oob_code, binding_code=code)
    assert answer.status_code == 200


def enroll_email(idp: MockIdP) -> None:
    idp.enroll_email("alice", "alice@home.example")
    challenge(idp, mfa_token(idp))
    assert idp.outbox.last(to="alice@home.example").code


def enroll_push(idp: MockIdP) -> None:
    idp.enroll_push("alice")
    token = mfa_token(idp)
    answer = send(idp, "oob", mfa_token=token, oob_code=challenge(idp, token))
    assert answer.json()["error"] == "authorization_pending"


def approve_push(idp: MockIdP) -> None:
    idp.enroll_push("alice")
    token = mfa_token(idp)
    oob_code = challenge(idp, token)
    idp.approve_push("alice")
    assert send(idp, "oob", mfa_token=token, oob_code=oob_code).status_code == 200


def reject_push(idp: MockIdP) -> None:
    idp.enroll_push("alice")
    token = mfa_token(idp)
    oob_code = challenge(idp, token)
    idp.reject_push("alice")
    answer = send(idp, "oob", mfa_token=token, oob_code=oob_code)
    assert answer.json()["error_description"] == "MFA Authorization rejected."


def new_recovery_code(idp: MockIdP) -> None:
    idp.enroll_totp("alice")
    code = idp.new_recovery_code("alice")
    answer = send(idp, "recovery-code", mfa_token=mfa_token(idp), recovery_code=code)
    assert answer.json()["recovery_code"] != code


def remove_authenticators(idp: MockIdP) -> None:
    idp.enroll_totp("alice")
    idp.remove_authenticators("alice")
    assert "enroll" in log_in(idp)["mfa_requirements"]
