"""The grants `mfa-otp` and `mfa-recovery-code`."""

from dataclasses import replace

import pytest

from helpers.mfa import (
    APP,
    OTHER_SECRET,
    PHONE,
    PHONE_OF_ALICE,
    SECRET,
    WRONG_OTP,
    MfaClient,
    refused,
)
from helpers.tenant_client import claims_of, hint, race
from mockidp.protocol.oauth.grant_types import MFA_OTP
from mockidp.resources.mfa_factor import MfaFactor, TotpFactor


class TestOtp:
    """The grant for the code of an authenticator app."""

    def test_auth0_mfa__it_gives_the_tokens_of_the_refused_request(self, idp):
        token = idp.mfa_token(scope="openid offline_access email")
        answer = idp.otp(token, idp.code())
        assert list(answer.json) == [
            "access_token", "refresh_token", "id_token", "scope", "expires_in", "token_type",
        ]  # fmt: skip
        claims = claims_of(answer.json["id_token"])
        assert claims["amr"] == ["mfa"]
        assert "acr" not in claims
        assert list(claims)[-1] == "amr"
        refreshed = idp.refresh(answer.json["refresh_token"])
        assert claims_of(refreshed.json["id_token"])["amr"] == ["mfa"]

    @pytest.mark.parametrize("later", [-30, 0, 30])
    def test_mockidp_mfa__the_app_may_be_one_step_ahead_or_behind(self, idp, later):
        assert idp.otp(idp.mfa_token(), idp.code(later=later)).status_code == 200

    @pytest.mark.parametrize("later", [-60, 60])
    def test_mockidp_mfa__the_app_may_not_be_two_steps_ahead_or_behind(self, idp, later):
        answer = idp.otp(idp.mfa_token(), idp.code(later=later))
        assert refused(answer) == WRONG_OTP
        assert "nor of the 30 seconds before and after" in hint(answer)

    def test_rfc6238_5_2__a_code_works_once(self, idp):
        assert idp.otp(idp.mfa_token(), idp.code()).status_code == 200
        answer = idp.otp(idp.mfa_token(), idp.code())
        assert refused(answer) == WRONG_OTP
        assert hint(answer) == (
            "The code was used before. Each code works once: wait for the app's next code."
        )
        idp.later(30)
        assert idp.otp(idp.mfa_token(), idp.code()).status_code == 200

    def test_rfc6238_5_2__a_code_from_before_the_last_one_is_used_up_too(self, idp):
        assert idp.otp(idp.mfa_token(), idp.code(later=30)).status_code == 200
        assert refused(idp.otp(idp.mfa_token(), idp.code())) == WRONG_OTP

    def test_mockidp_mfa__a_damaged_code_is_recognized(self, idp):
        answer = idp.otp(idp.mfa_token(), f" {idp.code()}")
        assert refused(answer) == WRONG_OTP
        assert hint(answer) == (
            "The code that was sent has white space, such as a line break, before or after it."
        )

    @pytest.mark.parametrize("otp", ["", None])
    def test_auth0_mfa__the_code_is_required(self, idp, otp):
        answer = idp.otp(idp.mfa_token(), otp)
        assert refused(answer) == (400, "invalid_request", "Missing required parameter: otp")

    @pytest.mark.parametrize(
        "otp", ["12345", "1234567", "\u0661\u0662\u0663\u0664\u0665\u0666", "abc"]
    )
    def test_auth0_mfa__what_is_no_code_is_wrong(self, idp, otp):
        assert refused(idp.otp(idp.mfa_token(), otp)) == WRONG_OTP

    def test_auth0_mfa__a_user_without_an_app(self):
        idp = MfaClient(PHONE_OF_ALICE)
        answer = idp.otp(idp.mfa_token(), "123456")
        assert refused(answer) == WRONG_OTP
        assert hint(answer) == "User auth0|alice has not enrolled an authenticator app."

    def test_auth0_mfa__any_app_of_the_user_is_accepted(self):
        idp = MfaClient(APP, MfaFactor(totp=TotpFactor(secret=OTHER_SECRET)))
        for secret in (OTHER_SECRET, SECRET):
            assert idp.otp(idp.mfa_token(), idp.code(secret)).status_code == 200

    def test_mockidp_mfa__one_of_fifty_concurrent_requests_wins(self, idp):
        tokens = iter([idp.mfa_token() for _ in range(50)])
        code = idp.code()
        answers = race(lambda: idp.another_browser().token(
            grant_type=MFA_OTP, mfa_token=next(tokens), otp=code
        ))  # fmt: skip
        assert [one.status_code for one in answers].count(200) == 1
        assert {one.status_code for one in answers} <= {200, 403, 429}

    def test_mockidp_mfa__one_mfa_token_gives_tokens_once_in_a_race(self, idp):
        token, oob = idp.mfa_token(), idp.mfa_token
        assert oob
        challenges = [idp.challenge(token, challenge_type="oob").json["oob_code"] for _ in range(5)]
        codes = [one.code for one in idp.tenant.outbox.of(to=PHONE)]
        pairs = iter(list(zip(challenges, codes, strict=True)))

        def act():
            oob_code, code = next(pairs)
            return idp.oob(token, oob_code, binding_code=code)

        answers = race(act, count=5)
        assert sorted(one.status_code for one in answers) == [200, 403, 403, 403, 403]


class TestRecoveryCode:
    """The grant for a recovery code."""

    @pytest.fixture
    def code(self, idp):
        idp.edit(replace(idp.tenant.document, users=tuple(
            replace(one, mfa_factors=()) for one in idp.tenant.document.users
        )))  # fmt: skip
        token = idp.mfa_token()
        body = idp.associate(token, authenticator_types=["otp"]).json
        assert idp.otp(token, idp.code(body["secret"])).status_code == 200
        [code] = body["recovery_codes"]
        return code

    def test_auth0_mfa__it_gives_tokens_and_a_new_code(self, idp, code):
        answer = idp.recover(idp.mfa_token(scope="openid"), code)
        assert list(answer.json)[-1] == "recovery_code"
        assert claims_of(answer.json["id_token"])["amr"] == ["mfa"]
        new = answer.json["recovery_code"]
        assert len(new) == 24
        old = idp.recover(idp.mfa_token(), code)
        assert refused(old) == (403, "invalid_grant", "Invalid recovery_code.")
        assert idp.recover(idp.mfa_token(), new).status_code == 200

    def test_auth0_mfa__a_wrong_one_is_refused(self, idp, code):
        answer = idp.recover(idp.mfa_token(), code + " ")
        assert refused(answer) == (403, "invalid_grant", "Invalid recovery_code.")
        assert "has white space" in hint(answer)
        answer = idp.recover(idp.mfa_token(), "x")
        assert hint(answer) == "It is not the recovery code of user auth0|alice."

    def test_auth0_mfa__a_user_without_one(self, idp):
        answer = idp.recover(idp.mfa_token(), "x")
        assert refused(answer) == (
            403,
            "unsupported_challenge_type",
            "User does not have a recovery-code.",
        )

    def test_mockidp_mfa__one_of_fifty_concurrent_requests_wins(self, idp, code):
        tokens = iter([idp.mfa_token() for _ in range(50)])
        answers = race(lambda: idp.recover(next(tokens), code))
        assert [one.status_code for one in answers].count(200) == 1
        assert {one.status_code for one in answers} <= {200, 403, 429}
