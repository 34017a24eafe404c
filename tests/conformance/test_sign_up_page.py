"""`/u/signup`: sign up during a login."""

from collections import Counter
from dataclasses import replace

import pytest

from helpers.accounts import path_of, with_options
from helpers.acme import ACME, DATABASE, with_client, with_tenant
from helpers.tenant_client import Fields, TenantClient, claims_of, hint, race, sent_to_callback
from mockidp.resources.connection import Connection, ConnectionOptions
from mockidp.resources.organization import Organization, OrganizationConnection
from mockidp.resources.password_options import PasswordDictionary
from mockidp.tenant.email_template import EmailTemplate
from mockidp.tenant.prompts import Prompts
from mockidp.tenant.tenant_settings import TenantFlags

FORM = {"email": "dora@acme.example", "password": "Passw0rd!", "action": "default"}


def begin(idp, **parameters):
    """Begin a login. Return the state."""
    return idp.authorize(**parameters).location.partition("state=")[2]


def sign_up(idp, state, path="/u/signup", **fields):
    """Post the form of the page. None omits a field."""
    form = {name: value for name, value in (FORM | fields).items() if value is not None}
    return idp.post(f"{path}?state={state}", state=state, **form)


def two_pages(**options):
    """Return a client of a tenant that asks for address and password on two pages."""
    idp = with_options(**options)
    idp.edit(replace(idp.tenant.document, prompts=Prompts(identifier_first=True)))
    return idp


def error_of(answer):
    """Return the code of the error that a page shows, and the id of its element."""
    element, _, rest = answer.text.partition(' data-error-code="')
    return rest.partition('"')[0], element.rpartition('id="')[2].partition('"')[0]


def test_the_page_has_auth0s_form(idp):
    state = begin(idp)
    page = idp.get(f"/u/signup?state={state}")
    assert page.status_code == 200
    assert "<title>Sign up | web</title>" in page.text
    assert "<h1>Create Your Account</h1>" in page.text
    assert '<label for="email">Email address</label>' in page.text
    assert '<label for="password">Password</label>' in page.text
    assert 'class="_form-signup"' in page.text
    assert 'class="primary _button-signup"' in page.text
    assert "Your password must contain:" in page.text
    assert f'Already have an account? <a href="/u/login?state={state}">Log in</a>' in page.text
    assert 'name="username"' not in page.text


def test_a_new_user_is_logged_in_and_gets_an_email(idp):
    done = idp.follow(sign_up(idp, begin(idp, scope="openid email")))
    claims = claims_of(idp.redeem(sent_to_callback(done)["code"]).json["id_token"])
    assert (claims["email"], claims["email_verified"]) == ("dora@acme.example", False)
    message = idp.tenant.outbox.last(to="dora@acme.example")
    assert (message.kind, message.client_id) == ("verify_email", "web")
    assert sent_to_callback(idp.authorize(prompt="none"))["code"]


def test_the_login_hint_is_the_address(idp):
    state = begin(idp, login_hint="dora@acme.example")
    page = idp.get(f"/u/signup?state={state}")
    assert Fields(page.text).values["email"] == "dora@acme.example"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"email": None}, ("no-email", "error-element-email")),
        ({"password": ""}, ("no-password", "error-element-password")),
        ({"email": "dora"}, ("invalid-email-format", "error-element-email")),
        ({"password": "short"}, ("password-too-weak", "error-element-password")),
        ({"email": "alice@acme.example"}, ("auth0-users-validation", "prompt-alert")),
    ],
)
def test_a_refused_form_is_shown_again(idp, fields, expected):
    state = begin(idp)
    answer = sign_up(idp, state, **fields)
    assert answer.status_code == 400
    assert error_of(answer) == expected
    assert hint(answer)
    assert hint(answer)[:30] in answer.text.replace("&#39;", "'")
    assert Fields(answer.text).values["email"] == ((FORM | fields)["email"] or "")
    assert sent_to_callback(idp.follow(sign_up(idp, state)))["code"]


def test_a_tenant_can_tell_that_a_user_exists():
    flags = TenantFlags(enable_public_signup_user_exists_error=True)
    idp = TenantClient(with_tenant(flags=flags))
    answer = sign_up(idp, begin(idp), email="alice@acme.example")
    assert error_of(answer) == ("email-in-use", "error-element-email")
    assert "The user already exists." in answer.text


def test_the_dictionary_applies():
    idp = with_options(password_dictionary=PasswordDictionary(enable=True))
    answer = sign_up(idp, begin(idp), password="Password1!")
    assert error_of(answer) == ("password-too-common", "error-element-password")


