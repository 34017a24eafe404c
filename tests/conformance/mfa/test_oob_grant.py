"""The grant `mfa-oob`: codes that were sent, and push notifications."""

from dataclasses import replace

import pytest

from helpers.interleaved import lose_next_swap, replace_method
from helpers.mfa import (
    MALFORMED,
    PHONE,
    MfaClient,
    refused,
)
from helpers.tenant_client import claims_of, hint, race
from mockidp.flows.mfa.authenticators import new_authenticator


def sent_code(idp):
    return idp.tenant.outbox.last(to=PHONE).code


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
        replace_method(monkeypatch, idp.tenant.oob_challenges, "take", lambda _take, _key: None)
        answer = idp.oob(token, oob_code)
        assert refused(answer) == (403, "invalid_grant", "Malformed oob_code")

    def test_mockidp_mfa__an_mfa_token_that_another_request_uses_at_the_same_time(
        self, idp, monkeypatch
    ):
        token = idp.mfa_token()
        replace_method(monkeypatch, idp.tenant.mfa_transactions, "take", lambda _take, _key: None)
        assert refused(idp.otp(token, idp.code())) == MALFORMED

    def test_mockidp_mfa__a_guess_that_is_counted_at_the_same_time_is_counted_again(
        self, idp, monkeypatch
    ):
        token = idp.mfa_token()
        lost = lose_next_swap(monkeypatch, idp.tenant.mfa_guesses)
        assert idp.otp(token, idp.code()).status_code == 200
        assert lost
