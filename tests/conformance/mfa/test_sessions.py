"""The second factor as a step of a login: remembered browsers, and step-up."""

import re

import pyotp
import pytest

from helpers.acme import API
from helpers.mfa import (
    APP,
    MFA_API,
    MfaClient,
    with_mfa,
)
from helpers.mfa_pages import (
    page_of,
    path_of,
    tokens_for,
)
from helpers.tenant_client import TenantClient, claims_of, hint, sent_to_callback
from mockidp.tenant.state.sign_ins import SignIn

MULTI_FACTOR = "http://schemas.openid.net/pape/policies/2007/06/multi-factor"


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
            f"{MULTI_FACTOR} to request a second factor."
        )

    def test_mockidp_mfa__a_prepared_sign_in_has_passed_what_the_request_needs(self, idp):
        idp.tenant.sign_ins.add(SignIn(user_id="auth0|alice", client_id=None))
        code = sent_to_callback(idp.authorize(acr_values=MULTI_FACTOR))["code"]
        claims = claims_of(idp.redeem(code).json["id_token"])
        assert (claims["acr"], claims["amr"]) == (MULTI_FACTOR, ["mfa"])
