"""The second factor as a step of a login: its pages, step-up, and remembered browsers."""

import re
from dataclasses import replace

import pyotp
import pytest

from helpers.acme import API
from helpers.mfa import (
    APP,
    MFA_API,
    PHONE,
    PHONE_OF_ALICE,
    MfaClient,
    with_mfa,
)
from helpers.tenant_client import TenantClient, claims_of, hint, sent_to_callback
from mockidp.flows.mfa.authenticators import new_authenticator
from mockidp.tenant.sign_ins import SignIn

MULTI_FACTOR = "http://schemas.openid.net/pape/policies/2007/06/multi-factor"


@pytest.fixture
def idp():
    return MfaClient(APP, PHONE_OF_ALICE)


def page_of(idp, user="alice", **parameters):
    """Log in with the password. Return the URL of the page of the second factor."""
    return idp.log_in(idp.follow(idp.authorize(**parameters)).location, user).location


def path_of(url):
    return url.partition("?")[0]


def tokens_for(idp, answer):
    """Follow the login to its end. Return the claims of the ID token."""
    code = sent_to_callback(idp.follow(answer))["code"]
    return claims_of(idp.redeem(code).json["id_token"])


def error_on(answer, field):
    """Return the code of the error of a field on a page that was refused."""
    assert answer.status_code == 400
    return re.search(rf'id="error-element-{field}"[^>]*data-error-code="([\w-]+)"', answer.text)[1]


def choose(idp, page, method):
    """Choose another method. Return the URL of its page."""
    options = idp.submit(page, action="pick-authenticator").location
    return idp.submit(options, action=method).location


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
            "mockidp.flows.login.second_factor_codes.end_challenge", lambda *_: False
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


def new_push(idp):
    new_authenticator(idp.tenant, "auth0|alice", "push-notification", is_active=True)


def answer_push(idp, answer):
    store = idp.tenant.oob_challenges
    key, entry = store.scan("user", "auth0|alice")[-1]
    store.swap(key, entry.version, replace(entry.value, answer=answer), expires_at=entry.expires_at)


def enroll_recovery(idp):
    """Give alice a recovery code."""
    new_authenticator(idp.tenant, "auth0|alice", "recovery-code", secret="RECOVERY", is_active=True)
    return "RECOVERY"


