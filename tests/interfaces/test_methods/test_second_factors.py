"""The methods for second factors."""

from dataclasses import replace

import pytest

from helpers.acme import ACME
from helpers.mfa import PHONE, SECRET, refused, with_mfa
from mockidp import MockIdPError
from mockidp.protocol.oauth.grant_types import MFA_OOB, MFA_OTP, MFA_RECOVERY_CODE


@pytest.fixture
def idp(interface):
    idp = interface.make(with_mfa(document=VALID))
    idp.clock.freeze("2030-01-31T12:00:00Z")
    return idp


# Without the reference to a missing role, which the control API would refuse.
VALID = replace(ACME, roles=(), users=tuple(replace(one, roles=()) for one in ACME.users))


def mfa_token(wire):
    answer = wire.password_token()
    assert answer.json["error"] == "mfa_required"
    return answer.json["mfa_token"]


def challenge(wire, token):
    form = {"client_id": "web", "client_secret": "web-secret", "challenge_type": "oob"}
    return wire.post("/mfa/challenge", mfa_token=token, **form).json["oob_code"]


def otp(wire, code):
    return wire.token(grant_type=MFA_OTP, mfa_token=mfa_token(wire), otp=code)


@pytest.mark.parametrize("name", ["alice", "auth0|alice", "alice@acme.example"])
def test_the_code_of_an_enrolled_app_is_accepted(idp, wire, name):
    secret = idp.enroll_totp(name)
    assert len(secret) == 32
    assert otp(wire, idp.totp_code(name)).status_code == 200


def test_after_the_current_code_the_next_one_is_returned_and_then_none(idp, wire):
    assert idp.enroll_totp("alice", secret=SECRET) == SECRET
    first = idp.totp_code("alice")
    assert idp.totp_code("alice") == first
    assert otp(wire, first).status_code == 200
    second = idp.totp_code("alice")
    assert second != first
    assert otp(wire, second).status_code == 200
    with pytest.raises(MockIdPError, match=r"up to 30 seconds from now were used"):
        idp.totp_code("alice")
    idp.clock.advance(30)
    assert otp(wire, idp.totp_code("alice")).status_code == 200


def test_a_user_without_an_app_has_no_code(idp):
    with pytest.raises(MockIdPError, match=r"has no authenticator app. `enroll_totp` enrolls one"):
        idp.totp_code("alice")


def test_a_secret_that_is_not_base32_is_an_error(idp):
    with pytest.raises(MockIdPError, match="expected 8 to 128 characters of base32"):
        idp.enroll_totp("alice", secret="secret")


def test_the_short_secret_of_many_examples_works(idp, wire):
    idp.enroll_totp("alice", secret="JBSWY3DPEHPK3PXP")
    assert otp(wire, idp.totp_code("alice")).status_code == 200


def test_an_unknown_user_is_an_error(idp):
    with pytest.raises(MockIdPError, match="There is no user 'eve'"):
        idp.enroll_totp("eve")


def test_the_code_for_an_enrolled_phone_is_in_the_outbox(idp, wire):
    idp.enroll_phone("alice", PHONE)
    token = mfa_token(wire)
    oob_code = challenge(wire, token)
    code = idp.outbox.last(to=PHONE).code
    form = {"mfa_token": token, "oob_code": oob_code, "binding_code": code}
    assert wire.token(grant_type=MFA_OOB, **form).status_code == 200
    with pytest.raises(MockIdPError, match="expected a phone number such as"):
        idp.enroll_phone("alice", "555")


def test_the_code_for_an_enrolled_email_address_is_in_the_outbox(idp, wire):
    idp.enroll_email("alice", "other@acme.example")
    challenge(wire, mfa_token(wire))
    assert idp.outbox.last(user="alice").to == "other@acme.example"
    with pytest.raises(MockIdPError, match="expected an e-mail address"):
        idp.enroll_email("alice", "other")


def push(wire, token, oob_code):
    return wire.token(grant_type=MFA_OOB, mfa_token=token, oob_code=oob_code)


def test_a_push_notification_is_approved(idp, wire):
    idp.enroll_push("alice")
    token = mfa_token(wire)
    oob_code = challenge(wire, token)
    assert refused(push(wire, token, oob_code)) == (
        400,
        "authorization_pending",
        "Authorization pending: please repeat the request in a few seconds.",
    )
    idp.approve_push("alice")
    assert push(wire, token, oob_code).status_code == 200
    with pytest.raises(
        MockIdPError, match=r"No push notification is waiting for user auth0\|alice"
    ):
        idp.approve_push("alice")


def test_the_latest_push_notification_is_answered_first(idp, wire):
    idp.enroll_push("alice")
    tokens = [mfa_token(wire), mfa_token(wire)]
    first, second = [challenge(wire, token) for token in tokens]
    idp.approve_push("alice")
    idp.reject_push("alice")
    assert push(wire, tokens[1], second).status_code == 200
    assert push(wire, tokens[0], first).json["error"] == "access_denied"


def test_a_push_notification_is_rejected(idp, wire):
    idp.enroll_push("alice")
    token = mfa_token(wire)
    oob_code = challenge(wire, token)
    idp.reject_push("alice")
    assert refused(push(wire, token, oob_code)) == (
        400,
        "access_denied",
        "MFA Authorization rejected.",
    )


def test_a_push_notification_that_has_expired_cannot_be_answered(idp, wire):
    idp.enroll_push("alice")
    challenge(wire, mfa_token(wire))
    idp.clock.advance(300)
    with pytest.raises(MockIdPError, match="No push notification is waiting"):
        idp.approve_push("alice")


def test_a_new_recovery_code_replaces_the_previous_one(idp, wire):
    idp.enroll_totp("alice")
    old, new = idp.new_recovery_code("alice"), idp.new_recovery_code("alice")

    def recover(code):
        form = {"mfa_token": mfa_token(wire), "recovery_code": code}
        return wire.token(grant_type=MFA_RECOVERY_CODE, **form)

    assert recover(old).json["error_description"] == "Invalid recovery_code."
    answer = recover(new)
    assert answer.status_code == 200
    assert recover(answer.json["recovery_code"]).status_code == 200


def test_removed_factors_have_to_be_enrolled_again(idp, wire):
    idp.enroll_totp("alice")
    assert "mfa_requirements" not in wire.password_token().json
    idp.remove_authenticators("alice")
    assert "enroll" in wire.password_token().json["mfa_requirements"]
