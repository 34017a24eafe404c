"""The second factor as a step of a login: the pages for a user who has enrolled a factor."""

import re
from dataclasses import replace

import pytest

from helpers.mfa import (
    APP,
    PHONE,
    MfaClient,
)
from helpers.mfa_pages import (
    answer_push,
    choose,
    enroll_recovery,
    error_on,
    new_push,
    page_of,
    path_of,
    tokens_for,
)
from helpers.tenant_client import hint, sent_to_callback


class TestChallenge:
    """A user who has enrolled a factor."""

    def test_auth0_mfa__the_code_of_the_app_ends_the_login(self, idp):
        page = page_of(idp)
        assert path_of(page) == "/u/mfa-otp-challenge"
        text = idp.get(page).text
        assert "_form-mfa-otp-challenge" in text
        assert "_button-mfa-otp-challenge" in text
        assert "Verify Your Identity" in text
        assert "Remember this device for 30 days" in text
        claims = tokens_for(idp, idp.submit(page, code=idp.code(), action="default"))
        assert claims["amr"] == ["mfa"]
        assert "acr" not in claims

    def test_mockidp_mfa__the_page_shows_the_code_in_mockidps_part(self, idp):
        shown = re.search(r'data-testid="mockidp-code">(\d+)<', idp.get(page_of(idp)).text)[1]
        assert shown == idp.code()

    @pytest.mark.parametrize(
        ("code", "error"),
        [
            ("", "no-code"),
            ("12345", "invalid-otp-code-format"),
            ("abcdef", "invalid-otp-code-format"),
            ("\u0661\u0662\u0663\u0664\u0665\u0666", "invalid-otp-code-format"),
        ],
    )
    def test_auth0_mfa__what_is_no_code_is_refused_on_the_page(self, idp, code, error):
        answer = idp.submit(page_of(idp), code=code, action="default")
        assert error_on(answer, "code") == error
        assert hint(answer)

    def test_auth0_mfa__a_wrong_code_is_refused_on_the_page_and_the_right_one_then_accepted(
        self, idp
    ):
        page = page_of(idp)
        answer = idp.submit(page, code=idp.wrong_code())
        assert error_on(answer, "code") == "invalid-code"
        assert 'data-testid="mockidp-hint"' in answer.text
        assert "amr" in tokens_for(idp, idp.submit(page, code=idp.code()))

    def test_auth0_mfa__too_many_wrong_codes_are_refused_on_the_page(self, idp):
        page = page_of(idp)
        for _ in range(10):
            assert error_on(idp.submit(page, code=idp.wrong_code()), "code") == "invalid-code"
        assert error_on(idp.submit(page, code=idp.code()), "code") == "too-many-failures"

    @pytest.mark.parametrize(
        ("method", "path", "address"),
        [
            ("phone", "/u/mfa-sms-challenge", PHONE),
            ("email", "/u/mfa-email-challenge", "alice@acme.example"),
        ],
    )
    def test_auth0_mfa__another_method_sends_a_code(self, idp, method, path, address):
        page = choose(idp, page_of(idp), method)
        assert path_of(page) == path
        text = idp.get(page).text
        first = idp.tenant.outbox.last(to=address).code
        assert f'data-testid="mockidp-code">{first}<' in text
        idp.get(page)
        assert len(idp.tenant.outbox) == 1
        idp.submit(page, action="resend-code")
        second = idp.tenant.outbox.last(to=address).code
        assert error_on(idp.submit(page, code=first), "code") == "invalid-code"
        assert tokens_for(idp, idp.submit(page, code=second))["amr"] == ["mfa"]

    def test_auth0_mfa__a_code_that_has_expired_is_refused_on_the_page(self, idp):
        page = choose(idp, page_of(idp), "phone")
        idp.get(page)
        code = idp.tenant.outbox.last(to=PHONE).code
        idp.later(300)
        answer = idp.submit(page, code=code)
        assert answer.status_code == 400
        assert 'data-error-code="transaction-not-found"' in answer.text
        idp.submit(page, action="resend-code")
        assert error_on(idp.submit(page), "code") == "no-code"

    def test_auth0_mfa__a_recovery_code_is_replaced_and_the_new_one_shown(self):
        idp = MfaClient(APP)
        recovery = enroll_recovery(idp)
        browser = idp.another_browser()
        page = choose(browser, page_of(browser), "recovery-code")
        assert path_of(page) == "/u/mfa-recovery-code-challenge"
        assert browser.get(page).status_code == 200
        assert error_on(browser.submit(page, code="x"), "code") == "invalid-code"
        shown = browser.follow(browser.submit(page, code=recovery)).location
        assert path_of(shown) == "/u/mfa-recovery-code-challenge-new-code"
        new = re.search(r'id="recovery-code">(\w+)<', browser.get(shown).text)[1]
        assert new != recovery
        answer = browser.submit(shown, action="default")
        assert "code" in sent_to_callback(browser.follow(answer))

    def test_auth0_mfa__a_push_notification_is_answered_on_the_phone(self, idp):
        new_push(idp)
        page = choose(idp, page_of(idp), "push-notification")
        assert path_of(page) == "/u/mfa-push-challenge-push"
        assert "idp.approve_push" in idp.get(page).text
        pending = idp.submit(page, action="default")
        assert 'data-error-code="push-pending"' in pending.text
        answer_push(idp, "rejected")
        rejected = idp.submit(page, action="default")
        assert 'data-error-code="push-rejected"' in rejected.text
        idp.submit(page, action="resend")
        answer_push(idp, "approved")
        assert tokens_for(idp, idp.submit(page, action="default"))["amr"] == ["mfa"]

    def test_mockidp_mfa__an_approved_notification_that_another_request_used(
        self, idp, monkeypatch
    ):
        new_push(idp)
        page = choose(idp, page_of(idp), "push-notification")
        idp.get(page)
        answer_push(idp, "approved")
        monkeypatch.setattr(
            "mockidp.flows.login.second_factor.codes.end_challenge", lambda *_: False
        )
        answer = idp.submit(page, action="default")
        assert 'data-error-code="transaction-not-found"' in answer.text

    def test_mockidp_mfa__a_policy_that_ends_meanwhile_ends_the_step(self, idp):
        page = page_of(idp)
        idp.edit(replace(idp.tenant.document, guardian_factors=()))
        assert "code" in sent_to_callback(idp.follow(idp.get(page)))

    def test_mockidp_mfa__an_unknown_choice_shows_the_choices_again(self, idp):
        page = idp.submit(page_of(idp), action="pick-authenticator").location
        assert path_of(page) == "/u/mfa-login-options"
        assert idp.get(page).status_code == 200
        assert path_of(idp.submit(page, action="webauthn-roaming").location) == path_of(page)
