"""`/mfa/challenge`, `/mfa/associate` and `/mfa/authenticators`."""

from dataclasses import replace
from urllib.parse import parse_qs, quote, urlsplit

import pyotp
import pytest

from helpers.acme import API, ORIGIN
from helpers.mfa import (
    APP,
    CREDENTIALS,
    MFA_API,
    OTHER_EMAIL,
    PHONE,
    PHONE_OF_ALICE,
    SECRET,
    MfaClient,
    refused,
)
from helpers.tenant_client import bearer, claims_of, hint
from mockidp.protocol.jwt import make_token

NOT_ENROLLED = (
    401,
    "unsupported_challenge_type",
    "User is not enrolled. You can use /mfa/associate endpoint to enroll the first authenticator.",
)


@pytest.fixture
def idp():
    return MfaClient(APP, PHONE_OF_ALICE)


class TestChallenge:
    """`/mfa/challenge`."""

    def test_auth0_mfa__a_challenge_of_an_app_needs_no_message(self, idp):
        answer = idp.challenge(idp.mfa_token(), challenge_type="otp")
        assert (answer.status_code, answer.json) == (200, {"challenge_type": "otp"})
        assert len(idp.tenant.outbox) == 0

    def test_auth0_mfa__a_challenge_of_a_phone_sends_a_code(self, idp):
        answer = idp.challenge(idp.mfa_token(), challenge_type="oob")
        assert list(answer.json) == ["challenge_type", "oob_code", "binding_method"]
        assert answer.json["oob_code"].startswith("Fe26.2*")
        assert answer.json["binding_method"] == "prompt"
        message = idp.tenant.outbox.last()
        assert (message.to, message.kind, message.subject) == (PHONE, "otp_verify", "")
        assert message.text == f"{message.code} is your verification code for Acme."
        assert (message.user_id, message.client_id) == ("auth0|alice", "web")

    def test_auth0_mfa__an_email_address_gets_a_code_by_email(self):
        idp = MfaClient(OTHER_EMAIL)
        idp.challenge(idp.mfa_token())
        message = idp.tenant.outbox.last()
        assert (message.to, message.kind) == ("other@acme.example", "mfa_oob_code")
        assert message.subject == "Your verification code for Acme"

    def test_auth0_mfa__without_a_type_the_first_factor_is_used(self, idp):
        assert idp.challenge(idp.mfa_token()).json == {"challenge_type": "otp"}

    def test_auth0_mfa__the_authenticator_can_be_chosen(self, idp):
        token = idp.mfa_token()
        ids = [one["id"] for one in idp.authenticators(token)]
        assert [one.partition("|")[0] for one in ids] == ["totp", "sms", "email"]
        answer = idp.challenge(token, challenge_type="otp oob", authenticator_id=ids[2])
        assert answer.json["challenge_type"] == "oob"
        assert idp.tenant.outbox.last().to == "alice@acme.example"

    def test_auth0_mfa__a_type_that_the_user_does_not_have(self):
        idp = MfaClient(APP, factors=("otp",))
        answer = idp.challenge(idp.mfa_token(), challenge_type="oob")
        assert refused(answer) == (
            401,
            "unsupported_challenge_type",
            "The user does not support the requested challenge type (oob). Supported type: otp.",
        )
        answer = idp.challenge(idp.mfa_token(), challenge_type="oob x")
        assert "any of the requested challenge types (oob, x)" in refused(answer)[2]

    def test_auth0_mfa__a_user_without_a_factor(self):
        idp = MfaClient(factors=("otp",))
        assert refused(idp.challenge(idp.mfa_token())) == NOT_ENROLLED

    def test_mockidp_mfa__an_unknown_authenticator(self, idp):
        answer = idp.challenge(idp.mfa_token(), authenticator_id="totp|dev_x")
        assert refused(answer) == (400, "invalid_request", "Invalid authenticator_id")
        assert "Known authenticators: totp|dev_" in hint(answer)

    def test_auth0_mfa__the_client_has_to_authenticate(self, idp):
        answer = idp.challenge(idp.mfa_token(), client_secret="wrong")
        assert refused(answer) == (401, "access_denied", "Unauthorized")

    def test_auth0_mfa__the_token_is_required(self, idp):
        answer = idp.post("/mfa/challenge", **CREDENTIALS)
        assert refused(answer) == (400, "invalid_request", "Missing required parameter: mfa_token")

    def test_auth0_mfa__another_client_cannot_use_the_token(self, idp):
        answer = idp.challenge(idp.mfa_token(), client_id="other", client_secret="other-secret")
        assert refused(answer) == (400, "invalid_request", "mfa_token not issued to this client")

    def test_mockidp_mfa__a_misspelt_parameter_is_named(self, idp):
        answer = idp.challenge(idp.mfa_token(), challengeType="oob")
        assert hint(answer) == (
            "Parameter `challengeType` is unknown and was ignored. Did you mean `challenge_type`?"
        )


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


