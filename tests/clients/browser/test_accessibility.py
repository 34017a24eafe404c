"""The pages have no violation that axe-core finds, in light and dark, wide and narrow."""

import os
from pathlib import Path

import pytest

AXE = Path(__file__).parents[1] / "node" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHECK = """async (tags) => {
  const found = await axe.run(document, { runOnly: { type: 'tag', values: tags } });
  return {
    passes: found.passes.length,
    violations: found.violations.map((one) => [one.id, one.nodes.map((node) => node.html)]),
  };
}"""


def open_login(person):
    person.asks_to_log_in()


def open_login_after_a_wrong_password(person):
    person.asks_to_log_in()
    person.types("alice@acme.example", "wrong")
    person.page.get_by_test_id("mockidp-hint").wait_for()


def open_login_after_empty_fields(person):
    person.asks_to_log_in()
    person.page.locator("form").first.evaluate("form => form.submit()")
    person.page.locator("#error-element-username").wait_for()


def open_login_with_invalid_fields(person):
    person.asks_to_log_in()
    person.page.get_by_role("button", name="Continue").click()
    person.page.locator("#error-cs-username-required").wait_for()


def open_login_for_a_blocked_user(person):
    person.asks_to_log_in()
    for _ in range(11):
        person.types("mallory@acme.example", "wrong")
    person.page.locator("#prompt-alert").wait_for()


def open_error(person):
    person.asks_to_log_in(redirect_uri="http://localhost:3000/elsewhere")
    person.page.locator(".error-status").wait_for()


def open_logout(person):
    person.asks_to_log_in()
    person.types("alice@acme.example", "Passw0rd!")
    person.arrives()
    person.page.goto(f"{person.server.url}/oidc/logout")
    person.page.get_by_role("heading", name="Log out?").wait_for()


def open_signed_out(person):
    open_logout(person)
    person.page.get_by_role("button", name="Log out").click()
    person.page.get_by_role("heading", name="You are logged out").wait_for()


def open_start_page(person):
    open_error(person)
    person.page.goto(f"{person.server.url}/")
    person.page.get_by_test_id("refusals").get_by_text("Callback URL mismatch").first.wait_for()


def open_test_client(person):
    person.page.goto(f"{person.server.url}/_mockidp/try")
    person.page.get_by_text("More parameters").click()


def open_tokens_of_the_test_client(person):
    person.page.goto(f"{person.server.url}/_mockidp/try/login?audience=https://api.acme.example/")
    person.page.get_by_test_id("pick-user").first.click()
    for summary in person.page.locator("summary").all():
        summary.click()


def open_refusal_of_the_test_client(person):
    person.page.goto(f"{person.server.url}/_mockidp/try/login?prompt=none")
    person.page.get_by_test_id("refused").wait_for()


PAGES = [
    open_login,
    open_login_after_a_wrong_password,
    open_login_after_empty_fields,
    open_login_with_invalid_fields,
    open_login_for_a_blocked_user,
    open_error,
    open_logout,
    open_signed_out,
    open_start_page,
    open_test_client,
    open_tokens_of_the_test_client,
    open_refusal_of_the_test_client,
]


@pytest.fixture(scope="module")
def axe():
    if not AXE.exists():
        install = "needs axe-core: `npm ci --prefix tests/clients/node`"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(install)
    return AXE.read_text()


def assert_accessible(page, axe):
    """Check the page as it is, in both colour schemes and at two widths."""
    page.evaluate(axe)
    for scheme in ("light", "dark"):
        for width in (360, 1280):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 800})
            found = page.evaluate(CHECK, TAGS)
            assert found["violations"] == [], (scheme, width)
            assert found["passes"] > 10
            overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert overflow <= 0, (scheme, width)


@pytest.mark.parametrize("open_page", PAGES, ids=lambda one: one.__name__)
def test_a_page_has_no_violation(sit_down, axe, open_page):
    person = sit_down()
    open_page(person)
    assert_accessible(person.page, axe)


def test_the_consent_page_has_no_violation(server_that_asks_for_consent, sit_down, axe):
    person = sit_down(server_that_asks_for_consent)
    person.asks_to_log_in()
    person.types("alice@acme.example", "Passw0rd!")
    person.page.get_by_role("heading", name="Authorize App").wait_for()
    assert_accessible(person.page, axe)