class TestEnrollment:
    """A user without a factor."""

    @pytest.fixture
    def idp(self):
        return MfaClient()

    def test_auth0_mfa__the_qr_code_and_the_first_code_enroll_an_app(self, idp):
        page = page_of(idp)
        assert path_of(page) == "/u/mfa-otp-enrollment-qr"
        text = idp.get(page).text
        assert "<svg" in text
        uri = re.search(r'data-testid="mockidp-uri">([^<]+)<', text)[1].replace("&amp;", "&")
        app = pyotp.parse_uri(uri)
        assert error_on(idp.submit(page, code=idp.wrong_code(app.secret)), "code")
        assert idp.get(page).text.count(app.secret)
        shown = idp.follow(idp.submit(page, code=app.at(int(idp.tenant.now())))).location
        assert path_of(shown) == "/u/mfa-recovery-code-enrollment"
        assert re.search(r'id="recovery-code">\w{24}<', idp.get(shown).text)
        claims = tokens_for(idp, idp.submit(shown, saved="true", action="default"))
        assert claims["amr"] == ["mfa"]
        assert path_of(page_of(idp.another_browser())) == "/u/mfa-otp-challenge"

    def test_auth0_mfa__the_secret_can_be_typed_instead(self, idp):
        page = page_of(idp)
        idp.get(page)
        by_hand = idp.submit(page, action="toggle-view").location
        assert path_of(by_hand) == "/u/mfa-otp-enrollment-code"
        secret = re.search(r'id="mfa-otp-secret">(\w+)<', idp.get(by_hand).text)[1]
        assert path_of(idp.submit(by_hand, action="toggle-view").location) == path_of(page)
        idp.submit(page, action="toggle-view")
        shown = idp.follow(idp.submit(by_hand, code=idp.code(secret))).location
        assert path_of(shown) == "/u/mfa-recovery-code-enrollment"

    def test_auth0_mfa__a_phone_is_enrolled_with_the_code_that_it_gets(self, idp):
        page = choose(idp, page_of(idp), "phone")
        assert path_of(page) == "/u/mfa-phone-enrollment"
        assert idp.get(page).status_code == 200
        refused = idp.submit(page, phone="555", action="default")
        assert error_on(refused, "phone") == "invalid-phone-format"
        challenge = idp.submit(page, phone=PHONE, action="default").location
        assert path_of(challenge) == "/u/mfa-sms-challenge"
        assert "XXXXXXX4567" in idp.get(challenge).text
        message = idp.tenant.outbox.last(to=PHONE)
        assert message.kind == "otp_enroll"
        shown = idp.follow(idp.submit(challenge, code=message.code)).location
        assert path_of(shown) == "/u/mfa-recovery-code-enrollment"
        assert path_of(page_of(idp.another_browser())) == "/u/mfa-sms-challenge"

    def test_auth0_mfa__an_email_address_is_enrolled_with_the_code_that_it_gets(self):
        idp = MfaClient(factors=("otp", "email"))
        page = choose(idp, page_of(idp), "email")
        assert path_of(page) == "/u/mfa-email-enrollment"
        assert idp.get(page).status_code == 200
        assert error_on(idp.submit(page, email="x"), "email") == "invalid-email"
        challenge = idp.submit(page, email="new@acme.example").location
        code = idp.tenant.outbox.last(to="new@acme.example").code
        assert tokens_for(idp, idp.submit(challenge, code=code))["amr"] == ["mfa"]

    def test_auth0_mfa__push_notifications_are_enrolled_with_the_first_approval(self):
        idp = MfaClient(factors=("push-notification",))
        page = page_of(idp)
        assert path_of(page) == "/u/mfa-push-enrollment-qr"
        assert idp.get(page).status_code == 200
        answer_push(idp, "approved")
        assert tokens_for(idp, idp.submit(page, action="default"))["amr"] == ["mfa"]
        assert path_of(page_of(idp.another_browser())) == "/u/mfa-push-challenge-push"

    def test_mockidp_mfa__a_user_with_a_factor_cannot_enroll_another_one_instead(self):
        idp = MfaClient(APP)
        page = page_of(idp)
        for screen in ("mfa-otp-enrollment-qr", "mfa-phone-enrollment", "mfa-sms-challenge"):
            other = page.replace("mfa-otp-challenge", screen)
            assert idp.get(other).location.startswith("/authorize/resume")
            answer = idp.submit(other, code=idp.code(), phone=PHONE)
            assert answer.location.startswith("/authorize/resume")
        assert path_of(idp.follow(idp.submit(other)).location) == "/u/mfa-otp-challenge"

    def test_mockidp_mfa__the_pages_of_recovery_codes_need_one(self, idp):
        page = page_of(idp).replace("mfa-otp-enrollment-qr", "mfa-recovery-code-enrollment")
        assert idp.get(page).location.startswith("/authorize/resume")

    def test_mockidp_mfa__a_toggle_without_an_enrollment_counts_as_a_code(self, idp):
        page = choose(idp, page_of(idp), "otp")
        assert error_on(idp.submit(page, action="toggle-view"), "code") == "no-code"


class TestSession:
    """What a session and a browser remember."""

    def test_auth0_mfa__a_session_remembers_the_second_factor(self, idp):
        tokens_for(idp, idp.submit(page_of(idp), code=idp.code()))
        assert "code" in sent_to_callback(idp.authorize(prompt="none"))
        assert claims_of(idp.tokens()["id_token"])["amr"] == ["mfa"]

    def test_auth0_mfa__a_silent_request_without_it_needs_a_login(self):
        idp = MfaClient(APP, policies=())
        assert "code" in idp.callback()
        idp.edit(with_mfa(APP))
        answer = idp.authorize(prompt="none")
        assert sent_to_callback(answer) == {
            "error": "login_required",
            "error_description": "Multifactor authentication required",
            "state": "s1",
        }
        assert hint(answer).startswith("Parameter prompt=none was sent, but a second factor is")

    def test_auth0_mfa__a_new_login_needs_it_again(self, idp):
        tokens_for(idp, idp.submit(page_of(idp), code=idp.code()))
        assert path_of(page_of(idp, prompt="login")) == "/u/mfa-otp-challenge"

    def remembered(self, idp):
        """Log in and let the browser be remembered. Then end the session."""
        tokens_for(idp, idp.submit(page_of(idp), code=idp.code(), rememberBrowser="true"))
        idp.get("/v2/logout", client_id="web")

    def test_auth0_mfa__a_remembered_browser_needs_none_for_30_days(self, idp):
        self.remembered(idp)
        assert "amr" not in claims_of(idp.tokens()["id_token"])
        idp.get("/v2/logout", client_id="web")
        idp.later(30 * 86400)
        assert path_of(page_of(idp)) == "/u/mfa-otp-challenge"

    def test_auth0_mfa__it_is_remembered_for_that_user_only(self, idp):
        self.remembered(idp)
        page = page_of(idp, "bob")
        assert path_of(page) == "/u/mfa-otp-enrollment-qr"

    def test_auth0_mfa__several_users_are_remembered(self, idp):
        self.remembered(idp)
        page = page_of(idp, "bob")
        text = idp.get(page).text
        secret = re.search(r"secret=(\w+)&", text)[1]
        shown = idp.follow(idp.submit(page, code=idp.code(secret))).location
        idp.submit(shown, rememberBrowser="true")
        idp.get("/v2/logout", client_id="web")
        assert "code" in idp.callback("alice")

    def test_auth0_mfa__another_browser_is_not_remembered(self, idp):
        self.remembered(idp)
        assert path_of(page_of(idp.another_browser())) == "/u/mfa-otp-challenge"

    def test_auth0_mfa__the_cookie_is_secure_over_https(self):
        idp = TenantClient(with_mfa(APP), url="https://localhost")
        page = page_of(idp)
        code = pyotp.TOTP(APP.totp.secret).at(int(idp.tenant.now()))
        answer = idp.submit(page, code=code, rememberBrowser="true")
        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("auth0-mf=")
        assert "Secure" in cookie
        assert "SameSite=None" in cookie


