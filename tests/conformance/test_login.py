"""The login page, its errors, and the browser that it belongs to."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, DATABASE, with_settings
from helpers.html_page import mockidps_part
from helpers.tenant_client import TenantClient, hint, sent_to_callback
from mockidp.resources.connection import Connection, ConnectionOptions

LOST = (
    "<strong>invalid_request</strong>: You may have pressed the back button, refreshed during "
    "login, opened too many login dialogs, or there is some issue with cookies, since we "
    "couldn&#39;t find your session. Try logging in again from the application and if the problem "
    "persists please contact the administrator."
)


def assert_lost(answer, cause):
    assert answer.status_code == 400
    assert LOST in answer.text
    assert cause in hint(answer)


@pytest.mark.parametrize("path", ["/u/login", "/u/consent", "/authorize/resume"])
@pytest.mark.parametrize("state", [None, "never-made"])
def test_auth0_login__a_page_shows_the_error_for_an_unknown_state(idp, path, state):
    assert_lost(idp.get(path, state=state), "names no login of this tenant")


@pytest.mark.parametrize("path", ["/u/login", "/u/consent"])
def test_auth0_login__a_page_shows_the_error_for_an_unknown_state_that_was_posted(idp, path):
    assert_lost(idp.post(path, state="never-made"), "names no login of this tenant")
    assert_lost(idp.post(path), "names no login of this tenant")


def test_auth0_login__a_page_left_open_for_too_long_has_expired(idp):
    login = idp.authorize().location
    idp.later(3600)
    assert_lost(idp.request("GET", login), "login_lifetime")


def test_auth0_login__a_finished_login_cannot_continue(idp):
    login = idp.authorize().location
    idp.log_in(login)
    assert_lost(idp.request("GET", login), "already finished")
    assert_lost(idp.request("GET", login.replace("/u/login", "/authorize/resume")), "finished")


def test_auth0_login__resume_before_the_login_is_refused(idp):
    resume = idp.authorize().location.replace("/u/login", "/authorize/resume")
    assert_lost(idp.request("GET", resume), "No user has logged in")


def test_auth0_login__only_the_browser_that_logged_in_may_resume(idp):
    login = idp.authorize().location
    resume = idp.submit(login, username="alice@acme.example", password="Passw0rd!").location
    assert_lost(idp.another_browser().request("GET", resume), "session cookie is missing")
    other = idp.another_browser()
    other.callback("bob")
    assert_lost(other.request("GET", resume), "not the one of this login")
    assert sent_to_callback(idp.request("GET", resume))["code"]


def test_auth0_login__the_page_names_tenant_and_client_and_offers_users(idp):
    page = idp.request("GET", idp.authorize().location)
    assert page.status_code == 200
    assert "<title>Log in | web</title>" in page.text
    for shown in ("Acme", "web", "auth0|alice", "auth0|staffer", 'value="deny"'):
        assert shown in page.text


def test_auth0_login__the_page_of_a_login_that_has_its_session_continues(idp):
    login = idp.authorize().location
    resume = idp.submit(login, username="alice@acme.example", password="Passw0rd!").location
    answer = idp.request("GET", login)
    assert (answer.status_code, answer.location) == (302, resume)


@pytest.mark.parametrize(
    ("username", "password", "cause"),
    [
        ("alice@acme.example", "wrong", "User auth0|alice has another password."),
        (
            "nobody@acme.example",
            "wrong",
            f"None of the connections {DATABASE} and staff has a user with the e-mail or username",
        ),
        ("less", "anything", "no password in the tenant file"),
        (" ", "Passw0rd!", "has a user with the e-mail or username ' '"),
    ],
)
def test_auth0_login__a_wrong_password_shows_the_page_again(idp, username, password, cause):
    login = idp.authorize().location
    answer = idp.submit(login, username=username, password=password, action="default")
    assert answer.status_code == 400
    assert 'id="error-element-password"' in answer.text
    assert 'data-error-code="wrong-email-credentials"' in answer.text
    assert "</span>Wrong email or password</span>" in answer.text
    assert "Set-Cookie" not in answer.headers
    assert cause in hint(answer)
    assert hint(answer) in mockidps_part(answer.text)
    assert sent_to_callback(idp.log_in(login))["code"]


@pytest.mark.parametrize(
    ("form", "missing"),
    [
        ({"username": "alice@acme.example"}, ["password"]),
        ({"username": "alice@acme.example", "password": ""}, ["password"]),
        ({"username": "", "password": "Passw0rd!"}, ["username"]),
        ({}, ["username", "password"]),
    ],
)
def test_auth0_login__an_empty_field_is_reported_at_the_field(idp, form, missing):
    login = idp.authorize().location
    answer = idp.submit(login, **form, action="default")
    assert answer.status_code == 400
    for name in ("username", "password"):
        shown = f'id="error-element-{name}"' in answer.text
        assert shown is (name in missing)
        assert (f'data-error-code="no-{name}"' in answer.text) is shown
    names = " and ".join(f"`{name}`" for name in missing)
    assert hint(answer) == f"The login form was posted without {names}."
    assert sent_to_callback(idp.log_in(login))["code"]


def test_auth0_login__unknown_fields_are_ignored(idp):
    login = idp.authorize().location
    form = {"username": "alice@acme.example", "password": "Passw0rd!", "action": "default"}
    sent_by_auth0s_script = {"js-available": "true", "is-brave": "false", "captcha": "x"}
    assert sent_to_callback(idp.follow(idp.submit(login, **form, **sent_by_auth0s_script)))["code"]


@pytest.mark.parametrize(
    "options",
    [
        ConnectionOptions(requires_username=True),
        ConnectionOptions(extra={"attributes": {"username": {"identifier": {"active": True}}}}),
    ],
)
def test_auth0_login__a_connection_with_usernames_has_another_label_and_another_error(options):
    named = replace(ACME, databases=(Connection(name=DATABASE, options=options),))
    idp = TenantClient(named)
    login = idp.authorize().location
    assert ">Username or email address</label>" in idp.request("GET", login).text
    answer = idp.submit(login, username="alice", password="wrong")
    assert 'data-error-code="wrong-credentials"' in answer.text
    assert "Wrong username or password" in answer.text


def test_auth0_login__a_password_is_never_shown_again(idp):
    answer = idp.submit(idp.authorize().location, username="alice", password="s3cret-guess")
    assert "s3cret-guess" not in answer.text
    assert "s3cret-guess" not in str(answer.headers)


def test_auth0_login__names_are_compared_without_case_and_spaces(idp):
    login = idp.authorize().location
    answer = idp.submit(login, username=" ALICE@acme.example ", password="Passw0rd!")
    assert answer.status_code == 302


@pytest.mark.parametrize("field", ["user_id", "username"])
def test_auth0_login__one_click_on_a_user_logs_in(idp, field):
    login = idp.authorize().location
    answer = idp.follow(idp.submit(login, **{field: "auth0|bob"}, action="pick"))
    assert sent_to_callback(answer)["code"]


def test_auth0_login__only_a_user_of_the_page_can_be_picked(idp):
    login = idp.authorize(client_id="other").location
    for form in ({"user_id": "auth0|staffer"}, {"username": "auth0|staffer"}):
        answer = idp.submit(login, **form, action="pick")
        assert answer.status_code == 400
        assert 'id="prompt-alert"' in answer.text
        assert "The picker does not offer a user" in hint(answer)
    assert "The picker does not offer a user" in hint(idp.submit(login, action="pick"))


def test_auth0_login__deny_sends_an_error_to_the_callback_and_ends_the_login(idp):
    login = idp.authorize().location
    answer = idp.submit(login, action="deny")
    assert sent_to_callback(answer) == {
        "error": "access_denied",
        "error_description": "User has canceled the interaction.",
        "state": "s1",
    }
    assert "The deny button of the page was pressed." in hint(answer)
    assert_lost(idp.request("GET", login), "already finished")


def test_auth0_login__a_page_shows_the_error_for_a_client_that_was_removed(idp):
    login = idp.authorize().location
    idp.edit(type(ACME)(users=ACME.users, databases=ACME.databases))
    assert_lost(idp.request("GET", login), "Client web was removed while the page was open.")


def test_auth0_login__the_error_for_a_user_removed_before_resume_goes_to_the_callback(idp):
    login = idp.authorize().location
    resume = idp.submit(login, username="alice@acme.example", password="Passw0rd!").location
    idp.edit(type(ACME)(clients=ACME.clients, databases=ACME.databases))
    answer = idp.request("GET", resume)
    assert sent_to_callback(answer)["error"] == "invalid_request"
    assert "The client or the user was removed during the login." in hint(answer)


def test_auth0_login__a_new_session_id_is_made_at_each_login(idp):
    idp.browser.set_cookie("auth0-http", "planted", domain="localhost")
    idp.callback()
    first = idp.browser.get_cookie("auth0-http", domain="localhost").value
    assert first != "planted"
    idp.callback("bob", prompt="login")
    assert idp.browser.get_cookie("auth0-http", domain="localhost").value != first


@pytest.mark.parametrize(
    "value",
    [
        *("", "x" * 4000, "planted", '"quoted;\\', "\xff"),
        pytest.param("\x7f", marks=pytest.mark.one_process("HTTP forbids it in a header")),
    ],
)
def test_auth0_login__an_unknown_cookie_is_not_a_session(idp, value):
    assert idp.silent_login(f"auth0-http={value}")["error"] == "login_required"


@pytest.mark.parametrize(("hours", "ends"), [(71.9, False), (72, True)])
def test_auth0_session__an_unused_session_ends(idp, hours, ends):
    idp.callback()
    idp.later(hours * 3600)
    assert ("error" in sent_to_callback(idp.authorize(prompt="none"))) is ends


def test_auth0_session__using_a_session_restarts_its_idle_lifetime_only(idp):
    idp.callback()
    for _ in range(3):
        idp.later(50 * 3600)
        assert sent_to_callback(idp.authorize(prompt="none"))["code"]
    idp.later(18 * 3600)
    assert sent_to_callback(idp.authorize(prompt="none"))["error"] == "login_required"


def test_mockidp_login__login_lifetime_is_a_setting():
    idp = TenantClient(with_settings(login_lifetime=5))
    login = idp.authorize().location
    idp.later(5)
    assert_lost(idp.request("GET", login), "login_lifetime")
