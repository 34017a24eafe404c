"""`/u/signup`: sign up during a login."""

from collections import Counter
from dataclasses import replace

import pytest

from helpers.accounts import begin, sign_up_on_page, two_pages, with_options
from helpers.acme import ACME, DATABASE, with_client, with_tenant
from helpers.html_page import Page, mockidps_part
from helpers.tenant_client import Fields, TenantClient, claims_of, hint, race, sent_to_callback
from mockidp.resources.organization import Organization, OrganizationConnection
from mockidp.resources.password_options import PasswordDictionary
from mockidp.tenant.content.prompts import Prompts
from mockidp.tenant.content.tenant_settings import TenantFlags

FORM = {"email": "dora@acme.example", "password": "Passw0rd!", "action": "default"}


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
    assert '<label for="email" id="email-label">Email address</label>' in page.text
    assert '<label for="password" id="password-label">Password</label>' in page.text
    assert 'class="_form-signup"' in page.text
    assert 'class="primary _button-signup"' in page.text
    assert "Your password must contain:" in page.text
    assert f'Already have an account? <a href="/u/login?state={state}">Log in</a>' in page.text
    assert 'name="username"' not in page.text


def test_a_new_user_is_logged_in_and_gets_an_email(idp):
    done = idp.follow(sign_up_on_page(idp, begin(idp, scope="openid email")))
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
    answer = sign_up_on_page(idp, state, **fields)
    assert answer.status_code == 400
    assert error_of(answer) == expected
    assert hint(answer)
    assert hint(answer) in mockidps_part(answer.text)
    assert Fields(answer.text).values["email"] == ((FORM | fields)["email"] or "")
    assert sent_to_callback(idp.follow(sign_up_on_page(idp, state)))["code"]


def test_a_tenant_can_tell_that_a_user_exists():
    flags = TenantFlags(enable_public_signup_user_exists_error=True)
    idp = TenantClient(with_tenant(flags=flags))
    answer = sign_up_on_page(idp, begin(idp), email="alice@acme.example")
    assert error_of(answer) == ("email-in-use", "error-element-email")
    assert "The user already exists." in answer.text


def test_the_dictionary_applies():
    idp = with_options(password_dictionary=PasswordDictionary(enable=True))
    answer = sign_up_on_page(idp, begin(idp), password="Password1!")
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
        assert (
            '<label for="username" id="username-label">Username</label>'
            in idp.get(f"/u/signup?state={state}").text
        )
        assert error_of(sign_up_on_page(idp, state, username=username)) == expected
        assert sent_to_callback(idp.follow(sign_up_on_page(idp, state, username="dora")))["code"]
        assert idp.tenant.directory.find_user("dora", [DATABASE]).email == "dora@acme.example"

    def test_it_is_used_once(self):
        idp = with_options(requires_username=True)
        flags = TenantFlags(enable_public_signup_user_exists_error=True)
        idp.edit(with_tenant(idp.tenant.document, flags=flags))
        sign_up_on_page(idp, begin(idp), username="dora")
        answer = sign_up_on_page(
            idp, begin(idp, prompt="login"), username="dora", email="x@acme.example"
        )
        assert error_of(answer) == ("username-taken", "error-element-username")

    def test_two_pages_remember_it(self):
        idp = two_pages(requires_username=True)
        state = begin(idp)
        first = sign_up_on_page(idp, state, "/u/signup/identifier", username="dora", password=None)
        assert first.location == f"/u/signup/password?state={state}"
        page = idp.get(f"/u/signup/identifier?state={state}")
        assert Fields(page.text).values["username"] == "dora"
        sign_up_on_page(idp, state, "/u/signup/password", email=None)
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
        first = sign_up_on_page(idp, state, "/u/signup/identifier", password=None)
        assert first.location == f"/u/signup/password?state={state}"
        page = idp.get(first.location)
        assert 'class="_form-signup-password"' in page.text
        assert Fields(page.text).values["email"] == "dora@acme.example"
        assert f'<a href="/u/signup/identifier?state={state}" data-link-name="edit-email"' in (
            page.text
        )
        done = idp.follow(sign_up_on_page(idp, state, "/u/signup/password"))
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
        answer = sign_up_on_page(idp, state, f"/u/signup/{path}", **fields)
        assert answer.status_code == 400
        assert error_of(answer) == expected
        assert hint(answer)

    def test_other_tenants_have_one_page(self, idp):
        state = begin(idp)
        answer = idp.get(f"/u/signup/identifier?state={state}")
        assert answer.location == f"/u/signup?state={state}"


def test_only_one_of_50_sign_ups_in_one_login_continues(idp):
    state = begin(idp)
    statuses = Counter(race(lambda: sign_up_on_page(idp.another_browser(), state).status_code))
    assert statuses == {302: 1, 400: 49}


class TestDisabledSignUp:
    @pytest.fixture
    def idp(self):
        return with_options(disable_signup=True)

    def test_the_page_is_refused(self, idp):
        state = begin(idp, client_id="spa")
        for answer in (idp.get(f"/u/signup?state={state}"), sign_up_on_page(idp, state)):
            assert answer.status_code == 400
            assert "public signup is disabled" in answer.text
            assert "Set `options.disable_signup` of a database to false" in hint(answer)

    @pytest.mark.parametrize("disabled", [True, False])
    @pytest.mark.parametrize(
        ("experience", "identifier_first", "paths"),
        [
            ("new", False, ["/u/login"]),
            ("new", True, ["/u/login/identifier", "/u/login/password"]),
            ("classic", False, ["/login"]),
            ("classic", True, ["/login"]),
        ],
    )
    def test_no_login_page_has_a_link(self, experience, identifier_first, paths, disabled):
        prompts = Prompts(universal_login_experience=experience, identifier_first=identifier_first)
        idp = with_options(replace(ACME, prompts=prompts), disable_signup=disabled)
        login = idp.authorize(client_id="spa").location
        if len(paths) > 1:
            idp.submit(login, username="alice@acme.example", action="default")
        for path in paths:
            page = Page(idp.get(f"{path}?{login.partition('?')[2]}").text)
            links = [
                page.text_of(number)
                for number, (tag, found) in enumerate(page.elements)
                if tag == "a" and "/u/signup" in found["href"]
            ]
            offered = {"/login": ["Sign Up"], "/u/login/password": []}.get(path, ["Sign up"])
            assert links == ([] if disabled else offered)
            resets = [one for _, one in page.elements if "/u/reset-password" in one.get("href", "")]
            assert len(resets) == (path != "/u/login/identifier")

    def test_a_screen_hint_leads_to_the_login_page(self, idp):
        answer = idp.authorize(client_id="spa", screen_hint="signup")
        assert answer.location.startswith("/u/login?state=")
        assert "no database of the login allows it" in hint(answer)

    def test_another_database_is_used(self, idp):
        state = begin(idp)  # the client `web` has the connection `staff` as well
        assert sent_to_callback(idp.follow(sign_up_on_page(idp, state)))["code"]
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
        answer = sign_up_on_page(idp, state)
        assert answer.status_code == 400
        assert "`is_signup_enabled` of its connection to true" in hint(answer)

    def test_a_new_user_becomes_a_member(self):
        idp = self.idp(is_signup_enabled=True)
        state = begin(idp, organization="org_acme", scope="openid")
        assert "Sign up" in idp.get(f"/u/login?state={state}").text
        done = idp.follow(sign_up_on_page(idp, state))
        claims = claims_of(idp.redeem(sent_to_callback(done)["code"]).json["id_token"])
        assert claims["org_id"] == "org_acme"
