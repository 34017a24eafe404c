"""Selectors that public login scripts use on Auth0's page find exactly one element on mockidp's.

They come from login scripts in public repositories. Selenium's `By` is written as the equivalent CSS
or XPath expression, and Cypress' `contains` as a locator with a text.
"""

import re

import pytest

from mockidp import MockIdP

USERNAME, PASSWORD, BUTTON, FORM = "#username", "#password", "main button >> nth=0", "form >> nth=0"


def css(selector, text=None):
    return lambda page: page.locator(selector, has_text=text)


def label(text, **options):
    return lambda page: page.get_by_label(text, **options)


def role(kind, name, **options):
    return lambda page: page.get_by_role(kind, name=name, **options)


SELECTORS = [
    ("user by id", css("#username"), USERNAME),
    ("user by tag and id", css("input#username"), USERNAME),
    ("user by id attribute", css("input[id=username]"), USERNAME),
    ("user by quoted id attribute", css('[id="username"]'), USERNAME),
    ("user by XPath id", css("xpath=//*[@id='username']"), USERNAME),
    ("user by XPath id of an input", css('xpath=//input[@id="username"]'), USERNAME),
    ("user by name", css("input[name=username]"), USERNAME),
    ("user by name alone", css('[name="username"]'), USERNAME),
    ("user by XPath name", css("xpath=//input[@name='username']"), USERNAME),
    (
        "user by a list of names",
        css('input[name="username"], input[name="email"], input[type="email"]'),
        USERNAME,
    ),
    ("user by autocomplete", css("input[autocomplete=username]"), USERNAME),
    ("user by input mode", css('input[inputmode="email"]'), USERNAME),
    ("user by label", label("Email address"), USERNAME),
    ("user by exact label", label("Email address", exact=True), USERNAME),
    ("user by a pattern of the label", label(re.compile("email", re.IGNORECASE)), USERNAME),
    ("user by role", role("textbox", "Email address"), USERNAME),
    ("password by id", css("#password"), PASSWORD),
    ("password by tag and id", css("input#password"), PASSWORD),
    ("password by id attribute", css("input[id=password]"), PASSWORD),
    ("password by name", css("input[name=password]"), PASSWORD),
    ("password by name alone", css('[name="password"]'), PASSWORD),
    ("password by type", css("input[type=password]"), PASSWORD),
    ("password by XPath", css("xpath=//input[@type='password']"), PASSWORD),
    ("password by label", label("Password"), PASSWORD),
    ("password by exact label", label("Password", exact=True), PASSWORD),
    ("password by role", role("textbox", "Password"), PASSWORD),
    ("button by exact text", lambda page: page.get_by_text("Continue", exact=True), BUTTON),
    ("button by role", role("button", "Continue"), BUTTON),
    ("button by role and exact name", role("button", "Continue", exact=True), BUTTON),
    ("button by value and text", css("button[value=default]", "Continue"), BUTTON),
    ("button by tag and text", css("button", "Continue"), BUTTON),
    ("button by XPath text", css("xpath=//button[text()='Continue']"), BUTTON),
    ("button by XPath part of the text", css("xpath=//button[contains(., 'Continue')]"), BUTTON),
    ("button by type", css("button[type=submit]"), BUTTON),
    ("button by type alone", css('[type="submit"]'), BUTTON),
    ("button by type and text", css('button[type="submit"]', "Continue"), BUTTON),
    (
        "button by type without the hidden one",
        css("button[type=submit]:not(.ulp-hidden-form-submit-button)"),
        BUTTON,
    ),
    ("button by data attribute", css('[data-action-button-primary="true"]'), BUTTON),
    ("button by tag and data attribute", css("button[data-action-button-primary]"), BUTTON),
    ("button by value", css("[value=default]"), BUTTON),
    ("button by name", css("button[name=action]"), BUTTON),
    ("button by name and value", css('button[name="action"][value="default"]'), BUTTON),
    ("button by class", css("button._button-login-id"), BUTTON),
    ("button by the one-page form's class", css("button._button-login"), BUTTON),
    ("button by the password page's class", css("button._button-login-password"), BUTTON),
    ("button by a part of the class", css('button[class*="_button-login"]'), BUTTON),
    ("form by class", css("form._form-login-id"), FORM),
    ("form by the one-page form's class", css("form._form-login"), FORM),
    ("form by the password page's class", css("form._form-login-password"), FORM),
    ("form by data attribute", css("form[data-form-primary=true]"), FORM),
    ("button in the form", css("form._form-login-id button[type=submit]"), BUTTON),
    ("button in the form by data attributes", css("[data-form-primary] button"), BUTTON),
]
# Selenium's By.NAME finds the first matching element of any tag.
FIRST = [
    ("the first element called action", '[name="action"]', BUTTON),
    ("the first form", "form", FORM),
    ("the first button", "button", BUTTON),
    ("the first form's button", "form button", BUTTON),
    ("the first password field", "input[type=password]", PASSWORD),
]
ERRORS = [
    ("#error-element-password", "Wrong email or password"),
    (".ulp-input-error-message", "Wrong email or password"),
    ("[data-error-code]", "Wrong email or password"),
    ('[data-error-code="wrong-email-credentials"]', "Wrong email or password"),
    ("span[id^=error-element]", "Wrong email or password"),
    ("text=Wrong email or password", "Wrong email or password"),
]
EMPTY = [
    ("#error-cs-username-required", "Username is required"),
    ("#error-cs-password-required", "Password is required"),
]


