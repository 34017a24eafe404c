"""`/mfa/challenge`, and what holds for all endpoints of the MFA API."""

from dataclasses import replace

from helpers.acme import ORIGIN
from helpers.mfa import (
    APP,
    CREDENTIALS,
    OTHER_EMAIL,
    PHONE,
    MfaClient,
    refused,
)
from helpers.tenant_client import bearer, hint

NOT_ENROLLED = (
    401,
    "unsupported_challenge_type",
    "User is not enrolled. You can use /mfa/associate endpoint to enroll the first authenticator.",
)


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
