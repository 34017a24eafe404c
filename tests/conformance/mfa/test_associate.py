"""`/mfa/associate`."""

from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from helpers.mfa import (
    APP,
    PHONE,
    MfaClient,
    refused,
)
from helpers.tenant_client import hint


class TestAssociate:
    """`/mfa/associate`."""

    @pytest.fixture
    def idp(self):
        return MfaClient()

    def test_auth0_mfa__an_app_gets_a_secret_and_the_first_enrollment_a_recovery_code(self, idp):
        token = idp.mfa_token()
        body = idp.associate(token, authenticator_types=["otp"]).json
        assert list(body) == ["authenticator_type", "secret", "barcode_uri", "recovery_codes"]
        assert body["authenticator_type"] == "otp"
        app = pyotp.parse_uri(body["barcode_uri"])
        assert (app.secret, app.issuer, app.name) == (body["secret"], "Acme", "alice@acme.example")
        assert parse_qs(urlsplit(body["barcode_uri"]).query)["period"] == ["30"]
        [code] = body["recovery_codes"]
        assert len(code) == 24
        assert idp.otp(token, app.at(int(idp.tenant.now()))).status_code == 200
        again = idp.challenge(idp.mfa_token())
        assert again.json == {"challenge_type": "otp"}

    def test_auth0_mfa__an_unconfirmed_app_is_not_enrolled(self, idp):
        token = idp.mfa_token()
        idp.associate(token, authenticator_types=["otp"])
        assert "enroll" in idp.password_token().json["mfa_requirements"]
        assert [one["active"] for one in idp.authenticators(token)] == [False, False, True]

    def test_mockidp_mfa__a_second_enrollment_replaces_an_unconfirmed_one(self, idp):
        token = idp.mfa_token()
        first = idp.associate(token, authenticator_types=["otp"]).json
        second = idp.associate(token, authenticator_types=["otp"]).json
        assert len(idp.authenticators(token)) == 3
        assert idp.otp(token, idp.code(first["secret"])).status_code == 403
        assert idp.otp(token, idp.code(second["secret"])).status_code == 200

    def test_auth0_mfa__without_the_factor_there_are_no_recovery_codes(self):
        idp = MfaClient(factors=("otp",))
        body = idp.associate(idp.mfa_token(), authenticator_types=["otp"]).json
        assert "recovery_codes" not in body

    def test_auth0_mfa__a_phone_gets_a_code(self, idp):
        token = idp.mfa_token()
        body = idp.associate(
            token, authenticator_types=["oob"], oob_channels=["sms"], phone_number=PHONE
        ).json
        assert list(body) == [
            "authenticator_type", "binding_method", "recovery_codes", "oob_channel", "oob_code",
        ]  # fmt: skip
        message = idp.tenant.outbox.last(to=PHONE)
        assert message.kind == "otp_enroll"
        assert message.text.endswith("Please enter this code to verify your enrollment.")
        done = idp.oob(token, body["oob_code"], binding_code=message.code)
        assert done.status_code == 200
        token = idp.mfa_token()
        assert [one["active"] for one in idp.authenticators(token)] == [True, True, True]
        assert idp.challenge(token).json["challenge_type"] == "oob"

    def test_auth0_mfa__an_email_address_gets_a_code(self, idp):
        token = idp.mfa_token()
        body = idp.associate(
            token, authenticator_types=["oob"], oob_channels=["email"], email="new@acme.example"
        ).json
        code = idp.tenant.outbox.last(to="new@acme.example").code
        assert idp.oob(token, body["oob_code"], binding_code=code).status_code == 200

    def test_auth0_mfa__push_notifications_get_a_barcode(self, idp):
        body = idp.associate(
            idp.mfa_token(), authenticator_types=["oob"], oob_channels=["auth0"]
        ).json
        assert list(body) == [
            "authenticator_type", "barcode_uri", "recovery_codes", "oob_channel", "oob_code",
        ]  # fmt: skip
        assert body["barcode_uri"].startswith("otpauth://totp/Acme:auth0%7Calice?enrollment_tx_id=")
        assert body["oob_channel"] == "auth0"

    def test_auth0_mfa__a_user_who_has_a_factor_cannot_enroll_with_an_mfa_token(self):
        idp = MfaClient(APP)
        answer = idp.associate(idp.mfa_token(), authenticator_types=["otp"])
        assert refused(answer) == (403, "access_denied", "User is already enrolled.")

    def test_auth0_mfa__an_access_token_enrolls_more_factors(self):
        idp = MfaClient(APP)
        access = idp.api_token("enroll")
        body = idp.associate(
            access, authenticator_types=["oob"], oob_channels=["sms"], phone_number=PHONE
        ).json
        assert "recovery_codes" not in body
        code = idp.tenant.outbox.last(to=PHONE).code
        assert idp.oob(access, body["oob_code"], binding_code=code).status_code == 200
        assert [one["id"].partition("|")[0] for one in idp.authenticators(idp.mfa_token())] == [
            "totp", "sms", "email",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("body", "error", "description"),
        [
            ({}, "invalid_request", "Missing required parameter: authenticator_types"),
            (
                {"authenticator_types": ["oob"]},
                "invalid_request",
                "Missing required parameter: oob_channels",
            ),
            (
                {"authenticator_types": "otp"},
                "invalid_request",
                "Parameter 'authenticator_types' must be an array with one string",
            ),
            (
                {"authenticator_types": ["otp", "oob"]},
                "invalid_request",
                "Parameter 'authenticator_types' must be an array with one string",
            ),
            (
                {"authenticator_types": [1]},
                "invalid_request",
                "Parameter 'authenticator_types' must be an array with one string",
            ),
            (
                {"authenticator_types": ["webauthn-roaming"]},
                "invalid_request",
                "Unsupported value in authenticator_types: webauthn-roaming",
            ),
            (
                {"authenticator_types": ["oob"], "oob_channels": ["voice"]},
                "invalid_request",
                "Unsupported value in oob_channels: voice",
            ),
            (
                {"authenticator_types": ["oob"], "oob_channels": ["sms"]},
                "invalid_request",
                "Missing required parameter: phone_number",
            ),
            (
                {"authenticator_types": ["oob"], "oob_channels": ["sms"], "phone_number": "555"},
                "invalid_phone_number",
                "Invalid phone number format",
            ),
            (
                {"authenticator_types": ["oob"], "oob_channels": ["email"], "email": "x"},
                "invalid_request",
                "Invalid email format",
            ),
        ],
    )
    def test_auth0_mfa__a_wrong_parameter_is_named(self, idp, body, error, description):
        answer = idp.associate(idp.mfa_token(), **body)
        assert refused(answer) == (400, error, description)

    def test_mockidp_mfa__voice_is_refused_by_name(self, idp):
        answer = idp.associate(idp.mfa_token(), authenticator_types=["oob"], oob_channels=["voice"])
        assert "Auth0 also calls users, which mockidp does not." in hint(answer)

    def test_mockidp_mfa__a_disabled_factor_is_refused_by_name(self):
        idp = MfaClient(factors=("sms",))
        answer = idp.associate(idp.mfa_token(), authenticator_types=["otp"])
        assert refused(answer) == (
            403,
            "unsupported_challenge_type",
            "The factor otp is not enabled.",
        )
