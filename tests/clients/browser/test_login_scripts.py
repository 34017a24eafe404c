"""Login scripts in the styles of public ones, each with its typical selectors."""

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
    """Log in as a smoke test that uses name and data attribute."""
    page.locator("input[name=username]").fill(USER)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator('button[data-action-button-primary="true"]').click()


def recorder(page):
    """Log in as Playwright's recorder records it."""
    page.get_by_label("Email address").click()
    page.get_by_label("Email address").fill(USER)
    page.get_by_label("Email address").press("Tab")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue", exact=True).click()


def recorder_by_role(page):
    """Log in as newer versions of the recorder record it."""
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
    """Log in as on two-step pages. The form is not submitted before it has a password."""
    page.locator("form._form-login-id #username").fill(USER)
    page.locator("button._button-login-id").click()
    page.locator("form._form-login-password #password").fill(PASSWORD)
    page.locator("button._button-login-password").click()


def puppeteer(page):
    """Log in by input types, excluding the hidden button of Auth0's page."""
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
def test_a_public_login_script_logs_in(new_user, script, javascript):
    user = new_user(java_script_enabled=javascript)
    user.start_login()
    script(user.page)
    assert user.wait_for_subject() == "auth0|alice"


def test_a_script_may_submit_an_empty_password_first(new_user):
    user = new_user()
    user.start_login()
    user.page.locator("#username").fill(USER)
    user.page.locator("form").first.evaluate("form => form.noValidate = true")
    user.page.locator("[value=default]").click()
    error = user.page.locator("#error-element-password")
    error.wait_for()
    assert error.get_attribute("data-error-code") == "no-password"
    assert user.page.locator("#username").input_value() == USER
    user.page.locator("#password").fill(PASSWORD)
    user.page.locator("[value=default]").click()
    assert user.wait_for_subject() == "auth0|alice"


def test_mockidps_own_controls_have_test_ids(new_user):
    user = new_user(java_script_enabled=False)
    user.start_login()
    assert user.page.get_by_test_id("picker").count() == 1
    assert user.page.get_by_test_id("picker-form").count() == 1
    user.page.locator('[data-testid=pick-user][value="auth0|bob"]').click()
    assert user.wait_for_subject() == "auth0|bob"
    user.page.context.clear_cookies()
    user.start_login()
    user.page.get_by_test_id("deny").click()
    assert user.wait_for_callback()["error"] == "access_denied"


def test_the_page_shows_the_hint_of_a_refused_login(new_user):
    user = new_user()
    user.start_login()
    assert user.page.get_by_test_id("mockidp-hint").count() == 0
    user.enter_credentials(USER, "wrong")
    hint = user.page.get_by_test_id("mockidp-hint")
    assert hint.inner_text() == "Why it was refused: User auth0|alice has another password."
