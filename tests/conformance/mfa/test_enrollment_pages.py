"""The second factor as a step of a login: the pages for a user without a factor."""

import re

import pyotp
import pytest

from helpers.mfa import (
    APP,
    PHONE,
    MfaClient,
)
from helpers.mfa_pages import (
    answer_push,
    choose,
    error_on,
    page_of,
    path_of,
    tokens_for,
)


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
