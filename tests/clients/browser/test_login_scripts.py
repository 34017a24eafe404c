"""Whole login scripts in the styles of public ones, each with the selectors that are its habit."""

import pytest

USER, PASSWORD = "alice@acme.example", "Passw0rd!"


def real_world_app(page):
    """Log in as Cypress' Real World App does."""
    page.locator("input#username").fill(USER)
    page.locator("input#password").fill(PASSWORD)
    page.locator("button[value=default]", has_text="Continue").click()


def nextjs_auth0(page):
    """Log in as the end-to-end tests of nextjs-auth0 do."""
    page.fill("input[id=username]", USER, strict=True)
    page.fill("input[id=password]", PASSWORD, strict=True)
    page.get_by_text("Continue", exact=True).click()


def auth0_react(page):
    """Log in as a smoke test that goes by name and data attribute."""
    page.locator("input[name=username]").fill(USER)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator('button[data-action-button-primary="true"]').click()


def recorder(page):
    """Log in as Playwright's recorder writes it down."""
    page.get_by_label("Email address").click()
    page.get_by_label("Email address").fill(USER)
    page.get_by_label("Email address").press("Tab")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue", exact=True).click()


def recorder_by_role(page):
    """Log in as newer versions of the recorder write it down."""
    page.get_by_role("textbox", name="Email address").fill(USER)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def enter_key(page):
    """Log in with the Enter key."""
    page.locator("#username").fill(USER)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")


def selenium_by_id(page):
    """Log in with Selenium's By.ID and an XPath for the button."""
    page.locator('[id="username"]').press_sequentially(USER)
    page.locator('[id="password"]').press_sequentially(PASSWORD)
    page.locator("xpath=//button[@type='submit']").click()


def selenium_by_name(page):
    """Log in with Selenium's By.NAME, which takes the first of several elements."""
    page.locator('[name="username"]').first.press_sequentially(USER)
    page.locator('[name="password"]').first.press_sequentially(PASSWORD)
    page.locator('[name="action"]').first.click()


def two_steps(page):
    """Log in as on the two-step pages: the browser keeps the page until there is a password."""
    page.locator("form._form-login-id #username").fill(USER)
    page.locator("button._button-login-id").click()
    page.locator("form._form-login-password #password").fill(PASSWORD)
    page.locator("button._button-login-password").click()


def puppeteer(page):
    """Log in by types, without the hidden button that Auth0's page has."""
    page.locator("input[name=username], input[name=email], input[type=email]").fill(USER)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("button[type=submit]:not(.ulp-hidden-form-submit-button)").click()


SCRIPTS = [
    real_world_app,
    nextjs_auth0,
    auth0_react,
    recorder,
    recorder_by_role,
    enter_key,
    selenium_by_id,
    selenium_by_name,
    two_steps,
    puppeteer,
]


@pytest.mark.parametrize("javascript", [True, False], ids=["JavaScript on", "JavaScript off"])
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.__name__)
def test_a_public_login_script_logs_in(sit_down, script, javascript):
    person = sit_down(java_script_enabled=javascript)
    person.asks_to_log_in()
    script(person.page)
    assert person.arrives_as() == "auth0|alice"


def test_a_script_that_posts_an_empty_password_first_is_not_lost(sit_down):
    person = sit_down()
    person.asks_to_log_in()
    person.page.locator("#username").fill(USER)
    person.page.locator("form").first.evaluate("form => form.noValidate = true")
    person.page.locator("[value=default]").click()
    error = person.page.locator("#error-element-password")
    error.wait_for()
    assert error.get_attribute("data-error-code") == "no-password"
    assert person.page.locator("#username").input_value() == USER
    person.page.locator("#password").fill(PASSWORD)
    person.page.locator("[value=default]").click()
    assert person.arrives_as() == "auth0|alice"


def test_mockidps_own_controls_are_found_by_their_test_ids(sit_down):
    person = sit_down(java_script_enabled=False)
    person.asks_to_log_in()
    assert person.page.get_by_test_id("picker").count() == 1
    assert person.page.get_by_test_id("picker-form").count() == 1
    person.page.locator('[data-testid=pick-user][value="auth0|bob"]').click()
    assert person.arrives_as() == "auth0|bob"
    person.page.context.clear_cookies()
    person.asks_to_log_in()
    person.page.get_by_test_id("deny").click()
    assert person.arrives()["error"] == "access_denied"


def test_the_hint_of_a_refused_attempt_is_on_the_page(sit_down):
    person = sit_down()
    person.asks_to_log_in()
    assert person.page.get_by_test_id("mockidp-hint").count() == 0
    person.types(USER, "wrong")
    hint = person.page.get_by_test_id("mockidp-hint")
    assert hint.inner_text() == "Why it was refused: User auth0|alice has another password."
