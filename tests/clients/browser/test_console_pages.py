"""mockidp's own pages: from the console to the tokens of the test client, and the logout."""

from urllib.parse import urlsplit

import pytest


@pytest.fixture
def visitor(new_user):
    """Return a function that opens the console. Check that the browser reports no problems."""
    messages = []

    def visit(**options):
        user = new_user(**options)
        user.page.on("console", lambda message: messages.append(message.text))
        user.page.on("pageerror", lambda error: messages.append(str(error)))
        user.page.goto(f"{user.server.url}/")
        return user.page

    yield visit
    assert messages == []


@pytest.mark.parametrize("scripts", [True, False])
def test_a_user_logs_in_sees_the_tokens_and_logs_out(visitor, scripts):
    page = visitor(java_script_enabled=scripts)
    assert urlsplit(page.url).path == "/_mockidp/"
    page.get_by_test_id("try").click()
    page.get_by_label("Audience").fill("https://api.acme.example/")
    page.get_by_test_id("log-in").click()
    page.get_by_test_id("pick-user").first.click()
    page.get_by_role("heading", name="Logged in").wait_for()
    assert urlsplit(page.url).path == "/_mockidp/try"
    assert page.get_by_test_id("checks").get_by_text("passed").count() == 5
    for part in ("id-token", "access-token", "userinfo"):
        assert '"sub": "auth0|alice"' in page.get_by_test_id(part).inner_text()
    page.reload()
    assert "No login is pending in this browser." in page.get_by_test_id("refused").inner_text()
    page.get_by_role("link", name="Log in again").click()
    page.get_by_role("heading", name="Logged in").wait_for()
    page.get_by_test_id("log-out").click()
    page.get_by_role("heading", name="Test client").wait_for()
    page.get_by_test_id("log-in").click()
    assert urlsplit(page.url).path == "/u/login"


def test_a_denied_login_shows_the_reason(visitor):
    page = visitor()
    page.get_by_test_id("try").click()
    page.get_by_test_id("log-in").click()
    page.get_by_test_id("deny").click()
    assert "access_denied" in page.get_by_test_id("refused").inner_text()
    assert page.get_by_test_id("mockidp-hint").is_visible()
    page.get_by_role("link", name="Overview").click()
    assert "access_denied" in page.get_by_test_id("refusals").inner_text()


def test_the_pages_cannot_be_framed(visitor):
    page = visitor()
    for path in ("/_mockidp/", "/_mockidp/try"):
        response = page.goto(f"{page.url.partition('/_mockidp')[0]}{path}")
        assert response.headers["x-frame-options"] == "deny"
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
        assert page.evaluate("document.styleSheets.length") == 1, "the policy blocks the style"
