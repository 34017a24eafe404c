"""A device is activated with a real browser."""

import requests


def test_a_user_activates_a_device(server, user):
    page = user.page
    codes = requests.post(
        f"{server.url}/oauth/device/code", data={"client_id": "acme-native"}, timeout=10
    ).json()
    page.goto(codes["verification_uri"])
    page.get_by_label("Code").fill("BCDF-GHJK")
    page.get_by_role("button", name="Continue").click()
    assert "Invalid or expired user code" in page.get_by_role("alert").inner_text()
    page.get_by_label("Code").fill(codes["user_code"].lower())
    page.keyboard.press("Enter")
    page.get_by_text("Device Confirmation").wait_for()
    assert page.get_by_text(codes["user_code"], exact=True).is_visible()
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Email address").fill("alice@acme.example")
    page.get_by_label("Password").fill("Passw0rd!")
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("Congratulations, you're all set!").wait_for()
    poll = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "client_id": "acme-native",
        "device_code": codes["device_code"],
    }
    tokens = requests.post(f"{server.url}/oauth/token", data=poll, timeout=10)
    assert tokens.status_code == 200
