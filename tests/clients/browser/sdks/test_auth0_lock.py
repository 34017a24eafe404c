"""Lock 14, the widget that asks for name and password on a page of the application."""

import shutil
import subprocess

import pytest

from helpers.client_facts import shows
from helpers.page_habits import CLICK, HABITS
from mockidp import RemoteIdP


@pytest.fixture(scope="module")
def site(installed, tmp_path_factory):
    modules = installed("auth0-lock", "rolldown")
    app, bundle = modules.parent / "apps" / "auth0-lock", tmp_path_factory.mktemp("lock")
    command = [shutil.which("node"), str(app / "bundle.mjs"), str(bundle)]
    subprocess.run(command, check=True, timeout=120)
    return [app, bundle]


@pytest.fixture
def lock(visitor, server):
    """Open the application of a client that may log users in on its own page."""

    def lock(*, allowed=True, **options):
        visitor.patch_client("acme-spa", cross_origin_authentication=allowed)
        visitor.open(domain=server.url, options=options)
        visitor.page.locator(".auth0-lock-submit").wait_for()
        return visitor.page

    return lock


def submit(page, email, password):
    page.locator(".auth0-lock-input-email input").fill(email)
    page.locator(".auth0-lock-input-show-password input[name=password]").fill(password)
    page.locator(".auth0-lock-submit").click()


def error(page):
    message = page.locator(".auth0-global-message-error")
    message.wait_for()
    return message.inner_text().strip()


@shows("auth0-lock", "embedded login", "client settings from the tenant", over="http")
def test_lock_logs_a_user_in(lock, visitor):
    submit(lock(), "alice@acme.example", "Passw0rd!")
    visitor.wait_for_heading("Hello alice@acme.example")
    assert visitor.journal(endpoint="co_authenticate")[-1]["status"] == 200


@shows("auth0-lock", "embedded login in the same page", over="http")
def test_lock_logs_a_user_in_without_leaving_the_page(lock, visitor, server):
    page = lock(auth={"redirect": False, "responseType": "token id_token",
                      "redirectUrl": "http://localhost:3000/callback",
                      "params": {"scope": "openid email"}})  # fmt: skip
    submit(page, "bob@acme.example", "Passw0rd!")
    visitor.wait_for_heading("Hello bob@acme.example")
    silent = visitor.journal(endpoint="authorize")[-1]
    assert silent["parameters"]["response_mode"] == "web_message"


@shows("auth0-lock", refuses=["wrong password"], over="http")
def test_lock_shows_that_the_password_is_wrong(lock):
    page = lock()
    submit(page, "alice@acme.example", "wrong")
    assert error(page) == "WRONG EMAIL OR PASSWORD."


@shows("auth0-lock", refuses=["blocked user"], over="http")
def test_lock_shows_that_the_user_is_blocked(lock, visitor):
    visitor.control("PATCH", "/users/auth0%7Calice", {"blocked": True})
    page = lock()
    submit(page, "alice@acme.example", "Passw0rd!")
    assert error(page) == "THE USER IS BLOCKED."


@shows("auth0-lock", refuses=["client without cross-origin authentication"], over="http")
def test_lock_shows_that_the_client_may_not_log_users_in(lock, visitor):
    page = lock(allowed=False)
    submit(page, "alice@acme.example", "Passw0rd!")
    assert error(page)
    refused = visitor.journal(endpoint="co_authenticate")[-1]
    assert refused["status"] == 401
    assert "`cross_origin_authentication: true`" in refused["hint"]


@shows("auth0-lock", "social login", refuses=["canceled social login"], over="http")
def test_lock_has_a_button_for_a_social_connection(visitor, lock):
    remote = RemoteIdP(visitor.server.url)
    remote.add_connection("google-oauth2", strategy="google-oauth2")
    remote.add_user("google-oauth2|1001", email="gina@gmail.example")
    for choice, heading in (
        ("cancel", "Refused: access_denied"),
        ("pick-user", "Hello gina@gmail.example"),
    ):
        lock().locator(".auth0-lock-social-button[data-provider=google-oauth2]").click()
        visitor.page.get_by_test_id(choice).click()
        visitor.wait_for_heading(heading)


def test_lock_has_the_elements_that_the_classic_page_imitates(lock):
    page = lock()
    habits = (steps for (flow, _), steps in HABITS.items() if flow == "Lock")
    logins = [steps for steps in habits if steps[0][1] is not CLICK]
    assert len(logins) > 5
    wrong = [one for steps in logins for one, _ in steps if page.locator(one).count() != 1]
    assert wrong == []
