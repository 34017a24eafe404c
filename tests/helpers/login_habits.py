"""Ways in which public test suites log in on Auth0's page, in the styles of their tools.

They were collected from public repositories: Cypress, Playwright for several languages, Selenium,
Selenide, WebdriverIO, Puppeteer, TestCafe, Capybara, CodeceptJS and Robot Framework. Only their
selectors and the order of their steps are the same.
"""

import re

USER, PASSWORD = "alice@acme.example", "Passw0rd!"


def cypress(page):
    page.locator("input[name=username]").press_sequentially(USER)
    page.locator("input[name=password]").press_sequentially(PASSWORD)
    page.locator("button[name=action]").click()


def cypress_with_css_types(page):
    page.locator('input[name="username"]').press_sequentially(USER)
    page.locator('input[name="password"]').press_sequentially(PASSWORD)
    page.locator('button[type="submit"]').click()


def cypress_within_the_form(page):
    form = page.locator("form").first
    form.locator("#username").fill(USER)
    form.locator("#password").fill(PASSWORD)
    form.get_by_text("Continue").click()


def in_testcafe(page):
    page.locator("#username").press_sequentially(USER)
    page.locator("#password").press_sequentially(PASSWORD)
    page.locator("button", has_text="Continue").and_(page.locator("[type=submit]")).click()


def selenium(page):
    page.locator("[id='username']").first.press_sequentially(USER)
    page.locator("[id='password']").first.press_sequentially(PASSWORD)
    page.locator("[name='action']").first.click()


def selenium_in_java(page):
    page.locator("xpath=//input[@id='username']").fill(USER)
    page.locator("xpath=//input[@id='password']").fill(PASSWORD)
    button = "//button[contains(text(),'Continue')][@data-action-button-primary='true']"
    page.locator(f"xpath={button}").click()


def selenium_that_submits_the_field(page):
    page.locator("[name=username]").first.fill(USER)
    page.locator("[name=password]").first.fill(PASSWORD)
    page.locator("[name=password]").first.press("Enter")


def selenide(page):
    page.locator("[name=username]").fill(USER)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("button[data-action-button-primary='true']").click()


def playwright_in_csharp(page):
    page.fill("input[name='username']", USER, strict=True)
    page.fill("input[name='password']", PASSWORD, strict=True)
    page.click("button[type='submit']:not(.ulp-hidden-form-submit-button)", strict=True)


def playwright_with_lists(page):
    page.locator("input[name='username'], input[name='email'], input[type='email']").fill(USER)
    page.locator("input[name='password'], input[type='password']").fill(PASSWORD)
    button = "button[data-action-button-primary='true'], button:has-text('Continue')"
    page.locator(button).first.click()


def playwright_with_visible_elements(page):
    page.locator("#username:visible").fill(USER)
    page.locator("#password:visible").fill(PASSWORD)
    page.locator("button[name='action'][value='default']:visible").click()


def playwright_by_pattern(page):
    page.get_by_label(re.compile("email", re.IGNORECASE)).fill(USER)
    page.get_by_label(re.compile("password", re.IGNORECASE)).fill(PASSWORD)
    page.get_by_role(
        "button", name=re.compile("^(continue|log in|sign in)$", re.IGNORECASE)
    ).click()


def puppeteer(page):
    page.evaluate(
        """([user, password]) => {
          document.querySelector("#username").value = user;
          document.querySelector("#password").value = password;
          document.querySelector("._button-login-password, button[type=submit]").click();
        }""",
        [USER, PASSWORD],
    )


def puppeteer_that_submits_the_form(page):
    page.locator("#username").fill(USER)
    page.locator("#password").fill(PASSWORD)
    page.evaluate("document.querySelector('form').submit()")


