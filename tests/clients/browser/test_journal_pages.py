"""The live journal in a browser: new rows appear, pause, and work without JavaScript."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

VIOLATIONS = """document.addEventListener('securitypolicyviolation',
    (event) => console.error('violates ' + event.violatedDirective))"""


@pytest.fixture
def visitor(new_user):
    """Return a function that opens the journal. Check that the browser reports no problems."""
    messages = []

    def visit(path="/_mockidp/journal", **options):
        user = new_user(**options)
        user.page.add_init_script(VIOLATIONS)
        user.page.on("console", lambda message: messages.append(message.text))
        user.page.on("pageerror", lambda error: messages.append(str(error)))
        user.page.goto(f"{user.server.url}{path}")
        return user

    yield visit
    assert messages == []


@pytest.fixture(autouse=True)
def empty_journal(server):
    request = urllib.request.Request(f"{server.url}/_mockidp/v1/journal", method="DELETE")
    urllib.request.urlopen(request, timeout=10).close()


def request_token(server, audience="https://api.acme.example/"):
    form = {
        "grant_type": "client_credentials",
        "client_id": "acme-m2m",
        "client_secret": "acme-m2m-secret",
        "audience": audience,
    }
    data = urllib.parse.urlencode(form).encode()
    try:
        urllib.request.urlopen(f"{server.url}/oauth/token", data, timeout=10).close()
    except urllib.error.HTTPError as refused:
        refused.close()


def wait_until_live(page):
    page.locator("#live", has_text="live").and_(page.locator(":not(.off)")).wait_for()


def test_a_new_flow_appears_within_a_second(visitor):
    user = visitor()
    page, seconds = user.page, []
    wait_until_live(page)
    for number in (1, 2, 3):
        begun = time.monotonic()
        request_token(user.server)
        page.locator(f"[data-flow='{number}']").wait_for()
        seconds.append(time.monotonic() - begun)
    assert min(seconds) < 1
    assert page.get_by_test_id("flow-row").count() == 3
    assert page.get_by_test_id("nothing").count() == 0


def test_a_login_in_another_browser_updates_its_row(visitor, new_user):
    page = visitor().page
    other = new_user()
    other.start_login()
    page.get_by_test_id("flow-row").get_by_text("Log in a user").wait_for()
    other.enter_credentials("alice@acme.example", "Passw0rd!")
    page.get_by_test_id("flow-row").get_by_text("Log in Alice").wait_for()
    assert page.locator("[data-flow='1']").count() == 1


def test_a_paused_list_does_not_move(visitor):
    user = visitor()
    page = user.page
    wait_until_live(page)
    page.get_by_role("button", name="Pause").click()
    for number in (1, 2, 3):
        request_token(user.server)
        page.get_by_role("button", name=f"{number} new").wait_for()
    assert page.get_by_test_id("flow-row").count() == 0
    page.get_by_role("button", name="3 new").click()
    assert page.get_by_test_id("flow-row").count() == 3
    first = page.get_by_test_id("flow-row").first
    assert first.get_attribute("data-flow") == "3"
    assert page.locator("#newer").is_hidden()


def test_only_flows_that_match_the_filter_appear(visitor):
    user = visitor("/_mockidp/journal?q=status:4xx")
    wait_until_live(user.page)
    request_token(user.server)
    request_token(user.server, "https://unknown.example/")
    user.page.locator("[data-flow='2']").wait_for()
    assert user.page.get_by_test_id("flow-row").count() == 1


def test_a_cleared_journal_loads_the_page_again(visitor):
    user = visitor()
    request_token(user.server)
    user.page.locator("[data-flow='1']").wait_for()
    other = user.page.context.new_page()
    other.goto(f"{user.server.url}/_mockidp/journal")
    other.get_by_test_id("clear").click()
    other.get_by_text("The journal was cleared at").wait_for()
    user.page.get_by_text("Nothing yet.").wait_for()


def test_without_scripts_the_pages_are_complete(visitor):
    user = visitor(java_script_enabled=False)
    page = user.page
    assert page.locator("#pause").is_hidden()
    request_token(user.server)
    request_token(user.server, "https://unknown.example/")
    page.get_by_test_id("reload").click()
    assert page.get_by_test_id("flow-row").count() == 2
    page.get_by_label("Filter", exact=True).fill("status:4xx")
    page.get_by_role("button", name="Filter").click()
    page.get_by_test_id("flow-row").get_by_role("link").click()
    assert page.get_by_test_id("mockidp-hint").is_visible()
    page.get_by_role("link", name="Raw JSON of exchange 2").click()
    assert '"number": 2' in page.get_by_test_id("raw").inner_text()
    page.goto(f"{user.server.url}/_mockidp/journal")
    page.get_by_test_id("clear").click()
    assert "cleared at" in page.get_by_test_id("nothing").inner_text()


def test_a_browser_reads_the_exported_har(visitor, tmp_path):
    user = visitor(java_script_enabled=False)
    url = f"{user.server.url}/.well-known/jwks.json"
    urllib.request.urlopen(url, timeout=10).close()
    exported = f"{user.server.url}/_mockidp/journal/flows/1/har"
    with urllib.request.urlopen(exported, timeout=10) as answer:
        har = json.load(answer)
    har["log"]["entries"][0]["response"]["status"] = 218
    path = tmp_path / "flow.har"
    path.write_text(json.dumps(har))
    user.page.route_from_har(path)
    assert user.page.goto(url).status == 218
