"""The `mfa_token` of the grants `mfa-otp`, `mfa-oob` and `mfa-recovery-code`, and the limit of guesses."""

from dataclasses import replace

from helpers.acme import ACME
from helpers.mfa import (
    APP,
    MALFORMED,
    WRONG_OTP,
    MfaClient,
    refused,
)
from helpers.tenant_client import hint, race
from mockidp.protocol.oauth.grant_types import MFA_OTP

TOO_MANY = (
    429,
    "too_many_attempts",
    "Too many failed codes. Wait for some minutes before retrying.",
)


class TestMfaToken:
    """The `mfa_token` of all three grants."""

    def test_auth0_mfa__it_lives_ten_minutes(self, idp):
        token = idp.mfa_token()
        idp.later(599.9)
        assert idp.otp(token, idp.code()).status_code == 200
        token = idp.mfa_token()
        idp.later(600)
        answer = idp.otp(token, idp.code())
        assert refused(answer) == (403, "expired_token", "mfa_token is expired")
        assert "600 seconds after it was issued. Send the token request again." in hint(answer)

    def test_auth0_mfa__an_unknown_one_is_malformed(self, idp):
        assert refused(idp.otp("Fe26.2*x", "123456")) == MALFORMED

    def test_auth0_mfa__it_is_required(self, idp):
        answer = idp.otp(None, "123456")
        assert refused(answer) == (400, "invalid_request", "Missing required parameter: mfa_token")

    def test_auth0_mfa__another_client_cannot_use_it(self, idp):
        answer = idp.otp(idp.mfa_token(), idp.code(), client_id="other")
        assert refused(answer) == (400, "invalid_request", "mfa_token not issued to this client")
        assert hint(answer) == (
            "The `mfa_token` was issued to client web, but client other sent it."
        )

    def test_mockidp_mfa__it_gives_tokens_once(self, idp):
        token = idp.mfa_token()
        assert idp.otp(token, idp.code()).status_code == 200
        idp.later(30)
        answer = idp.otp(token, idp.code())
        assert refused(answer) == MALFORMED
        assert "Each one gives tokens once." in hint(answer)

    def test_auth0_mfa__its_user_was_deleted(self, idp):
        token = idp.mfa_token()
        idp.edit(replace(idp.tenant.document, users=()))
        answer = idp.otp(token, idp.code())
        assert refused(answer) == MALFORMED
        assert hint(answer) == "User auth0|alice was deleted."

    def test_auth0_mfa__its_user_was_blocked(self, idp):
        token = idp.mfa_token()
        users = tuple(replace(one, blocked=True) for one in idp.tenant.document.users)
        idp.edit(replace(idp.tenant.document, users=users))
        assert refused(idp.otp(token, idp.code())) == (401, "unauthorized", "user is blocked")

    def test_auth0_mfa__the_client_needs_the_grant_type(self):
        document = replace(
            ACME, clients=tuple(replace(c, grant_types=("password",)) for c in ACME.clients)
        )
        idp = MfaClient(APP)
        idp.edit(replace(idp.tenant.document, clients=document.clients))
        answer = idp.otp(idp.mfa_token(), idp.code())
        assert refused(answer) == (
            403,
            "unauthorized_client",
            f"Grant type '{MFA_OTP}' not allowed for the client.",
        )


class TestGuesses:
    """The limit of wrong codes."""

    def test_auth0_mfa__ten_wrong_codes_lock_the_user_out_for_six_minutes_each(self, idp):
        token = idp.mfa_token()
        for _ in range(10):
            assert refused(idp.otp(token, idp.wrong_code())) == WRONG_OTP
        answer = idp.otp(token, idp.code())
        assert refused(answer) == TOO_MANY
        assert hint(answer) == (
            "User auth0|alice has sent 10 wrong codes. One more attempt is allowed every "
            "360 seconds of the tenant's clock."
        )
        idp.later(360)
        assert idp.otp(token, idp.code()).status_code == 200

    def test_auth0_mfa__right_codes_take_no_guess(self, idp):
        for _ in range(12):
            assert idp.otp(idp.mfa_token(), idp.code()).status_code == 200
            idp.later(30)

    def test_auth0_mfa__the_guesses_are_those_of_the_user_and_all_factors(self, idp):
        token = idp.mfa_token()
        oob_code = idp.challenge(token, challenge_type="oob").json["oob_code"]
        for _ in range(5):
            idp.otp(token, idp.wrong_code())
            idp.oob(token, oob_code, binding_code="x")
        assert refused(idp.otp(token, idp.code())) == TOO_MANY

    def test_mockidp_mfa__concurrent_requests_cannot_guess_more_often(self, idp):
        tokens = iter([idp.mfa_token() for _ in range(30)])
        wrong = idp.wrong_code()
        answers = race(lambda: idp.otp(next(tokens), wrong), count=30)
        assert sorted(one.status_code for one in answers) == [403] * 10 + [429] * 20