class TestUsernames:
    @pytest.mark.parametrize(
        ("username", "expected"),
        [
            (None, ("no-username", "error-element-username")),
            ("dora d", ("invalid-username-invalid-characters", "error-element-username")),
        ],
    )
    def test_a_connection_can_require_one(self, username, expected):
        idp = with_options(requires_username=True)
        state = begin(idp)
        assert '<label for="username">Username</label>' in idp.get(f"/u/signup?state={state}").text
        assert error_of(sign_up(idp, state, username=username)) == expected
        assert sent_to_callback(idp.follow(sign_up(idp, state, username="dora")))["code"]
        assert idp.tenant.directory.find_user("dora", [DATABASE]).email == "dora@acme.example"

    def test_it_is_used_once(self):
        idp = with_options(requires_username=True)
        flags = TenantFlags(enable_public_signup_user_exists_error=True)
        idp.edit(with_tenant(idp.tenant.document, flags=flags))
        sign_up(idp, begin(idp), username="dora")
        answer = sign_up(idp, begin(idp, prompt="login"), username="dora", email="x@acme.example")
        assert error_of(answer) == ("username-taken", "error-element-username")

    def test_two_pages_remember_it(self):
        idp = two_pages(requires_username=True)
        state = begin(idp)
        first = sign_up(idp, state, "/u/signup/identifier", username="dora", password=None)
        assert first.location == f"/u/signup/password?state={state}"
        page = idp.get(f"/u/signup/identifier?state={state}")
        assert Fields(page.text).values["username"] == "dora"
        sign_up(idp, state, "/u/signup/password", email=None)
        assert idp.tenant.directory.find_user("dora", [DATABASE]).email == "dora@acme.example"


class TestTwoPages:
    def test_address_and_password_are_asked_for_one_after_the_other(self):
        idp = two_pages()
        state = begin(idp)
        assert idp.get(f"/u/signup?state={state}").location == f"/u/signup/identifier?state={state}"
        early = idp.get(f"/u/signup/password?state={state}")
        assert early.location == f"/u/signup/identifier?state={state}"
        page = idp.get(f"/u/signup/identifier?state={state}")
        assert 'class="_form-signup-id"' in page.text
        assert 'id="password"' not in page.text
        assert f'<a href="/u/login/identifier?state={state}">Log in</a>' in page.text
        first = sign_up(idp, state, "/u/signup/identifier", password=None)
        assert first.location == f"/u/signup/password?state={state}"
        page = idp.get(first.location)
        assert 'class="_form-signup-password"' in page.text
        assert Fields(page.text).values["email"] == "dora@acme.example"
        assert f'<a href="/u/signup/identifier?state={state}" data-link-name="edit-email"' in (
            page.text
        )
        done = idp.follow(sign_up(idp, state, "/u/signup/password"))
        assert sent_to_callback(done)["code"]

    @pytest.mark.parametrize(
        ("path", "fields", "expected"),
        [
            ("identifier", {"email": ""}, ("no-email", "error-element-email")),
            ("identifier", {"email": "dora"}, ("invalid-email-format", "error-element-email")),
            ("password", {"password": None}, ("no-password", "error-element-password")),
            ("password", {"password": "short"}, ("password-too-weak", "error-element-password")),
            ("password", {"email": "dora"}, ("invalid-email-format", "error-element-email")),
            ("password", {"email": "bob@acme.example"}, ("auth0-users-validation", "prompt-alert")),
        ],
    )
    def test_a_refused_form_is_shown_again(self, path, fields, expected):
        idp = two_pages()
        state = begin(idp)
        answer = sign_up(idp, state, f"/u/signup/{path}", **fields)
        assert answer.status_code == 400
        assert error_of(answer) == expected
        assert hint(answer)

    def test_other_tenants_have_one_page(self, idp):
        state = begin(idp)
        answer = idp.get(f"/u/signup/identifier?state={state}")
        assert answer.location == f"/u/signup?state={state}"


def test_of_50_sign_ups_in_one_login_one_continues(idp):
    state = begin(idp)
    statuses = Counter(race(lambda: sign_up(idp.another_browser(), state).status_code))
    assert statuses == {302: 1, 400: 49}


class TestDisabledSignUp:
    @pytest.fixture
    def idp(self):
        return with_options(disable_signup=True)

    def test_the_page_is_refused(self, idp):
        state = begin(idp, client_id="spa")
        for answer in (idp.get(f"/u/signup?state={state}"), sign_up(idp, state)):
            assert answer.status_code == 400
            assert "public signup is disabled" in answer.text
            assert "Set `options.disable_signup` of a database to false" in hint(answer)

    def test_the_login_page_has_no_link(self, idp):
        page = idp.get(idp.authorize(client_id="spa").location)
        assert "Forgot password?" in page.text
        assert "Sign up" not in page.text

    def test_a_screen_hint_leads_to_the_login_page(self, idp):
        answer = idp.authorize(client_id="spa", screen_hint="signup")
        assert answer.location.startswith("/u/login?state=")
        assert "no database of the login allows it" in hint(answer)

    def test_another_database_is_used(self, idp):
        state = begin(idp)  # the client `web` has the connection `staff` as well
        assert sent_to_callback(idp.follow(sign_up(idp, state)))["code"]
        assert idp.tenant.directory.find_user("dora@acme.example", ["staff"])


