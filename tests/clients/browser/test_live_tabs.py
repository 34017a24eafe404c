"""Open tabs with the live journal cost others nothing: hidden ones hold no poll, ten hold four."""

import pytest
import requests

from mockidp import MockIdP
from mockidp.web.console.journal import live

HIDE = """(isHidden) => {
  Object.defineProperty(document, 'hidden', { configurable: true, value: isHidden });
  const state = isHidden ? 'hidden' : 'visible';
  Object.defineProperty(document, 'visibilityState', { configurable: true, value: state });
  document.dispatchEvent(new Event('visibilitychange'));
}"""


@pytest.fixture
def idp(playwright):
    with MockIdP() as idp:
        yield idp


@pytest.fixture
def open_tabs(chromium):
    """Return a function that opens tabs with the journal of a mock."""
    with chromium.new_context() as context:

        def open_tabs(idp, count):
            pages = [context.new_page() for _ in range(count)]
            for page in pages:
                page.set_default_timeout(20_000)
                page.goto(f"{idp.url}/_mockidp/journal")
            for page in pages:
                page.locator("#live", has_text="live").and_(page.locator(":not(.off)")).wait_for()
            return pages

        yield open_tabs


def held(idp):
    """Return the number of polls that the mock holds."""
    return live._held.get(idp.tenant, 0)


def wait_for(page, condition):
    """Wait for a condition in this process, while the browser goes on."""
    for _ in range(400):
        if condition():
            return
        page.wait_for_timeout(50)
    pytest.fail("the condition was never true")


def test_a_hidden_tab_holds_no_poll(idp, open_tabs):
    [page] = open_tabs(idp, 1)
    wait_for(page, lambda: held(idp) == 1)
    page.evaluate(HIDE, True)
    wait_for(page, lambda: held(idp) == 0)
    request_key_set(idp)
    assert page.get_by_test_id("flow-row").count() == 0
    page.evaluate(HIDE, False)
    page.locator("[data-flow='1']").wait_for()


def test_ten_tabs_hold_four_polls_and_all_show_a_new_flow(idp, open_tabs):
    pages = open_tabs(idp, 10)
    answered = []
    for page in pages:
        page.on("response", lambda answer: answered.append(answer.headers.get("retry-after")))
    wait_for(pages[0], lambda: held(idp) == live.MAX_HELD and "2" in answered)
    request_key_set(idp)
    for page in pages:
        page.locator("[data-flow='1']").wait_for()


def request_key_set(idp):
    requests.get(f"{idp.url}/.well-known/jwks.json", timeout=10).raise_for_status()


def test_a_restart_of_the_mock_loads_the_journal_again(playwright, open_tabs):
    with MockIdP() as idp:
        [page] = open_tabs(idp, 1)
        request_key_set(idp)
        page.locator("[data-flow='1']").wait_for()
        port = idp.url.rpartition(":")[2]
    page.get_by_text("lost contact, trying again").first.wait_for()
    with MockIdP(listen=f"localhost:{port}"):
        page.get_by_test_id("nothing").wait_for()
