"""Login scripts for two pages, identifier first, in a real browser."""

from urllib.parse import urlencode

import pytest

from mockidp import MockIdP

CALLBACK = "http://localhost:3000/callback"
USER, PASSWORD = "alice@acme.example", "Passw0rd!"


def by_id(page):
    page.locator("#username").fill(USER)
    page.locator("button[type=submit]").click()
    page.locator("#password").fill(PASSWORD)
    page.locator("button[type=submit]").click()


def by_class_stem(page):
    page.locator("form._form-login-id [name=username]").fill(USER)
    page.locator("button._button-login-id").click()
    page.locator("form._form-login-password [name=password]").fill(PASSWORD)
    page.locator("button._button-login-password").click()


def by_label(page):
    page.get_by_label("Email address").fill(USER)
    page.get_by_role("button", name="Continue", exact=True).click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue", exact=True).click()


def by_data_attribute_after_an_edit(page):
    page.locator("input[name=username]").fill("bob@acme.example")
    page.locator("[data-action-button-primary=true]").click()
    page.locator("[data-link-name=edit-username]").click()
    assert page.locator("input[name=username]").input_value() == "bob@acme.example"
    page.locator("input[name=username]").fill(USER)
    page.locator("[data-action-button-primary=true]").click()
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("input[type=password]").press("Enter")


@pytest.mark.parametrize("javascript", [True, False], ids=["JavaScript on", "JavaScript off"])
def test_scripts_for_two_pages_log_in(launch, javascript):
    client = {"client_id": "web", "callbacks": [CALLBACK]}
    users = [
        {"user_id": f"auth0|{name}", "email": f"{name}@acme.example", "password": PASSWORD}
        for name in ("alice", "bob")
    ]
    tenant = {"clients": [client], "users": users, "prompts": {"identifier_first": True}}
    with MockIdP(tenant) as idp:
        browser = launch("localhost", "127.0.0.1")
        query = {"client_id": "web", "response_type": "code", "redirect_uri": CALLBACK}
        for script in (by_id, by_class_stem, by_label, by_data_attribute_after_an_edit):
            page = browser.new_context(java_script_enabled=javascript).new_page()
            page.set_default_timeout(10_000)
            page.goto(f"{idp.url}/authorize?{urlencode(query)}")
            assert page.locator("input:visible").count() == 1
            script(page)
            page.wait_for_url(f"{CALLBACK}?code=*")
            page.context.close()
