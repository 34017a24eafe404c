"""axe-core finds no violation on any page, in light and dark, wide and narrow."""

import pytest

from helpers.accessibility import assert_accessible
from helpers.every_page import WithHint, every_page


def open_login_with_invalid_fields(user):
    user.start_login()
    user.page.get_by_role("button", name="Continue").click()
    user.page.locator("#error-cs-username-required").wait_for()


def open_sent_reset_email(user):
    user.start_login(screen_hint="reset-password")
    user.page.get_by_label("Email address").fill("alice@acme.example")
    user.page.get_by_role("button", name="Continue").click()
    user.page.get_by_role("heading", name="Check Your Email").wait_for()


def open_error(user):
    user.start_login(redirect_uri="http://localhost:3000/elsewhere")
    user.page.locator(".error-status").wait_for()


def open_console(user):
    open_error(user)
    user.page.goto(f"{user.server.url}/")
    user.page.get_by_test_id("refusals").get_by_text("Callback URL mismatch").first.wait_for()


def open_test_client(user):
    user.page.goto(f"{user.server.url}/_mockidp/try")
    user.page.get_by_text("More parameters").click()


def open_tokens_of_the_test_client(user):
    user.page.goto(f"{user.server.url}/_mockidp/try/login?audience=https://api.acme.example/")
    user.page.get_by_test_id("pick-user").first.click()
    for summary in user.page.locator("main summary").all():
        summary.click()


def open_refusal_of_the_test_client(user):
    user.page.goto(f"{user.server.url}/_mockidp/try/login?prompt=none")
    user.page.get_by_test_id("refused").wait_for()


def open_faults(user):
    user.page.goto(f"{user.server.url}/_mockidp/faults?endpoint=id_token")
    user.page.get_by_label("times").fill("0")
    user.page.get_by_test_id("add").click()
    user.page.get_by_test_id("problem").wait_for()
    for summary in user.page.locator("main summary").all():
        summary.click()


def open_active_faults(user):
    user.page.goto(f"{user.server.url}/_mockidp/faults")
    user.page.get_by_label("status").fill("503")
    user.page.get_by_label("when.client").fill("no-client")
    user.page.get_by_test_id("add").click()
    user.page.get_by_test_id("fault").first.wait_for()


def open_clock(user):
    user.start_login()
    user.page.goto(f"{user.server.url}/_mockidp/clock")
    user.page.get_by_test_id("expiring").first.wait_for()


def open_outbox(user):
    open_sent_reset_email(user)
    user.page.goto(f"{user.server.url}/_mockidp/outbox")
    user.page.get_by_test_id("message").first.wait_for()


def open_settings(user):
    user.page.goto(f"{user.server.url}/_mockidp/settings")
    for summary in user.page.locator("main summary").all():
        summary.click()


def open_refused_setting(user):
    open_settings(user)
    user.page.get_by_label("mockidp.impersonation.ttl").fill("-1")
    user.page.get_by_role("button", name="Save: Impersonation links").click()
    user.page.get_by_test_id("problem").wait_for()


PAGES = [
    open_login_with_invalid_fields,
    open_console,
    open_test_client,
    open_tokens_of_the_test_client,
    open_refusal_of_the_test_client,
    open_faults,
    open_active_faults,
    open_clock,
    open_outbox,
    open_settings,
    open_refused_setting,
]


def test_no_hosted_page_has_a_violation(page_with_script, axe):
    """All hosted pages, with all of their parts and errors, which a login would show one by one."""
    for name, html in every_page(WithHint(), "harmless").items():
        if name != "form_post":  # its script would leave it
            page_with_script.set_content(html)
            assert_accessible(page_with_script, axe)


@pytest.mark.parametrize("open_page", PAGES, ids=lambda one: one.__name__)
def test_a_page_has_no_violation(new_user, axe, open_page):
    user = new_user()
    open_page(user)
    assert_accessible(user.page, axe)
