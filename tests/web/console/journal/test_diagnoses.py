"""From an error page to the journal, and from a refused step to the diagnosis, without a secret."""

import pytest
from werkzeug.test import Client

from helpers.html_page import Page
from helpers.methods import impersonation_link
from mockidp.tenant.journal.presented import MAX_ITEMS
from mockidp.web.app import create_app

URL = "http://localhost:9400"


def open_link(console, change=""):
    url = impersonation_link(console.tenant, console.url, "alice", client="web", state="s")
    target = url.removeprefix(console.url) + change
    console.request("GET", target, environ_overrides={"REQUEST_URI": target})
    return url + change


def diagnosis(console):
    """Return the URL of the only diagnosis on the page."""
    [link] = console.page.find("a", **{"data-testid": "diagnosis"})
    return console.page.elements[link][1]["href"]


def follow(console, url):
    answer = console.request("GET", url)
    assert answer.status_code == 200, answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    console.page = Page(answer.text)
    return console.page


def journal_link(answer):
    page = Page(answer.text)
    return [page.elements[one][1]["href"] for one in page.find("a", **{"data-testid": "journal"})]


def test_an_error_page_leads_to_its_step_in_the_journal(console):
    console.get("/.well-known/jwks.json")
    [url] = journal_link(console.get("/authorize", client_id="nobody", response_type="code"))
    answer = console.request("GET", url)
    assert answer.location == "/_mockidp/journal/flows/2#exchange-2"
    follow(console, answer.location.partition("#")[0])
    assert console.page.find("li", id="exchange-2")
    assert "Unknown client" in console.page.text


def test_a_request_that_is_not_kept_is_404(console):
    page = console.open("/journal/requests/unknown", status=404)
    assert "The journal has no request 'unknown'." in page.text


def test_an_error_page_links_to_the_journal_only_for_those_who_may_see_it(console):
    locked = Client(create_app(console.tenant, control_token="secret"))
    path = "/authorize?client_id=nobody&response_type=code"
    assert journal_link(locked.get(path, base_url=URL)) == []
    answer = locked.get(path, base_url=URL, headers={"Authorization": "Bearer secret"})
    assert len(journal_link(answer)) == 1


def test_a_refused_link_is_diagnosed_from_its_step(console):
    url = open_link(console, "&next=/admin")
    console.open("/journal/flows/1")
    assert url not in console.page.html
    assert diagnosis(console) == "/_mockidp/link?entry=1"
    follow(console, diagnosis(console))
    assert console.text("received") == [url.replace("&next", " added: &next")]
    assert "make-link" in console.page.html


def test_a_refused_token_is_inspected_from_its_step(console):
    token = console.tokens(scope="openid")["access_token"]
    console.later(100_000)
    console.get("/userinfo", headers={"Authorization": f"Bearer {token}"})
    number = console.tenant.journal.last_number
    console.open(f"/journal/flows/{number}")
    assert token not in console.page.html
    assert diagnosis(console) == f"/_mockidp/inspect?entry={number}"
    page = follow(console, diagnosis(console))
    assert "expired" in console.text("verdict")[0]
    assert token in page.html


def test_a_refused_code_is_inspected_from_its_step(console):
    code = console.callback()["code"]
    console.redeem(code)
    console.redeem(code)
    number = console.tenant.journal.last_number
    follow(console, f"/_mockidp/inspect?entry={number}")
    assert "was used or revoked at" in console.text("verdict")[0]


@pytest.mark.parametrize("path", ["/nowhere", "/oauth/token"])
def test_a_refusal_without_a_link_or_token_has_no_diagnosis(console, path):
    console.request("POST", path)
    console.open("/journal/flows/1")
    assert console.page.find("a", **{"data-testid": "diagnosis"}) == []


def test_what_succeeded_is_not_kept(console):
    console.redeem(console.callback()["code"])
    for number in range(1, console.tenant.journal.last_number + 1):
        console.open("/inspect", status=404, entry=number)


def test_the_latest_refusals_are_kept_until_the_journal_is_cleared(console):
    for _ in range(MAX_ITEMS + 1):
        console.redeem("unknown")
    assert (
        "is kept for the latest refusals only" in console.open("/inspect", status=404, entry=1).text
    )
    console.open("/inspect", entry=2)
    console.tenant.journal.clear()
    console.open("/inspect", status=404, entry=2)
    console.open("/link", status=404, entry="x")


def test_an_entry_does_not_contain_the_token(console):
    console.get("/userinfo", headers={"Authorization": "Bearer an-opaque-token-of-some-length"})
    assert "token-of-some-length" not in console.tenant.journal.to_json()


def test_others_on_the_network_see_no_complete_link(console):
    open_link(console, "&next=/admin")
    console.app.is_exposed = True
    console.open("/journal/flows/1")
    assert console.page.find("a", **{"data-testid": "diagnosis"}) == []
    assert "Set MOCKIDP_CONTROL_TOKEN" in console.open("/link", status=403, entry=1).text
