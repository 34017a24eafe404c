"""The pages for accounts that a login page links to, and on which `screen_hint` begins a login."""

from dataclasses import replace

import pytest

from helpers.accounts import begin, two_pages, with_options
from helpers.acme import ACME, DATABASE
from helpers.tenant_client import TenantClient, hint, sent_to_callback
from mockidp.resources.connection import Connection, ConnectionOptions

FORM = {"email": "dora@acme.example", "password": "Passw0rd!", "action": "default"}


class TestLinksOfTheLoginPage:
    def test_they_lead_to_sign_up_and_reset(self, idp):
        state = begin(idp)
        page = idp.get(f"/u/login?state={state}").text
        assert f'Don&#39;t have an account? <a href="/u/signup?state={state}">Sign up</a>' in page
        link = f"/u/reset-password/request/{DATABASE}?state={state}"
        assert f'<a href="{link}">Forgot password?</a>' in page
        assert idp.get(link).status_code == idp.get(f"/u/signup?state={state}").status_code == 200

    def test_two_pages_have_one_each(self):
        idp = two_pages()
        first = idp.get(idp.authorize().location).text
        assert "Sign up</a>" in first
        assert "Forgot password?" not in first
        state = begin(idp)
        idp.post(f"/u/login/identifier?state={state}", username="bob@acme.example")
        second = idp.get(f"/u/login/password?state={state}").text
        assert "Forgot password?" in second
        assert "Sign up</a>" not in second

    def test_a_login_without_a_database_has_none(self):
        idp = with_options()
        page = idp.get(idp.authorize(connection="google-oauth2").location).text
        assert "Sign up" not in page
        assert "Forgot password?" not in page

    def test_a_connection_can_forbid_resets(self):
        options = ConnectionOptions(disable_self_service_change_password=True)
        idp = TenantClient(replace(ACME, databases=(Connection(name=DATABASE, options=options),)))
        assert "Forgot password?" not in idp.get(idp.authorize().location).text
        answer = idp.authorize(screen_hint="reset-password")
        assert answer.location.startswith("/u/login?state=")


class TestScreenHint:
    @pytest.mark.parametrize(
        ("value", "page"),
        [
            ("login", "/u/login"),
            ("signup", "/u/signup"),
            ("reset-password", f"/u/reset-password/request/{DATABASE}"),
        ],
    )
    def test_it_names_the_first_page(self, idp, value, page):
        answer = idp.authorize(screen_hint=value)
        assert answer.location.startswith(f"{page}?state=")
        assert hint(answer) == ""
        assert idp.get(answer.location).status_code == 200

    def test_a_tenant_with_two_pages_begins_with_the_address(self):
        answer = two_pages().authorize(screen_hint="signup")
        assert answer.location.startswith("/u/signup/identifier?state=")

    def test_another_value_is_named_in_a_hint(self, idp):
        answer = idp.authorize(screen_hint="register")
        assert answer.location.startswith("/u/login?")
        assert "Parameter `screen_hint` is 'register', which is not a known value." in hint(answer)

    def test_a_session_needs_no_page(self, idp):
        idp.callback()
        assert sent_to_callback(idp.authorize(screen_hint="signup"))["code"]
        answer = idp.authorize(screen_hint="signup", prompt="login")
        assert answer.location.startswith("/u/signup?")
