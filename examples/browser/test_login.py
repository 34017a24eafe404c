"""A login in a browser that runs in a container."""

import pytest
from playwright.sync_api import expect, sync_playwright

# Chromium resolves the URLs of the published ports to the containers, so that it uses the same URLs
# as a browser on the host. Chromium's own sandbox does not work in a container.
ARGUMENTS = [
    "--host-resolver-rules=MAP localhost:3000 app:3000, MAP localhost:9400 mockidp:9400",
    "--no-sandbox",
]


@pytest.fixture
def page():
    """Return a page of a new browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser.new_page()
        browser.close()


def test_dana_logs_in_on_the_login_page(page):
    page.goto("http://localhost:3000/")
    page.get_by_role("link", name="Log in").click()
    page.wait_for_url("http://localhost:9400/**")
    page.get_by_label("Email address").fill("dana@acme.example")
    page.get_by_label("Password").fill("Passw0rd!")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading")).to_have_text("Hello Dana Acme")
    expect(page).to_have_url("http://localhost:3000/")