def capybara(page):
    page.locator("[id=username], [name=username]").fill(USER)
    page.locator("[id=password], [name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def keyboard(page):
    page.locator("#username:focus").wait_for()
    page.keyboard.type(USER)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def real_world_app(page):
    page.locator("input#username").fill(USER)
    page.locator("input#password").fill(PASSWORD)
    page.locator("button[value=default]", has_text="Continue").click()


def nextjs_auth0(page):
    page.fill("input[id=username]", USER, strict=True)
    page.fill("input[id=password]", PASSWORD, strict=True)
    page.get_by_text("Continue", exact=True).click()


def auth0_react(page):
    page.locator("input[name=username]").fill(USER)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator('button[data-action-button-primary="true"]').click()


def recorder(page):
    page.get_by_label("Email address").click()
    page.get_by_label("Email address").fill(USER)
    page.get_by_label("Email address").press("Tab")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue", exact=True).click()


def recorder_by_role(page):
    page.get_by_role("textbox", name="Email address").fill(USER)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


# Scripts for two pages. On one page, the first click does not send the form without a password.


def classes_of_two_pages(page):
    page.locator("#username").fill(USER)
    page.locator("._button-login-id").click()
    page.locator("#password").fill(PASSWORD)
    page.locator("._button-login-password").click()


def data_attributes_of_two_pages(page):
    page.locator("input#username").press_sequentially(USER)
    page.locator("[data-action-button-primary]").click()
    page.locator("input#password").press_sequentially(PASSWORD)
    page.locator("[data-action-button-primary]").click()


def enter_key_on_two_pages(page):
    page.locator("input[name=username]").fill(USER)
    page.keyboard.press("Enter")
    page.locator("input[name='password']:not(.hide)").fill(PASSWORD)
    page.keyboard.press("Enter")


def recorder_on_two_pages(page):
    page.get_by_role("textbox").first.fill(USER)
    page.get_by_role("button", name="Continue", exact=True).click()
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue", exact=True).click()


def robot_framework_on_two_pages(page):
    page.locator("id=username").fill(USER)
    page.locator("xpath=//button[@name='action']").click()
    page.locator("id=password").fill(PASSWORD)
    page.locator("xpath=//button[@name='action']").click()


def lists_on_two_pages(page):
    button = (
        "button._button-login-id, button[type='submit']:not(.ulp-hidden-form-submit-button), "
        "button[name='action'], button:has-text('Continue')"
    )
    page.locator("#username, input[name='username'], input[type='email']").first.fill(USER)
    page.locator(button).first.click()
    page.locator("input[name='password']:not(.hide), input[id='password']").first.fill(PASSWORD)
    page.locator(button).first.click()


def whichever_page_is_shown(page):
    page.locator("#username").fill(USER)
    if not page.locator("#password").is_visible():
        page.locator("button[type=submit]").click()
    page.locator("#password").fill(PASSWORD)
    page.locator("button[value=default]").click()


def forms_of_two_pages(page):
    page.locator("form._form-login-id [name=username]").fill(USER)
    page.locator("button._button-login-id").click()
    page.locator("form._form-login-password [name=password]").fill(PASSWORD)
    page.locator("button._button-login-password").click()


ONE_PAGE = [
    cypress,
    cypress_with_css_types,
    cypress_within_the_form,
    in_testcafe,
    selenium,
    selenium_in_java,
    selenium_that_submits_the_field,
    selenide,
    playwright_in_csharp,
    playwright_with_lists,
    playwright_with_visible_elements,
    playwright_by_pattern,
    capybara,
    keyboard,
    real_world_app,
    nextjs_auth0,
    auth0_react,
    recorder,
    recorder_by_role,
]
WITH_SCRIPT = [puppeteer, puppeteer_that_submits_the_form]
TWO_PAGES = [
    classes_of_two_pages,
    data_attributes_of_two_pages,
    enter_key_on_two_pages,
    recorder_on_two_pages,
    robot_framework_on_two_pages,
    lists_on_two_pages,
    whichever_page_is_shown,
    forms_of_two_pages,
]
