"""Sign-up, verification and password reset in a real browser, with the links of the outbox."""

import pytest

from mockidp import RemoteIdP

EMAIL, PASSWORD, NEW_PASSWORD = "dora@acme.example", "Passw0rd!", "N3w-password"


@pytest.fixture
def remote(server):
    remote = RemoteIdP(server.url)
    yield remote
    remote.reset()


def fill(page, **fields):
    """Fill in a form by its labels, and press its button."""
    for label, value in fields.items():
        page.get_by_label(label.replace("Re_enter", "Re-enter").replace("_", " "), exact=True).fill(
            value
        )
    page.locator("[data-action-button-primary=true]").click()


def test_a_user_signs_up_verifies_the_address_and_resets_the_password(user, remote):
    page = user.page
    user.start_login()
    page.get_by_role("link", name="Sign up").click()
    fill(page, Email_address=EMAIL, Password="short")
    assert page.locator("#error-element-password").inner_text().endswith("too weak")
    assert page.get_by_label("Email address").input_value() == EMAIL
    fill(page, Password=PASSWORD)
    subject = user.wait_for_subject()
    assert subject.startswith("auth0|")

    page.goto(remote.outbox.last(to=EMAIL, kind="verify_email").link)
    assert page.get_by_role("heading", name="Email Verified").is_visible()
    assert remote.get_user(subject).email_verified

    user.start_login(prompt="login")
    page.get_by_role("link", name="Forgot password?").click()
    fill(page, Email_address=EMAIL)
    assert page.get_by_role("heading", name="Check Your Email").is_visible()
    page.get_by_role("button", name="Resend email").click()
    first, second = (one.link for one in remote.outbox.of(to=EMAIL, kind="reset_email"))
    page.goto(first)
    assert page.get_by_role("heading", name="Invalid Link").is_visible()
    page.goto(second)
    fill(page, New_password=NEW_PASSWORD, Re_enter_new_password="another")
    assert "match" in page.locator("#error-element-re-enter-password").inner_text()
    fill(page, New_password=NEW_PASSWORD, Re_enter_new_password=NEW_PASSWORD)
    assert page.get_by_role("heading", name="Password Changed!").is_visible()

    user.start_login()
    user.enter_credentials(EMAIL, PASSWORD)
    assert "Wrong" in page.get_by_role("alert").inner_text()
    user.enter_credentials(EMAIL, NEW_PASSWORD)
    assert user.wait_for_subject() == subject


def test_a_screen_hint_opens_the_sign_up_page_and_a_used_address_is_refused(user, remote):
    user.start_login(screen_hint="signup")
    fill(user.page, Email_address="alice@acme.example", Password=PASSWORD)
    assert "Something went wrong" in user.page.locator("#prompt-alert").inner_text()
    assert "auth0|alice" in user.page.get_by_test_id("mockidp-hint").inner_text()
    user.page.get_by_role("link", name="Log in").click()
    user.enter_credentials("alice@acme.example", PASSWORD)
    assert user.wait_for_subject() == "auth0|alice"
