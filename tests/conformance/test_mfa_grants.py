"""The grants `mfa-otp`, `mfa-oob` and `mfa-recovery-code`."""

from dataclasses import replace

import pytest

from helpers.acme import ACME
from helpers.mfa import (
    APP,
    OTHER_SECRET,
    PHONE,
    PHONE_OF_ALICE,
    SECRET,
    MfaClient,
    refused,
)
from helpers.tenant_client import claims_of, hint, race
from mockidp.flows.mfa.authenticators import new_authenticator
from mockidp.protocol.grant_types import MFA_OTP
from mockidp.resources.mfa_factor import MfaFactor, TotpFactor

MALFORMED = (403, "invalid_grant", "Malformed mfa_token")
WRONG_OTP = (403, "invalid_grant", "Invalid otp_code.")
TOO_MANY = (
    429,
    "too_many_attempts",
    "Too many failed codes. Wait for some minutes before retrying.",
)


@pytest.fixture
def idp():
    return MfaClient(APP, PHONE_OF_ALICE)


def sent_code(idp):
    return idp.tenant.outbox.last(to=PHONE).code


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


class TestGuesses:
    """The limit of wrong codes."""

    def test_auth0_mfa__ten_wrong_codes_lock_the_user_out_for_six_minutes_each(self, idp):
        token = idp.mfa_token()
        for _ in range(10):
            assert refused(idp.otp(token, idp.wrong_code())) == WRONG_OTP
        answer = idp.otp(token, idp.code())
        assert refused(answer) == TOO_MANY
        assert hint(answer) == (
            "User auth0|alice has no guess left after 10 wrong codes. One more is allowed every "
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


class TestOob:
    """The grant for a code that was sent."""

    def challenged(self, idp):
        token = idp.mfa_token(scope="openid")
        return token, idp.challenge(token, challenge_type="oob").json["oob_code"]

    def test_auth0_mfa__the_code_that_was_sent_gives_tokens(self, idp):
        token, oob_code = self.challenged(idp)
        answer = idp.oob(token, oob_code, binding_code=sent_code(idp))
        assert claims_of(answer.json["id_token"])["amr"] == ["mfa"]

    def test_auth0_mfa__another_code_is_refused_and_the_right_one_still_works(self, idp):
        token, oob_code = self.challenged(idp)
        answer = idp.oob(token, oob_code, binding_code="x")
        assert refused(answer) == (403, "invalid_grant", "Invalid binding_code.")
        assert "`idp.outbox.last()` returns the message" in hint(answer)
        assert idp.oob(token, oob_code, binding_code=sent_code(idp)).status_code == 200

    def test_auth0_mfa__the_code_is_required(self, idp):
        token, oob_code = self.challenged(idp)
        answer = idp.oob(token, oob_code)
        assert refused(answer) == (
            400,
            "invalid_request",
            "Missing required parameter: binding_code",
        )

    def test_auth0_mfa__it_lives_five_minutes(self, idp):
        token, oob_code = self.challenged(idp)
        idp.later(300)
        answer = idp.oob(token, oob_code, binding_code=sent_code(idp))
        assert refused(answer) == (403, "expired_token", "oob_code is expired")

    def test_auth0_mfa__an_unknown_oob_code_is_malformed(self, idp):
        answer = idp.oob(idp.mfa_token(), "Fe26.2*x", binding_code="1")
        assert refused(answer) == (403, "invalid_grant", "Malformed oob_code")

    def test_auth0_mfa__the_oob_code_of_another_login_is_refused(self, idp):
        _, oob_code = self.challenged(idp)
        answer = idp.oob(idp.mfa_token(), oob_code, binding_code=sent_code(idp))
        assert refused(answer) == (
            400,
            "invalid_request",
            "The oob_code doesn't match the mfa_token",
        )

    def test_auth0_mfa__it_works_once(self, idp):
        token, oob_code = self.challenged(idp)
        code = sent_code(idp)
        answers = race(lambda: idp.oob(token, oob_code, binding_code=code))
        assert [one.status_code for one in answers].count(200) == 1
        answer = idp.oob(token, oob_code, binding_code=code)
        assert refused(answer)[0] == 403

    def test_mockidp_mfa__a_used_challenge_is_malformed(self, idp):
        token, oob_code = self.challenged(idp)
        idp.tenant.oob_challenges.take(oob_code)
        answer = idp.oob(token, oob_code, binding_code=sent_code(idp))
        assert refused(answer) == (403, "invalid_grant", "Malformed oob_code")
        assert hint(answer) == "The `oob_code` was used before. Start another challenge."


class TestPush:
    """The grant for the user's answer on the phone."""

    def challenged(self, answer):
        idp = MfaClient(policies=("all-applications",))
        new_authenticator(idp.tenant, "auth0|alice", "push-notification", is_active=True)
        token = idp.mfa_token()
        oob_code = idp.challenge(token, challenge_type="oob").json["oob_code"]
        store = idp.tenant.oob_challenges
        entry = store.find(oob_code)
        answered = replace(entry.value, answer=answer)
        store.swap(oob_code, entry.version, answered, expires_at=entry.expires_at)
        return idp, token, oob_code

    def test_auth0_mfa__an_approval_gives_tokens_once(self):
        idp, token, oob_code = self.challenged("approved")
        answers = race(lambda: idp.oob(token, oob_code))
        assert sorted(one.status_code for one in answers) == [200] + [403] * 49

    @pytest.mark.parametrize(
        ("answer", "error", "description"),
        [
            (
                "pending",
                "authorization_pending",
                "Authorization pending: please repeat the request in a few seconds.",
            ),
            ("rejected", "access_denied", "MFA Authorization rejected."),
        ],
    )
    def test_auth0_mfa__without_an_approval_there_are_no_tokens(self, answer, error, description):
        idp, token, oob_code = self.challenged(answer)
        assert refused(idp.oob(token, oob_code)) == (400, error, description)

    def test_mockidp_mfa__an_approval_that_another_request_uses_at_the_same_time(self, monkeypatch):
        idp, token, oob_code = self.challenged("approved")
        monkeypatch.setattr(idp.tenant.oob_challenges, "take", lambda _key: None)
        answer = idp.oob(token, oob_code)
        assert refused(answer) == (403, "invalid_grant", "Malformed oob_code")

    def test_mockidp_mfa__an_mfa_token_that_another_request_uses_at_the_same_time(
        self, idp, monkeypatch
    ):
        token = idp.mfa_token()
        monkeypatch.setattr(idp.tenant.mfa_transactions, "take", lambda _key: None)
        assert refused(idp.otp(token, idp.code())) == MALFORMED

    def test_mockidp_mfa__a_guess_that_is_counted_at_the_same_time_is_counted_again(
        self, idp, monkeypatch
    ):
        token = idp.mfa_token()
        store, lost = idp.tenant.mfa_guesses, []
        swap = store.swap

        def lose_once(*arguments, **options):
            if not lost:
                lost.append(arguments)
                return False
            return swap(*arguments, **options)

        monkeypatch.setattr(store, "swap", lose_once)
        assert idp.otp(token, idp.code()).status_code == 200
        assert lost


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
