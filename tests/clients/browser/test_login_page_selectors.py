"""Selectors that public login scripts use on Auth0's page find exactly one element on mockidp's.

They come from login scripts in public repositories. Selenium's `By` is written as the equivalent CSS
or XPath expression, and Cypress' `contains` as a locator with a text.
"""

import contextlib
import functools
import re
from urllib.parse import urlsplit

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
    ("div#error-cs-username-required", "Username is required"),
    ("div#error-cs-password-required.ulp-error-info", "Password is required"),
]


# With usernames, the label is another one, and so is the keyboard of a phone.
OTHER_LABEL = {"user by exact label", "user by input mode"}
CALLBACK = "http://localhost:3000/callback"
ALICE = {"user_id": "auth0|alice", "username": "alice", "email": "alice@acme.example", "password": "Passw0rd!"}  # fmt: skip
BOB = {"user_id": "auth0|bob", "email": "bob@acme.example"}
TENANT = {
    "tenant": {"friendly_name": "Acme"},
    "clients": [{"client_id": "app", "name": "Acme Web", "callbacks": [CALLBACK]}],
    "users": [ALICE, BOB],
}
WITH_USERNAMES = {"databases": [{"name": "users", "options": {"requires_username": True}}]}
TWO_PAGES = {"prompts": {"identifier_first": True}}


@pytest.fixture(scope="module")
def open_login():
    """Return a function that opens the login page of a tenant, with several users in its picker."""
    with contextlib.ExitStack() as stack:

        @functools.cache
        def serve(name):
            changes = {"usernames": WITH_USERNAMES, "two pages": TWO_PAGES}.get(name, {})
            return stack.enter_context(MockIdP(TENANT | changes))

        def open_login(page, name="one page"):
            page.goto(f"{serve(name).url}/authorize?response_type=code&client_id=app&scope=openid")
            assert page.locator("[data-testid=pick-user]").count() == len(TENANT["users"])
            return page

        yield open_login


def is_same(found, expected):
    return found.element_handle().evaluate("(a, b) => a === b", expected.element_handle())


def wrong(page, rows):
    """Return the names of the rows that do not find exactly the expected element, in use."""
    return [
        name
        for name, find, expected in rows
        if find(page).count() != 1
        or not find(page).is_visible()
        or not find(page).is_enabled()
        or not is_same(find(page), page.locator(expected))
    ]


def submit(page, username, password):
    page.locator("#username").fill(username)
    page.locator("#password").fill(password)
    page.locator("button[name=action]").click()
    page.locator("[data-testid=mockidp-hint]").wait_for()


def test_the_selectors_find_exactly_one_element(open_login, page_without_script):
    page = open_login(page_without_script)
    assert wrong(page, SELECTORS) == []
    for name, selector, expected in FIRST:
        assert is_same(page.locator(selector).first, page.locator(expected)), name
    assert page.title() == "Log in | Acme Web"
    assert page.locator("header > h1").inner_text() == "Welcome"
    assert page.get_by_text("Log in to Acme to continue to Acme Web.").is_visible()


def test_after_a_wrong_password_they_do_and_there_is_one_error(open_login, page_without_script):
    page = open_login(page_without_script)
    submit(page, "alice@acme.example", "wrong")
    assert wrong(page, SELECTORS) == []
    for selector, text in ERRORS:
        assert [one.inner_text() for one in page.locator(selector).all()] == [text], selector


def test_with_usernames_only_the_label_differs(open_login, page_without_script):
    page = open_login(page_without_script, "usernames")
    assert set(wrong(page, SELECTORS)) == OTHER_LABEL
    label = "Username or email address"
    for found in (page.get_by_label(label, exact=True), page.get_by_role("textbox", name=label)):
        assert is_same(found, page.locator(USERNAME))
    submit(page, "alice", "wrong")
    error = page.locator("#error-element-password")
    assert error.inner_text() == "Wrong username or password"
    assert error.get_attribute("data-error-code") == "wrong-credentials"


def test_on_two_pages_each_has_its_part(open_login, page_without_script):
    page = open_login(page_without_script, "two pages")
    users = [row for row in SELECTORS if row[0].startswith("user")]
    passwords = [row for row in SELECTORS if row[0].startswith("password")]
    others = [row for row in SELECTORS if row not in users + passwords]
    assert wrong(page, users) == []
    stems = {"one-page", "password page"}
    assert {
        name for name in wrong(page, others) if not any(stem in name for stem in stems)
    } == set()
    page.locator("#username").fill("alice@acme.example")
    page.locator("[value=default]").click()
    assert wrong(page, passwords) == []
    page.locator("#password").fill("wrong")
    page.locator("[value=default]").click()
    for selector, text in ERRORS:
        assert [one.inner_text() for one in page.locator(selector).all()] == [text], selector


@pytest.mark.parametrize("kind", ["page_with_script", "page_without_script"])
def test_empty_fields_each_show_an_error(request, open_login, kind):
    page = open_login(request.getfixturevalue(kind))
    assert [page.locator(selector).is_visible() for selector, _ in EMPTY] == [False, False]
    page.get_by_role("button", name="Continue").click()
    for selector, text in EMPTY:
        page.locator(selector).wait_for()
        assert page.locator(selector).inner_text() == text
    assert urlsplit(page.url).path == "/u/login"
