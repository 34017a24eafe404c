"""A user enrolls an authenticator app with a real browser, and logs in with its codes."""

import pyotp
import pytest
import requests

from mockidp import RemoteIdP

FACTORS = ("otp", "sms", "recovery-code")


@pytest.fixture
def remote(server):
    """The running tenant, which demands a second factor. It is reset at the end."""
    tenant = {
        "guardianFactors": [{"name": name, "enabled": True} for name in FACTORS],
        "guardianPolicies": {"policies": ["all-applications"]},
    }
    requests.patch(f"{server.url}/_mockidp/v1/tenant", json=tenant, timeout=10).raise_for_status()
    with RemoteIdP(server.url) as remote:
        yield remote
        remote.reset()


def send_password(user, **parameters):
    user.start_login(**parameters)
    user.page.get_by_label("Email address").fill("alice@acme.example")
    user.page.get_by_label("Password").fill("Passw0rd!")
    user.page.get_by_role("button", name="Continue").click()


def enter(page, code):
    page.get_by_label("Enter your one-time code").fill(code)
    page.get_by_role("button", name="Continue").click()


def test_a_user_enrolls_an_app_and_uses_it(remote, user, new_user):
    page = user.page
    send_password(user)
    page.get_by_role("heading", name="Secure Your Account").wait_for()
    assert page.locator(".qr-code svg").bounding_box()["width"] > 150
    app = pyotp.parse_uri(page.get_by_test_id("mockidp-uri").inner_text())
    page.get_by_role("button", name="Trouble Scanning?").click()
    assert page.locator("#mfa-otp-secret").inner_text() == app.secret
    enter(page, "abc")
    assert page.locator("#error-element-code").inner_text() == (
        "OTP Code must have 6 numeric characters"
    )
    enter(page, app.at(int(remote.clock.now())))
    page.get_by_role("heading", name="Almost There!").wait_for()
    recovery_code = page.locator("#recovery-code").inner_text()
    page.get_by_label("I have safely recorded this code").check()
    page.get_by_role("button", name="Continue").click()
    assert user.wait_for_subject() == "auth0|alice"

    other = new_user()
    send_password(other)
    other.page.get_by_role("heading", name="Verify Your Identity").wait_for()
    enter(other.page, app.at(int(remote.clock.now())))
    assert other.page.locator("#error-element-code").get_attribute("data-error-code") == (
        "invalid-code"
    )
    assert "was used before" in other.page.get_by_test_id("mockidp-hint").inner_text()
    other.page.get_by_label("Remember this device for 30 days").check()
    enter(other.page, remote.totp_code("alice"))
    assert other.wait_for_subject() == "auth0|alice"
    send_password(other, prompt="login")
    assert other.wait_for_subject() == "auth0|alice"

    lost = new_user()
    send_password(lost)
    lost.page.get_by_role("button", name="Try another method").click()
    lost.page.get_by_role("button", name="Recovery code").click()
    lost.page.get_by_label("Enter your recovery code").fill(recovery_code)
    lost.page.get_by_role("button", name="Continue").click()
    assert lost.page.locator("#recovery-code").inner_text() != recovery_code
    lost.page.get_by_label("I have safely recorded this code").check()
    lost.page.get_by_role("button", name="Continue").click()
    assert lost.wait_for_subject() == "auth0|alice"
