"""The story that mockidp began with, clicked through on the console, with and without JavaScript.

An admin signs in as a user. Then `&next=/admin` is appended to such a link, which Auth0 answers with
`Bad mac`. The console explains it, and makes the link that was wanted. With MOCKIDP_PICTURE, the test
writes the picture for the README to that file.
"""

import json
import os
from urllib.parse import urlsplit

import pytest

WIDTH, HEIGHT = 1280, 1000


@pytest.fixture
def admin(new_user):
    """Return a function that creates a browser. Check that it reports no problems."""
    messages = []

    def create(**options):
        user = new_user(viewport={"width": WIDTH, "height": HEIGHT}, **options)
        for happens in ("console", "pageerror"):
            user.page.on(happens, lambda what: messages.append(str(what)))
        user.page.goto(f"{user.server.url}/_mockidp/")
        return user

    yield create
    assert [one for one in messages if "favicon" not in one and "401" not in one] == []


def open_in_another_tab(user, link):
    page = user.page.context.new_page()
    response = page.goto(link)
    return page, response


@pytest.mark.parametrize("scripts", [True, False])
def test_the_story(admin, scripts):
    user = admin(java_script_enabled=scripts)
    page = user.page
    user.application.received.clear()

    page.get_by_role("link", name="Users").first.click()
    page.get_by_role("link", name="auth0|alice").click()
    page.get_by_test_id("sign-in-as-user").click()
    page.get_by_label("Application").select_option(value="acme-web")
    assert page.get_by_test_id("empty-state-warning").is_visible()
    page.get_by_label("State", exact=True).fill("/admin")
    assert not page.get_by_test_id("empty-state-warning").is_visible()
    page.get_by_test_id("make-link").click()
    link = page.get_by_test_id("impersonation-link").inner_text()

    landed, _ = open_in_another_tab(user, page.get_by_test_id("open-link").get_attribute("href"))
    landed.get_by_role("heading", name="Back at the application").wait_for()
    [(method, parameters)] = user.application.received
    assert (method, parameters["state"]) == ("GET", "/admin")
    assert parameters["code"]

    page.get_by_test_id("make-link").click()
    link = page.get_by_test_id("impersonation-link").inner_text()
    refused, response = open_in_another_tab(user, f"{link}&next=/admin")
    assert response.status == 401
    assert json.loads(refused.locator("body").inner_text()) == {
        "error": "access_denied",
        "error_description": "Impersonation - Bad mac",
    }

    page.goto(f"{user.server.url}/_mockidp/")
    page.get_by_role("link", name="Journal").first.click()
    page.get_by_role("link", name="Impersonate").first.click()
    reason = page.get_by_test_id("mockidp-hint").last.inner_text()
    assert "next was added after the link was signed" in reason
    assert page.get_by_text("Bad mac").last.is_visible()

    page.get_by_role("link", name="Link doctor").first.click()
    page.get_by_label("Link").fill(f"{link}&next=/admin")
    page.get_by_test_id("diagnose").click()
    assert "next was added" in page.get_by_test_id("verdict").inner_text()
    assert page.locator("mark.added").inner_text().endswith("&next=/admin")
    assert page.get_by_label("State: carry").input_value() == "/admin"
    if scripts and "MOCKIDP_PICTURE" in os.environ:
        page.evaluate("window.scrollTo(0, 0)")
        page.screenshot(path=os.environ["MOCKIDP_PICTURE"])
    page.get_by_test_id("make-link").click()
    user.application.received.clear()
    corrected = page.get_by_test_id("open-link").get_attribute("href")
    landed, _ = open_in_another_tab(user, corrected)
    landed.get_by_role("heading", name="Back at the application").wait_for()
    assert user.application.received[0][1]["state"] == "/admin"
    assert urlsplit(corrected).path == "/users/auth0%7Calice/impersonate"
