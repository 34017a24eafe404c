"""axe-core finds no violation on any page, in light and dark, wide and narrow."""

import json
import os
import urllib.request
from pathlib import Path

import pytest

from helpers.every_page import WithHint, every_page
from mockidp import RemoteIdP

AXE = Path(__file__).parents[1] / "node" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHECK = """async (tags) => {
  const found = await axe.run(document, { runOnly: { type: 'tag', values: tags } });
  return {
    passes: found.passes.length,
    violations: found.violations.map((one) => [one.id, one.nodes.map((node) => node.html)]),
  };
}"""


def open_login(user):
    user.start_login()


def open_login_after_a_wrong_password(user):
    user.start_login()
    user.enter_credentials("alice@acme.example", "wrong")
    user.page.get_by_test_id("mockidp-hint").wait_for()


def open_login_after_empty_fields(user):
    user.start_login()
    user.page.locator("form").first.evaluate("form => form.submit()")
    user.page.locator("#error-element-username").wait_for()


def open_login_with_invalid_fields(user):
    user.start_login()
    user.page.get_by_role("button", name="Continue").click()
    user.page.locator("#error-cs-username-required").wait_for()


def open_login_for_a_blocked_user(user):
    user.start_login()
    for _ in range(11):
        user.enter_credentials("mallory@acme.example", "wrong")
    user.page.locator("#prompt-alert").wait_for()


def open_sign_up_after_a_weak_password(user):
    user.start_login(screen_hint="signup")
    user.page.get_by_label("Email address").fill("dora@acme.example")
    user.page.get_by_label("Password").fill("weak")
    user.page.get_by_role("button", name="Continue").click()
    user.page.locator("#error-element-password").wait_for()


def open_sent_reset_email(user):
    user.start_login(screen_hint="reset-password")
    user.page.get_by_label("Email address").fill("alice@acme.example")
    user.page.get_by_role("button", name="Continue").click()
    user.page.get_by_role("heading", name="Check Your Email").wait_for()


def open_new_password(user):
    open_sent_reset_email(user)
    sent = user.page.request.get(f"{user.server.url}/_mockidp/v1/outbox?kind=reset_email").json()
    user.page.goto(sent["items"][-1]["link"])
    user.page.get_by_label("New password", exact=True).wait_for()


def open_invalid_link(user):
    user.page.goto(f"{user.server.url}/u/reset-password?ticket=none")
    user.page.get_by_role("heading", name="Invalid Link").wait_for()


def open_error(user):
    user.start_login(redirect_uri="http://localhost:3000/elsewhere")
    user.page.locator(".error-status").wait_for()


def open_logout(user):
    user.start_login()
    user.enter_credentials("alice@acme.example", "Passw0rd!")
    user.wait_for_callback()
    user.page.goto(f"{user.server.url}/oidc/logout")
    user.page.get_by_role("heading", name="Log out").wait_for()


def open_signed_out(user):
    open_logout(user)
    user.page.get_by_role("button", name="Yes").click()
    user.page.get_by_role("heading", name="You are logged out").wait_for()


def open_start_page(user):
    open_error(user)
    user.page.goto(f"{user.server.url}/")
    user.page.get_by_test_id("refusals").get_by_text("Callback URL mismatch").first.wait_for()


def open_test_client(user):
    user.page.goto(f"{user.server.url}/_mockidp/try")
    user.page.get_by_text("More parameters").click()


def open_tokens_of_the_test_client(user):
    user.page.goto(f"{user.server.url}/_mockidp/try/login?audience=https://api.acme.example/")
    user.page.get_by_test_id("pick-user").first.click()
    for summary in user.page.locator("summary").all():
        summary.click()


def open_refusal_of_the_test_client(user):
    user.page.goto(f"{user.server.url}/_mockidp/try/login?prompt=none")
    user.page.get_by_test_id("refused").wait_for()


PAGES = [
    open_login,
    open_login_after_a_wrong_password,
    open_login_after_empty_fields,
    open_login_with_invalid_fields,
    open_login_for_a_blocked_user,
    open_sign_up_after_a_weak_password,
    open_sent_reset_email,
    open_new_password,
    open_invalid_link,
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


def assert_accessible(page, axe, widths=(360, 1280)):
    """Check the current page in both colour schemes and at all widths."""
    page.evaluate(axe)
    for scheme in ("light", "dark"):
        for width in widths:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 800})
            found = page.evaluate(CHECK, TAGS)
            assert found["violations"] == [], (scheme, width)
            assert found["passes"] > 10
            overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert overflow <= 0, (scheme, width)


