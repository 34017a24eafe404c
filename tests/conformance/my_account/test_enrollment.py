"""Enroll second factors with the My Account API."""

import pyotp
import pytest

from helpers.mfa import MFA_API, PHONE
from helpers.my_account import problem
from helpers.tenant_client import hint, race
from mockidp.my_account import verify

PHONE_BODY = {"phone_number": PHONE}
INVALID_SESSION = (400, "Bad Request", "Invalid auth_session", "auth_session")
WRONG_CODE = (400, "Bad Request", "Invalid otp_code", None)


@pytest.mark.parametrize(
    ("kind", "fields", "shown"),
    [
        ("phone", PHONE_BODY,
         {**PHONE_BODY, "preferred_authentication_method": "sms"}),
        ("phone", {**PHONE_BODY, "preferred_authentication_method": "sms"}, PHONE_BODY),
        ("email", {"email": "other@acme.example"}, {"email": "other@acme.example"}),
    ],
)  # fmt: skip
def test_a_code_that_was_sent_confirms_an_enrollment(idp, kind, fields, shown):
    answer = idp.enroll(kind, **fields)
    started = answer.json
    assert answer.status_code == 202
    assert set(started) == {"id", "auth_session"}
    assert started["id"].startswith({"phone": "sms|dev_", "email": "email|dev_"}[kind])
    assert answer.headers["Location"].startswith(f"{idp.url}/me/v1/authentication-methods/")
    assert "%7Cdev_" in answer.headers["Location"]
    code = idp.tenant.outbox.last().code

    confirmed = idp.verify(started, otp_code=code)
    assert confirmed.status_code == 201
    assert confirmed.json["confirmed"] is True
    assert shown.items() <= confirmed.json.items()
    assert confirmed.json in idp.methods()
    assert problem(idp.verify(started, otp_code=code)) == INVALID_SESSION


def test_an_app_is_enrolled_with_its_first_code_and_then_a_login_requires_it(idp):
    started = idp.enroll("totp").json
    assert set(started) == {"id", "auth_session", "barcode_uri", "manual_input_code"}
    app = pyotp.parse_uri(started["barcode_uri"])
    assert app.secret == started["manual_input_code"]
    wrong = idp.verify(started, otp_code=idp.wrong_code(app.secret))
    assert problem(wrong) == WRONG_CODE
    assert "totp_code(user)" in hint(wrong)

    answer = idp.verify(started, otp_code=idp.code(app.secret))
    assert answer.status_code == 201
    assert answer.json == {
        "id": started["id"],
        "type": "totp",
        "created_at": answer.json["created_at"],
        "usage": ["secondary"],
        "confirmed": True,
    }
    token = idp.mfa_token(audience=MFA_API)
    idp.later(60)
    assert idp.otp(token, idp.code(app.secret)).status_code == 200


def test_a_push_notification_is_confirmed_by_the_answer_on_the_phone(idp):
    started = idp.enroll("push-notification").json
    assert "enrollment_tx_id=" in started["barcode_uri"]
    early = idp.verify(started)
    assert problem(early) == (
        400, "Bad Request", "The enrollment is not complete", "auth_session",
    )  # fmt: skip
    assert "The push notification is pending." in hint(early)
    answered = idp.post(
        "/_mockidp/v1/mfa/push-answers", json_body={"user": "alice", "approved": True}
    )
    assert answered.status_code == 204
    assert idp.verify(started).json["confirmed"] is True


def test_a_new_recovery_code_replaces_the_old_one_when_it_is_confirmed(idp):
    first = idp.enroll("recovery-code").json
    assert len(first["recovery_code"]) == 24
    assert idp.verify(first).status_code == 201
    second = idp.enroll("recovery-code").json
    assert idp.verify(second).status_code == 201
    shown = [one["id"] for one in idp.methods() if one["type"] == "recovery-code"]
    assert shown == [second["id"]]


def test_an_answer_for_the_enrollment_of_an_app_is_not_that_of_a_push_notification(idp):
    idp.enroll("totp")
    answer = idp.post(
        "/_mockidp/v1/mfa/push-answers", json_body={"user": "alice", "approved": False}
    )
    assert answer.status_code == 400
    assert "No push notification is waiting" in answer.json["detail"]


class TestRaces:
    def test_mockidp_my_account__a_code_that_was_sent_confirms_once(self, idp):
        started = idp.enroll("phone", **PHONE_BODY).json
        code = idp.tenant.outbox.last().code
        token = idp.account_token()
        answers = race(lambda: verify_with(idp, token, started, otp_code=code))
        assert sorted({one.status_code for one in answers} - {429}) == [201, 400]
        assert [one.status_code for one in answers].count(201) == 1

    def test_mockidp_my_account__the_code_of_an_app_confirms_once(self, idp):
        started = idp.enroll("totp").json
        code, token = idp.code(started["manual_input_code"]), idp.account_token()
        answers = race(lambda: verify_with(idp, token, started, otp_code=code))
        assert [one.status_code for one in answers].count(201) == 1

    def test_mockidp_my_account__an_auth_session_works_once(self, idp):
        started, token = idp.enroll("recovery-code").json, idp.account_token()
        answers = race(lambda: verify_with(idp, token, started))
        assert [one.status_code for one in answers].count(201) == 1
        assert {one.status_code for one in answers} == {201, 400}


