"""auth0-js 9 on a page at the tenant's own URL, as in a custom login page of the classic login."""

from urllib.parse import urlencode

import pytest

from helpers.client_facts import shows

CLIENT = "auth0-js"
CALLBACK = "http://localhost:3000/callback"
REQUEST = {
    "client_id": "acme-spa",
    "redirect_uri": CALLBACK,
    "response_type": "code",
    "scope": "openid email",
    "state": "of-the-app",
}
ALICE = {
    "realm": "Username-Password-Authentication",
    "username": "alice@acme.example",
    "password": "Passw0rd!",
}
START = """(domain) => {
    const state = new URLSearchParams(location.search).get("state")
    const clientID = "acme-spa"
    window.client = new auth0.WebAuth({domain, clientID, state, responseType: "code"})
}"""
LOG_IN = "(options) => new Promise((done) => client.login(options, (error) => done(error)))"
SSO_DATA = """() => new Promise((done) =>
    client.client.getSSOData(false, (error, data) => done(error ?? data))
)"""


@pytest.fixture(scope="module")
def site(installed):
    modules = installed("auth0-js")
    return [modules.parent / "apps" / "auth0-js", modules]


@pytest.fixture
def open_login_page(chromium, server, site):
    """Return a function that opens the login page of the tenant, with the SDK in it."""
    with chromium.new_context(bypass_csp=True, ignore_https_errors=True) as context:
        page = context.new_page()

        def open_login_page(**more):
            page.goto(f"{server.tls_url}/authorize?{urlencode(REQUEST | more)}")
            page.add_script_tag(path=site[1] / "auth0-js/dist/auth0.min.js")
            page.evaluate(START, server.tls_url.removeprefix("https://"))
            return page

        yield open_login_page


@shows(CLIENT, "classic login page", "single sign-on data", over="https")
def test_a_login_page_logs_a_user_in(open_login_page):
    page = open_login_page()
    assert page.evaluate(SSO_DATA) == {"sso": False}
    with page.expect_navigation(url=f"{CALLBACK}?code=*"):
        page.evaluate("(options) => { client.login(options, console.log) }", ALICE)
    assert "state=of-the-app" in page.url
    data = open_login_page(prompt="login").evaluate(SSO_DATA)
    assert (data["sso"], data["lastUsedUserID"]) == (True, "auth0|alice")


@shows(CLIENT, refuses=["wrong password", "unknown connection"], over="https")
@pytest.mark.parametrize(
    ("options", "code", "description"),
    [
        ({"password": "wrong"}, "invalid_user_password", "Wrong email or password."),
        ({"realm": "nowhere"}, "invalid_request", "the connection was not found"),
    ],
)
def test_a_refused_login_is_reported(open_login_page, options, code, description):
    refused = open_login_page().evaluate(LOG_IN, ALICE | options)
    assert (refused["code"], refused["description"]) == (code, description)
