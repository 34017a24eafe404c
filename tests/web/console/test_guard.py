"""Who may see and change a tenant on the console: origins, form tokens, the control token."""

import pytest
from werkzeug.test import Client as WsgiClient

from helpers.html_page import Page
from mockidp import MockIdP
from mockidp.cli.serving.example import example_file
from mockidp.web.app import create_app
from mockidp.web.console.guard import COOKIE
from mockidp.web.console.routes import MODULES
from mockidp.web.routing.route_table import ID

URL = "http://localhost:9400"
TOKEN = "the control token"
ROUTES = [route for module in MODULES for route in module.routes()]
PAGES = sorted(
    one.path.replace(ID, "auth0%7Calice")
    for one in ROUTES
    if "GET" in one.methods and one.endpoint == "console" and "/static/" not in one.path
)
FORMS = sorted(one.path.replace(ID, "auth0%7Calice") for one in ROUTES if "POST" in one.methods)
CHANGES = [one for one in FORMS if one != "/_mockidp/session"]
READING = ["/_mockidp/inspect", "/_mockidp/link"]
"""The forms that change nothing."""
ELSEWHERE = {"Origin": "https://evil.example"}


@pytest.fixture
def locked(console):
    """A browser at a mock that requires a control token."""
    app = create_app(console.tenant, control_token=TOKEN)
    return WsgiClient(app)


def enter(browser, token):
    return browser.post("/_mockidp/session", base_url=URL, data={"control_token": token})


@pytest.mark.parametrize("path", FORMS)
def test_a_form_of_another_origin_is_refused(console, path):
    before = console.tenant.snapshot()
    refused = console.post(path, headers=ELSEWHERE)
    assert refused.status_code == 403
    assert "Pages of other origins" in refused.text
    assert console.tenant.snapshot() == before


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize("form", [{}, {"form_token": "0" * 64}, {"form_token": ""}])
def test_a_form_without_the_token_of_its_page_is_refused(console, path, form):
    before = console.tenant.snapshot()
    refused = console.post(path, **form)
    assert refused.status_code == 403
    assert "Send it again." in Page(refused.text).text
    assert console.tenant.snapshot() == before


@pytest.mark.parametrize("path", PAGES)
def test_a_page_changes_nothing_and_is_not_in_the_journal(console, path):
    before = console.tenant.snapshot()
    console.get(path)
    assert console.tenant.snapshot() == before
    assert len(console.tenant.journal) == 0


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_not_for_scripts_of_other_origins(console, path):
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
    assert console.get(path, headers=headers).status_code == 403
    assert console.get(path, headers=ELSEWHERE).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_without_the_control_token_a_page_only_asks_for_it(locked, path):
    answer = locked.get(path, base_url=URL)
    assert answer.status_code == 401
    page = Page(answer.text)
    assert page.forms[0]["form"]["action"] == "/_mockidp/session"
    assert "alice" not in page.text


@pytest.mark.parametrize("path", CHANGES)
def test_without_the_control_token_a_form_changes_nothing(console, locked, path):
    before = console.tenant.snapshot()
    token = console.open("/keys").values(0)["form_token"]
    refused = locked.post(path, base_url=URL, data={"form_token": token})
    assert refused.status_code == 401
    assert console.tenant.snapshot() == before


def test_the_control_token_opens_the_console_in_this_browser(console, locked):
    entered = enter(locked, f" {TOKEN} ")
    assert (entered.status_code, entered.location) == (303, "/_mockidp/")
    [cookie] = [one for one in entered.headers.getlist("Set-Cookie") if one.startswith(COOKIE)]
    assert "; HttpOnly; Path=/_mockidp/; SameSite=Strict" in cookie
    assert TOKEN not in cookie
    page = Page(locked.get("/_mockidp/keys", base_url=URL).text)
    form = page.values(0)
    before = console.tenant.keys
    assert locked.post("/_mockidp/keys/rotate", base_url=URL, data=form).status_code == 303
    assert console.tenant.keys is not before


@pytest.mark.parametrize("token", ["", "another", TOKEN.upper(), "\N{SNOWMAN}"])
def test_a_wrong_control_token_opens_nothing(locked, token):
    refused = enter(locked, token)
    assert refused.status_code == 401
    assert "Set-Cookie" not in refused.headers
    assert "That is not the value of MOCKIDP_CONTROL_TOKEN." in Page(refused.text).text
    assert locked.get("/_mockidp/keys", base_url=URL).status_code == 401


def test_the_cookie_does_not_open_the_control_api(locked):
    enter(locked, TOKEN)
    assert locked.get("/_mockidp/v1/keys", base_url=URL).status_code == 401


def test_a_cookie_of_another_token_opens_nothing(console, locked):
    other = WsgiClient(create_app(console.tenant, control_token="other"))
    enter(other, "other")
    cookie = other.get_cookie(COOKIE, path="/_mockidp/")
    headers = {"Cookie": f"{COOKIE}={cookie.value}"}
    assert locked.get("/_mockidp/keys", base_url=URL, headers=headers).status_code == 401


@pytest.mark.parametrize("path", CHANGES)
def test_a_mock_that_anybody_can_reach_is_not_changed(console, path):
    console.app.is_exposed = True
    before = console.tenant.snapshot()
    token = console.open("/keys").values(0)["form_token"]
    assert "Other machines can reach this mock" in console.text("read-only")[0]
    answer = console.post(path, form_token=token)
    assert console.tenant.snapshot() == before
    if path in READING:
        assert answer.status_code < 500
        assert answer.status_code != 403
    else:
        assert answer.status_code == 403
        assert "the console changes nothing" in Page(answer.text).text


@pytest.mark.parametrize(
    ("listen", "token", "is_exposed"),
    [("0.0.0.0:0", None, True), ("0.0.0.0:0", TOKEN, False), ("localhost:0", None, False)],
)
@pytest.mark.parametrize("tls", [False, True])
def test_a_mock_beyond_loopback_is_exposed_without_a_token(listen, token, is_exposed, tls):
    idp = MockIdP(example_file("acme"), listen=listen, control_token=token, tls=tls)
    assert idp.app.is_exposed is is_exposed