class TestAuthenticators:
    """`/mfa/authenticators`."""

    def test_auth0_mfa__they_are_listed_without_secrets(self, idp):
        token = idp.mfa_token()
        answer = idp.get("/mfa/authenticators", headers=bearer(token))
        assert SECRET not in answer.text
        app, phone, email = answer.json
        assert {**app, "id": "x"} == {
            "id": "x", "authenticator_type": "otp", "active": True, "type": "otp",
        }  # fmt: skip
        assert list(phone) == ["id", "authenticator_type", "active", "oob_channel", "name", "type"]
        assert (phone["oob_channel"], phone["name"]) == ("sms", "XXXXXXX4567")
        assert (email["oob_channel"], email["name"]) == ("email", "alice@acme.example")
        assert phone["type"] == "phone"

    def test_auth0_mfa__an_access_token_needs_the_scope(self, idp):
        answer = idp.get("/mfa/authenticators", headers=bearer(idp.api_token("enroll")))
        assert refused(answer) == (
            403,
            "insufficient_scope",
            "Insufficient scope, expected any of: read:authenticators",
        )
        assert len(idp.authenticators(idp.api_token("read:authenticators"))) == 3

    def remove(self, idp, token, authenticator_id):
        path = f"/mfa/authenticators/{quote(authenticator_id, safe='')}"
        return idp.request("DELETE", path, headers=bearer(token))

    def test_auth0_mfa__a_factor_is_removed(self, idp):
        token = idp.api_token("remove:authenticators")
        app, phone, email = (one["id"] for one in idp.authenticators(idp.mfa_token()))
        for one in (phone, email):
            answer = self.remove(idp, token, one)
            assert (answer.status_code, answer.text) == (204, "")
        assert [one["id"] for one in idp.authenticators(idp.mfa_token())] == [app]
        assert self.remove(idp, token, app).status_code == 204
        assert "enroll" in idp.password_token().json["mfa_requirements"]

    def test_auth0_mfa__an_unknown_one_is_not_found(self, idp):
        answer = self.remove(idp, idp.api_token("remove:authenticators"), "totp|dev_x")
        assert answer.status_code == 404
        assert hint(answer).startswith("User auth0|alice has no authenticator 'totp|dev_x'.")

    def test_mockidp_mfa__an_mfa_token_removes_nothing(self, idp):
        token = idp.mfa_token()
        answer = self.remove(idp, token, idp.authenticators(token)[0]["id"])
        assert refused(answer)[:2] == (403, "insufficient_scope")
        assert "an `mfa_token` was sent" in hint(answer).lower()

    @pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic x"}, bearer("")])
    def test_auth0_mfa__a_bearer_token_is_required(self, idp, headers):
        answer = idp.get("/mfa/authenticators", headers=headers)
        assert refused(answer) == (401, "invalid_token", "Missing bearer token")

    def test_auth0_mfa__a_token_for_another_api_is_refused(self):
        idp = MfaClient(policies=())
        token = idp.password_token(audience=API).json["access_token"]
        answer = idp.get("/mfa/authenticators", headers=bearer(token))
        assert refused(answer) == (401, "invalid_token", "Invalid token")
        assert hint(answer) == (
            f"The token's audience is {API!r}. Request a token with the audience {MFA_API}."
        )

    def test_auth0_mfa__an_expired_or_damaged_access_token_is_refused(self):
        idp = MfaClient(policies=())
        token = idp.password_token(audience=MFA_API, scope="read:authenticators").json
        token = token["access_token"]
        assert len(idp.authenticators(token)) == 1
        damaged = idp.get("/mfa/authenticators", headers=bearer(token[:-8]))
        assert refused(damaged) == (401, "invalid_token", "Invalid token")
        idp.later(600)
        answer = idp.get("/mfa/authenticators", headers=bearer(token))
        assert refused(answer) == (401, "invalid_token", "Invalid token")
        assert hint(answer).startswith("The access token expired at ")

    def test_mockidp_mfa__an_access_token_without_an_end_is_refused(self):
        idp = MfaClient(policies=())
        token = idp.password_token(audience=MFA_API, scope="read:authenticators").json
        claims = claims_of(token["access_token"])
        del claims["exp"]
        key = idp.tenant.keys.current
        endless = make_token(claims, key=key, secret="", alg="RS256").sign()
        answer = idp.get("/mfa/authenticators", headers=bearer(endless))
        assert hint(answer) == "The access token has no `exp`."


def test_auth0_mfa__browsers_may_call_it(idp):
    token = idp.mfa_token()
    answer = idp.get("/mfa/authenticators", headers=bearer(token) | {"Origin": ORIGIN})
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    preflight = idp.request("OPTIONS", "/mfa/associate", headers={"Origin": ORIGIN})
    assert preflight.status_code == 204


def test_auth0_mfa__discovery_names_the_endpoint(idp):
    document = idp.get("/.well-known/openid-configuration").json
    assert document["mfa_challenge_endpoint"] == "http://localhost:9400/mfa/challenge"


def test_mockidp_mfa__the_journal_shows_no_tokens(idp):
    token = idp.mfa_token()
    idp.otp(token, idp.code())
    shown = str([entry.parameters for entry in idp.tenant.journal])
    assert token not in shown
    assert f"{token[:8]}..." in shown


def test_mockidp_mfa__other_factors_in_the_file_are_other_authenticators(idp):
    before = [one["id"] for one in idp.authenticators(idp.mfa_token())]
    again = [one["id"] for one in idp.authenticators(idp.mfa_token())]
    assert before == again
    users = tuple(
        replace(one, mfa_factors=(OTHER_EMAIL,) if one.mfa_factors else ())
        for one in idp.tenant.document.users
    )
    idp.edit(replace(idp.tenant.document, users=users))
    after = [one["id"] for one in idp.authenticators(idp.mfa_token())]
    assert set(before) & set(after) == {before[2]}
