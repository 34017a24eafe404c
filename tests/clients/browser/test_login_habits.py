"""Login scripts of public test suites log in, on one page and on two.

The scripts run in one page of a browser, without JavaScript, because pages without passkeys have no script.
"""

import pytest

from helpers.login_habits import (
    ONE_PAGE,
    PASSWORD,
    TWO_PAGES,
    USER,
    WITH_SCRIPT,
    enter_key_on_two_pages,
)
from mockidp import MockIdP

CALLBACK = "http://localhost:3000/callback"
CROWD = [{"user_id": f"auth0|{n}", "email": f"{n}@acme.example"} for n in range(12)]
TENANT = {
    "clients": [{"client_id": "app", "name": "App", "callbacks": [CALLBACK]}],
    "users": [{"user_id": "auth0|alice", "email": USER, "password": PASSWORD}, *CROWD],
}


@pytest.fixture(scope="module")
def one_page():
    """Serve a tenant with so many users that the picker has all its controls."""
    with MockIdP(TENANT) as idp:
        yield idp


@pytest.fixture(scope="module")
def two_pages():
    with MockIdP(TENANT | {"prompts": {"identifier_first": True}}) as idp:
        yield idp


def log_in(page, idp, script, application):
    """Log in with a script, and check that the app gets a code."""
    application.received.clear()
    query = f"response_type=code&client_id=app&scope=openid&redirect_uri={CALLBACK}"
    page.goto(f"{idp.url}/authorize?{query}")
    script(page)
    page.get_by_role("heading", name="Back at the application").wait_for()
    [(_, parameters)] = application.received
    assert "code" in parameters
    assert idp.journal.last("resume").user == "auth0|alice"


def name_of(script):
    return script.__name__


@pytest.mark.parametrize("script", [*ONE_PAGE, *TWO_PAGES], ids=name_of)
def test_a_script_logs_in_on_one_page(one_page, page_without_script, application, script):
    log_in(page_without_script, one_page, script, application)


@pytest.mark.parametrize("script", TWO_PAGES, ids=name_of)
def test_a_script_for_two_pages_logs_in_on_two(two_pages, page_without_script, application, script):
    log_in(page_without_script, two_pages, script, application)


@pytest.mark.parametrize("script", WITH_SCRIPT, ids=name_of)
def test_a_script_that_runs_in_the_page_logs_in(one_page, page_with_script, application, script):
    log_in(page_with_script, one_page, script, application)


def test_a_person_corrects_the_name_on_the_second_page(two_pages, page_without_script, application):
    def correct(page):
        page.locator("input[name=username]").fill("0@acme.example")
        page.locator("[data-action-button-primary=true]").click()
        page.locator("[data-link-name=edit-username]").click()
        assert page.locator("input[name=username]").input_value() == "0@acme.example"
        enter_key_on_two_pages(page)

    log_in(page_without_script, two_pages, correct, application)


def test_a_script_may_submit_an_empty_password_first(one_page, page_with_script, application):
    def submit_twice(page):
        page.locator("#username").fill(USER)
        page.locator("form").first.evaluate("form => form.noValidate = true")
        page.locator("[value=default]").click()
        error = page.locator("#error-element-password")
        error.wait_for()
        assert error.get_attribute("data-error-code") == "no-password"
        assert page.locator("#username").input_value() == USER
        page.locator("#password").fill(PASSWORD)
        page.locator("[value=default]").click()

    log_in(page_with_script, one_page, submit_twice, application)


def test_mockidps_own_controls_have_test_ids(one_page, page_without_script, application):
    def pick(page):
        assert page.get_by_test_id("picker-form").count() == 1
        page.locator('[data-testid=pick-user][value="auth0|alice"]').click()

    log_in(page_without_script, one_page, pick, application)