def test_no_rendered_page_has_a_violation(new_user, axe):
    user = new_user()
    user.start_login()
    page = user.page
    for name, html in every_page(WithHint(), "harmless").items():
        if name != "form_post":  # its script would leave it
            page.set_content(html)
            assert_accessible(page, axe, widths=(360,))


@pytest.mark.parametrize("open_page", PAGES, ids=lambda one: one.__name__)
def test_a_page_has_no_violation(new_user, axe, open_page):
    user = new_user()
    open_page(user)
    assert_accessible(user.page, axe)


@pytest.fixture
def organizations(server):
    """Alice is a member of 12 organizations, one of which has a long name."""
    remote = RemoteIdP(server.url)
    before = remote.snapshot()
    for number in range(12):
        remote.add_organization(
            f"o{number}",
            display_name="W" * 60 if number == 1 else "",
            connections=[{"name": "Username-Password-Authentication"}],
            members=[{"user_id": "auth0|alice"}],
        )
    yield remote
    remote.restore(before)


def test_the_pages_to_choose_an_organization_have_no_violation(organizations, new_user, axe):
    user = new_user()
    behavior = {"organization_require_behavior": "pre_login_prompt"}
    organizations.patch_client("acme-web", organization_usage="allow", **behavior)
    user.start_login()
    user.page.get_by_label("Enter your Organization Name").fill("none")
    user.page.get_by_role("button", name="Continue", exact=True).click()
    user.page.locator("#error-element-organizationName").wait_for()
    assert_accessible(user.page, axe)
    behavior = {"organization_require_behavior": "post_login_prompt"}
    organizations.patch_client("acme-web", **behavior)
    user.start_login()
    user.enter_credentials("alice@acme.example", "Passw0rd!")
    user.page.get_by_role("heading", name="Choose an Account to Continue").wait_for()
    assert_accessible(user.page, axe)


def test_the_consent_page_has_no_violation(server_with_consent, new_user, axe):
    user = new_user(server_with_consent)
    user.start_login()
    user.enter_credentials("alice@acme.example", "Passw0rd!")
    user.page.get_by_role("heading", name="Authorize App").wait_for()
    assert_accessible(user.page, axe)


def call(server, method, document=None):
    """Read or replace the tenant."""
    request = urllib.request.Request(
        f"{server.url}/_mockidp/v1/tenant",
        None if document is None else json.dumps(document).encode(),
        method=method,
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.loads(response.read() or "{}")


@pytest.fixture
def google(server):
    """The tenant has a user of Google, and an enterprise connection with a long name."""
    remote = RemoteIdP(server.url)
    before = remote.snapshot()
    remote.add_connection("google-oauth2", strategy="google-oauth2")
    remote.add_connection("corp", strategy="samlp", show_as_button=True, display_name="W" * 60)
    remote.add_user("google-oauth2|1001", email="gina@gmail.example")
    yield remote
    remote.restore(before)


def test_the_pages_for_social_logins_have_no_violation(google, new_user, axe):
    user = new_user()
    user.start_login(login_hint="dana@gmail.example", connection_scope="calendar")
    assert_accessible(user.page, axe)
    user.page.get_by_role("button", name="Continue with Google").click()
    user.page.get_by_role("heading", name="Pick a user").wait_for()
    user.page.get_by_label("Email").fill("not an address")
    user.page.get_by_test_id("new-user").click()
    user.page.get_by_test_id("mockidp-hint").wait_for()
    assert_accessible(user.page, axe)


@pytest.fixture
def identifier_first(server):
    """The tenant asks for user name and password on two pages, also in Hebrew."""
    remote = RemoteIdP(server.url)
    before = remote.snapshot()
    document = call(server, "GET") | {"prompts": {"identifier_first": True}}
    document["tenant"] = document["tenant"] | {"enabled_locales": ["en", "he"]}
    call(server, "PUT", document)
    yield
    remote.restore(before)


@pytest.mark.parametrize("language", ["en", "he"])
def test_the_pages_for_identifier_first_have_no_violation(
    identifier_first, new_user, axe, language
):
    user = new_user()
    user.start_login(ui_locales=language)
    user.page.locator("form").first.evaluate("form => form.submit()")
    user.page.locator("#error-element-username").wait_for()
    assert_accessible(user.page, axe)
    user.page.locator("#username").fill("alice@acme.example")
    user.page.locator("[value=default]").click()
    user.page.locator("#password").fill("wrong")
    user.page.locator("[value=default]").click()
    user.page.locator("#error-element-password").wait_for()
    assert_accessible(user.page, axe)