def names_of(rows):
    return [row[0] for row in rows]


@pytest.fixture(scope="module", params=[True, False], ids=["JavaScript on", "JavaScript off"])
def page(request, chromium, server, application):
    """Open the login page, with several users in its picker."""
    with chromium.new_context(java_script_enabled=request.param) as context:
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(f"{server.url}/authorize?response_type=code&client_id=acme-web&scope=openid")
        assert page.locator("[data-testid=pick-user]").count() > 1
        yield page


@pytest.fixture(scope="module")
def refused(page):
    """Open the login page and enter a wrong password."""
    page.locator("#username").fill("alice@acme.example")
    page.locator("#password").fill("wrong")
    page.locator("button[name=action]").click()
    page.locator("[data-testid=mockidp-hint]").wait_for()
    return page


def is_same(found, expected):
    return found.element_handle().evaluate("(a, b) => a === b", expected.element_handle())


@pytest.mark.parametrize(("find", "expected"), [row[1:] for row in SELECTORS], ids=names_of(SELECTORS))  # fmt: skip
def test_a_selector_finds_exactly_one_element(page, find, expected):
    found = find(page)
    assert found.count() == 1
    assert found.is_visible()
    assert found.is_enabled()
    assert is_same(found, page.locator(expected))


@pytest.mark.parametrize(("selector", "expected"), [row[1:] for row in FIRST], ids=names_of(FIRST))
def test_a_selector_of_several_elements_finds_the_right_one_first(page, selector, expected):
    assert is_same(page.locator(selector).first, page.locator(expected))


def test_the_page_has_title_and_heading(page):
    assert page.title() == "Log in | Acme Web"
    assert page.get_by_role("heading", name="Welcome").count() == 1
    assert page.locator("header > h1").inner_text() == "Welcome"
    assert page.get_by_text("Log in to Acme to continue to Acme Web.").is_visible()


@pytest.mark.parametrize(("selector", "text"), ERRORS, ids=names_of(ERRORS))
def test_a_wrong_password_shows_one_error(refused, selector, text):
    found = refused.locator(selector)
    assert found.count() == 1
    assert found.is_visible()
    assert found.inner_text() == text


@pytest.mark.parametrize(("find", "expected"), [row[1:] for row in SELECTORS], ids=names_of(SELECTORS))  # fmt: skip
def test_after_a_wrong_password_a_selector_still_finds_exactly_one_element(refused, find, expected):
    found = find(refused)
    assert found.count() == 1
    assert is_same(found, refused.locator(expected))


@pytest.mark.parametrize("javascript", [True, False], ids=["JavaScript on", "JavaScript off"])
def test_empty_fields_each_show_an_error(new_user, javascript):
    user = new_user(java_script_enabled=javascript)
    user.start_login()
    assert [user.page.locator(selector).is_visible() for selector, _ in EMPTY] == [False, False]
    user.page.get_by_role("button", name="Continue").click()
    for selector, text in EMPTY:
        found = user.page.locator(selector)
        found.wait_for()
        assert (found.count(), found.inner_text()) == (1, text)
    assert user.is_on_login_page()


def test_the_label_differs_if_users_have_only_usernames(launch):
    database = {"name": "users", "options": {"requires_username": True}}
    client = {"client_id": "app", "callbacks": ["http://localhost:3000/callback"]}
    user = {"user_id": "auth0|alice", "username": "alice", "password": "Passw0rd!"}
    tenant = {
        "databases": [database],
        "clients": [client],
        "users": [user | {"connection": "users"}],
    }
    with MockIdP(tenant) as idp, launch("localhost").new_context() as context:
        page = context.new_page()
        page.goto(f"{idp.url}/authorize?response_type=code&client_id=app&scope=openid")
        for name, find, expected in SELECTORS:
            found = find(page)
            if name.startswith("user by") and ("label" in name or "role" in name or "mode" in name):
                found = page.get_by_label("Username or email address", exact=True)
            assert found.count() == 1, name
            assert is_same(found, page.locator(expected)), name
        page.get_by_role("textbox", name="Username or email address").fill("alice")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Continue").click()
        error = page.locator("#error-element-password")
        error.wait_for()
        assert error.inner_text() == "Wrong username or password"
        assert error.get_attribute("data-error-code") == "wrong-credentials"


def test_the_consent_page_has_one_button_to_accept(server_with_consent, new_user):
    user = new_user(server_with_consent)
    user.start_login()
    user.enter_credentials("alice@acme.example", "Passw0rd!")
    page = user.page
    page.get_by_role("heading", name="Authorize App").wait_for()
    assert page.title() == "Authorize Acme Web"
    accept = page.locator("button[value=accept]")
    for found in (
        accept,
        page.get_by_role("button", name="Accept"),
        page.locator("[data-action-button-primary=true]"),
        page.locator('button[name="action"][value="accept"]'),
    ):
        assert found.count() == 1
        assert is_same(found, accept)
    accept.click()
    assert user.wait_for_subject() == "auth0|alice"
