"""axe-core finds no violation on any page of the console, and each fits on narrow screens."""

import urllib.request

import pytest

from helpers.accessibility import TAGS, assert_accessible
from helpers.journal_pages import JOURNAL_PAGES
from mockidp import RemoteIdP
from mockidp.web.console.routes import MODULES
from mockidp.web.routing.route_table import ID

RECORDS = {
    "users": "auth0%7Calice",
    "applications": "acme-web",
    "apis": "https%3A%2F%2Fapi.acme.example%2F",
    "connections": "Username-Password-Authentication",
    "organizations": "made",
    "roles": "made",
    "client-grants": "made",
    "custom-domains": "login.made.example",
    "token-exchange-profiles": "made",
    "journal": "1",
    "flows": "1",
}
"""A record of each type for the pages with an id."""
NOT_PAGES = (
    "/_mockidp/journal/live",
    f"/_mockidp/journal/flows/{ID}/{ID}",
    f"/_mockidp/journal/requests/{ID}",
    "/_mockidp/download/snapshot",
    "/_mockidp/download/tenant",
)
"""Rows of a page, a redirect, and files."""
PAGES = sorted(
    {
        route.path
        for module in MODULES
        for route in module.routes()
        if "GET" in route.methods and "/static/" not in route.path and route.path not in NOT_PAGES
    }
)


@pytest.fixture(scope="module")
def remote(server):
    """The example tenant, with a record of each type."""
    remote = RemoteIdP(server.url)
    before = remote.snapshot()
    remote.add_organization("made")
    remote.add_role("made")
    remote.add_custom_domain("login.made.example")
    remote.add_token_exchange_profile("made", subject_token_type="urn:acme:made")
    grant = remote.add_client_grant(client_id="acme-web", audience="https://api.acme.example/")
    RECORDS["client-grants"] = grant.id
    urllib.request.urlopen(f"{server.url}/.well-known/jwks.json", timeout=10).close()
    yield remote
    remote.restore(before)


def path_of(route):
    """Return the path of a page, with a record's id for a placeholder."""
    *_, area, last = ["", *route.removeprefix("/_mockidp/").split("/")]
    return route.replace(ID, RECORDS[area]) if last == ID else route


@pytest.mark.parametrize("route", PAGES)
def test_a_page_has_no_violation(shared_user, remote, axe, route):
    page = shared_user.page
    response = page.goto(f"{shared_user.server.url}{path_of(route)}")
    assert response.status == 200
    if "/_mockidp/" in response.url:  # and not the login page
        assert "default-src 'none'" in response.headers["content-security-policy"]
    page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
    assert_accessible(page, axe, widths=(320, 1280))


def open_sign_in_as(page):
    page.get_by_test_id("sign-in-as-user").click()


def open_made_link(page):
    open_sign_in_as(page)
    page.get_by_test_id("make-link").click()
    page.get_by_test_id("impersonation-link").wait_for()


def open_refused_form(page):
    page.get_by_test_id("edit").click()
    if not page.get_by_label("app_metadata").is_visible():
        page.get_by_text("More fields").click()
    page.get_by_label("app_metadata").fill("{")
    page.get_by_test_id("save").click()
    page.get_by_test_id("problem").wait_for()


def open_verdict(page):
    open_made_link(page)
    link = page.get_by_test_id("impersonation-link").inner_text()
    page.goto(page.url.partition("/_mockidp")[0] + "/_mockidp/link")
    page.get_by_label("Link").fill(f"{link}&next=/admin")
    page.get_by_test_id("diagnose").click()
    page.get_by_test_id("verdict").wait_for()


def open_conflict(page):
    page.get_by_test_id("edit").click()
    other = page.context.new_page()
    other.goto(page.url)
    for one, name in ((other, "Alicia"), (page, "Ali")):
        one.get_by_label("name", exact=True).fill(name)
        one.get_by_test_id("save").click()
        one.wait_for_load_state()
    other.close()
    page.get_by_test_id("saved").wait_for()


STATES = [open_conflict, open_sign_in_as, open_made_link, open_refused_form, open_verdict]


@pytest.mark.parametrize("open_state", STATES, ids=lambda one: one.__name__)
def test_a_state_of_a_page_has_no_violation(shared_user, remote, axe, open_state):
    page = shared_user.page
    page.goto(f"{shared_user.server.url}/_mockidp/users/auth0%7Calice")
    open_state(page)
    assert_accessible(page, axe, widths=(320, 1280), second=TAGS)


@pytest.mark.parametrize("open_page", JOURNAL_PAGES, ids=lambda one: one.__name__)
def test_a_state_of_the_journal_has_no_violation(shared_user, remote, axe, open_page):
    open_page(shared_user)
    assert_accessible(shared_user.page, axe, widths=(320, 1280), second=TAGS)