class TestStepUp:
    """A request that asks for a second factor."""

    @pytest.fixture
    def idp(self):
        return MfaClient(APP, policies=(), mfa_audiences=(API,))

    def test_auth0_mfa__acr_values_ask_for_it_and_the_id_token_says_so(self, idp):
        assert "amr" not in claims_of(idp.tokens()["id_token"])
        page = idp.follow(idp.authorize(acr_values=MULTI_FACTOR)).location
        assert path_of(page) == "/u/mfa-otp-challenge"
        claims = tokens_for(idp, idp.submit(page, code=idp.code()))
        assert (claims["acr"], claims["amr"]) == (MULTI_FACTOR, ["mfa"])
        assert list(claims).index("acr") + 1 == list(claims).index("amr")
        again = claims_of(idp.tokens(acr_values=MULTI_FACTOR)["id_token"])
        assert again["acr"] == MULTI_FACTOR
        assert "acr" not in claims_of(idp.tokens()["id_token"])

    def test_auth0_mfa__a_silent_request_for_it_needs_a_login(self, idp):
        idp.callback()
        answer = sent_to_callback(idp.authorize(prompt="none", acr_values=MULTI_FACTOR))
        assert answer["error_description"] == "Multifactor authentication required"

    def test_auth0_mfa__a_remembered_browser_is_not_enough(self, idp):
        page = page_of(idp, acr_values=MULTI_FACTOR)
        tokens_for(idp, idp.submit(page, code=idp.code(), rememberBrowser="true"))
        idp.get("/v2/logout", client_id="web")
        assert path_of(page_of(idp, acr_values=MULTI_FACTOR)) == "/u/mfa-otp-challenge"

    def test_mockidp_mfa__an_api_of_the_setting_needs_it(self, idp):
        assert path_of(page_of(idp, audience=API)) == "/u/mfa-otp-challenge"

    def test_auth0_mfa__the_mfa_api_needs_it_of_users_who_have_a_factor(self, idp):
        assert path_of(page_of(idp, audience=MFA_API, scope="enroll")) == "/u/mfa-otp-challenge"
        assert "code" in idp.another_browser().callback("bob", audience=MFA_API, scope="enroll")

    def test_mockidp_mfa__another_value_has_no_effect_and_a_hint_says_so(self, idp):
        answer = idp.authorize(acr_values="urn:loa:2")
        assert hint(answer) == (
            "Value 'urn:loa:2' of parameter `acr_values` was ignored. Send "
            f"{MULTI_FACTOR} to ask for a second factor."
        )

    def test_mockidp_mfa__a_prepared_sign_in_has_passed_what_the_request_needs(self, idp):
        idp.tenant.sign_ins.add(SignIn(user_id="auth0|alice", client_id=None))
        code = sent_to_callback(idp.authorize(acr_values=MULTI_FACTOR))["code"]
        claims = claims_of(idp.redeem(code).json["id_token"])
        assert (claims["acr"], claims["amr"]) == (MULTI_FACTOR, ["mfa"])