def test_an_auth_session_that_another_request_took_first_is_refused(idp, monkeypatch):
    started = idp.enroll("recovery-code").json
    monkeypatch.setattr(verify, "end_challenge", lambda *_: False)
    answer = idp.verify(started)
    assert problem(answer) == INVALID_SESSION
    assert hint(answer).startswith("This `auth_session` was used before.")


def verify_with(idp, token, started, **fields):
    """Verify in a browser of this thread."""
    browser = idp.another_browser()
    path = f"/me/v1/authentication-methods/{started['id'].replace('|', '%7C')}/verify"
    return browser.post(
        path,
        headers={"Authorization": f"Bearer {token}"},
        json_body={"auth_session": started["auth_session"], **fields},
    )


class TestRefusals:
    @pytest.mark.parametrize(
        ("body", "detail", "field"),
        [
            ({}, "Missing required property: type", "type"),
            ({"type": "carrier-pigeon"}, "Invalid value of property: type", "type"),
            ({"type": 1}, "Invalid value of property: type", "type"),
            ({"type": "totp", "secret": "x"}, "Unknown property: secret", "secret"),
            ({"type": "phone"}, "Missing required property: phone_number", "phone_number"),
            ({"type": "phone", "phone_number": "5551234"},
             "Invalid value of property: phone_number", "phone_number"),
            ({"type": "phone", "phone_number": PHONE, "preferred_authentication_method": "fax"},
             "Invalid value of property: preferred_authentication_method",
             "preferred_authentication_method"),
            ({"type": "email", "email": "nobody"}, "Invalid value of property: email", "email"),
            ({"type": "email", "emial": "a@b.example"}, "Unknown property: emial", "emial"),
        ],
    )  # fmt: skip
    def test_a_wrong_body_is_400_and_names_the_member(self, idp, body, detail, field):
        answer = idp.call("POST", "/authentication-methods", body)
        assert problem(answer) == (400, "Bad Request", detail, field)
        assert hint(answer)

    @pytest.mark.parametrize(
        ("body", "feature"),
        [
            ({"type": "webauthn-roaming"}, "WebAuthn as second factor in the My Account API"),
            ({"type": "password"}, "Passwords in the My Account API"),
            ({"type": "phone", "phone_number": PHONE, "preferred_authentication_method": "voice"},
             "Calls to phones"),
        ],
    )  # fmt: skip
    def test_what_mockidp_does_not_have_is_501_and_named(self, idp, body, feature):
        answer = idp.call("POST", "/authentication-methods", body)
        detail = f"{feature}: not implemented by mockidp"
        assert problem(answer) == (501, "Not Implemented", detail, None)

    def test_a_factor_that_is_not_enabled_is_403(self, make_idp):
        answer = make_idp(factors=("otp",)).enroll("phone", **PHONE_BODY)
        assert problem(answer) == (403, "Forbidden", "The factor phone is not enabled", None)
        assert hint(answer) == "Enable sms in `guardianFactors`, or enroll another factor."

    def test_ten_wrong_codes_are_too_many(self, idp):
        started = idp.enroll("phone", **PHONE_BODY).json
        code = idp.tenant.outbox.last().code
        wrong = "000000" if code != "000000" else "111111"
        for _ in range(10):
            assert problem(idp.verify(started, otp_code=wrong)) == WRONG_CODE
        expected = (429, "Too Many Requests", "Too many invalid codes", None)
        assert problem(idp.verify(started, otp_code=code)) == expected

    def test_an_enrollment_expires(self, idp):
        started = idp.enroll("totp").json
        idp.later(301)
        code = idp.code(started["manual_input_code"])
        assert problem(idp.verify(started, otp_code=code)) == INVALID_SESSION

    def test_an_auth_session_is_for_one_method_only(self, idp):
        app, phone = idp.enroll("totp").json, idp.enroll("phone", **PHONE_BODY).json
        mixed = {"id": phone["id"], "auth_session": app["auth_session"]}
        answer = idp.verify(mixed, otp_code=idp.code(app["manual_input_code"]))
        assert problem(answer) == INVALID_SESSION

    def test_the_code_is_required_and_other_members_are_refused(self, idp):
        started = idp.enroll("totp").json
        missing = (400, "Bad Request", "Missing required property: otp_code", "otp_code")
        assert problem(idp.verify(started)) == missing
        other = (400, "Bad Request", "Unknown property: code", "code")
        assert problem(idp.verify(started, code="123456")) == other

    def test_a_body_that_is_no_json_is_400(self, idp):
        answer = idp.request(
            "POST",
            "/me/v1/authentication-methods",
            headers={"Authorization": f"Bearer {idp.account_token()}"},
            data="{",
            content_type="application/json",
        )
        assert problem(answer)[:2] == (400, "Bad Request")