class TestOrganizations:
    def idp(self, **connection):
        enabled = OrganizationConnection(
            name=DATABASE, assign_membership_on_login=True, **connection
        )
        organization = Organization(name="acme", id="org_acme", connections=(enabled,))
        document = with_client(ACME, "web", organization_usage="allow")
        return TenantClient(replace(document, organizations=(organization,)))

    def test_a_connection_must_allow_sign_ups(self):
        idp = self.idp()
        state = begin(idp, organization="org_acme")
        assert "Sign up" not in idp.get(f"/u/login?state={state}").text
        answer = sign_up(idp, state)
        assert answer.status_code == 400
        assert "`is_signup_enabled` of its connection to true" in hint(answer)

    def test_a_new_user_becomes_a_member(self):
        idp = self.idp(is_signup_enabled=True)
        state = begin(idp, organization="org_acme", scope="openid")
        assert "Sign up" in idp.get(f"/u/login?state={state}").text
        done = idp.follow(sign_up(idp, state))
        claims = claims_of(idp.redeem(sent_to_callback(done)["code"]).json["id_token"])
        assert claims["org_id"] == "org_acme"


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
        assert "Parameter `screen_hint` is 'register', which mockidp does not know." in hint(answer)

    def test_a_session_needs_no_page(self, idp):
        idp.callback()
        assert sent_to_callback(idp.authorize(screen_hint="signup"))["code"]
        answer = idp.authorize(screen_hint="signup", prompt="login")
        assert answer.location.startswith("/u/signup?")


class TestVerification:
    def link(self, idp):
        idp.follow(sign_up(idp, begin(idp)))
        return path_of(idp.tenant.outbox.last(kind="verify_email").link)

    def user(self, idp):
        return idp.tenant.directory.find_user("dora@acme.example", [DATABASE])

    def test_the_link_verifies_the_address_once(self, idp):
        link = self.link(idp)
        assert link.startswith("/u/email-verification?ticket=")
        assert not self.user(idp).email_verified
        page = idp.another_browser().get(link)
        assert page.status_code == 200
        assert "<title>Email Verification</title>" in page.text
        assert "<h1>Email Verified</h1>" in page.text
        assert "Your email address was successfully verified." in page.text
        assert self.user(idp).email_verified
        again = idp.get(link)
        assert again.status_code == 400
        assert "This account is already verified." in again.text
        assert "This link was used" in hint(again)

    def test_sessions_stay(self, idp):
        idp.another_browser().get(self.link(idp))
        assert sent_to_callback(idp.authorize(prompt="none"))["code"]

    def test_of_50_visits_one_verifies(self, idp):
        link = self.link(idp)
        answers = race(lambda: idp.another_browser().get(link).status_code)
        assert Counter(answers) == {200: 1, 400: 49}

    @pytest.mark.parametrize("path", ["", "?ticket=x"])
    def test_an_unknown_link_is_refused(self, idp, path):
        answer = idp.get(f"/u/email-verification{path}")
        assert answer.status_code == 400
        assert "<h1>Error</h1>" in answer.text
        assert "User account does not exist or the verification code is invalid." in answer.text
        assert hint(answer)

    def test_it_expires(self, idp):
        link = self.link(idp)
        idp.later(432_000)
        answer = idp.get(link)
        assert answer.status_code == 400
        assert hint(answer).startswith("This link expired at ")
        assert not self.user(idp).email_verified

    def test_it_does_not_verify_another_address(self, idp):
        link = self.link(idp)
        user = replace(self.user(idp), email="dora2@acme.example")
        idp.tenant.directory.users.store.put(user.user_id, user)
        answer = idp.get(link)
        assert answer.status_code == 400
        assert "This link was sent to dora@acme.example, but user auth0|" in hint(answer)

    def test_a_welcome_follows_if_the_tenant_sends_one(self):
        templates = (EmailTemplate(template="welcome_email"),)
        idp = TenantClient(replace(ACME, email_templates=templates))
        idp.get(self.link(idp))
        message = idp.tenant.outbox.last()
        assert (message.kind, message.to, message.link) == (
            "welcome_email", "dora@acme.example", None,
        )  # fmt: skip

    def test_no_welcome_is_sent_otherwise(self, idp):
        idp.get(self.link(idp))
        assert [one.kind for one in idp.tenant.outbox] == ["verify_email"]

    def test_a_template_can_redirect_at_the_end(self):
        template = EmailTemplate(template="verify_email", resultUrl="https://app.example/hi")
        idp = TenantClient(replace(ACME, email_templates=(template,)))
        answer = idp.get(self.link(idp))
        assert answer.location.startswith("https://app.example/hi?supportSignUp=true&")
        assert "Your%20email%20was%20verified." in answer.location

    def test_a_template_can_be_off(self):
        template = EmailTemplate(template="verify_email", enabled=False)
        idp = TenantClient(replace(ACME, email_templates=(template,)))
        idp.follow(sign_up(idp, begin(idp)))
        assert len(idp.tenant.outbox) == 0
