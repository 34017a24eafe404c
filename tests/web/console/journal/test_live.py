"""The poll for new rows: what it answers, how long it is held, and how many are."""

import logging
import threading
from contextlib import ExitStack

import pytest

from helpers.acme import API
from helpers.console_browser import ConsoleBrowser
from mockidp.server.delivery import DELIVERY_KEY, Delivery
from mockidp.web.console.journal import live


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(live, "PAUSE", 0.001)
    monkeypatch.setattr(live, "HOLD_SECONDS", 0.003)


def poll(console, **query):
    return console.get("/_mockidp/journal/live", **query)


def test_new_rows_are_those_of_the_page(console):
    console.machine_token(audience=API)
    answer = poll(console, after=0)
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    assert answer.headers["Mockidp-Journal"] == "1"
    assert answer.text.strip() in console.open("/journal").html


def test_only_flows_with_new_exchanges_are_sent(console):
    console.callback()
    code = console.callback()["code"]
    console.redeem(code)
    answer = poll(console, after=5)
    assert answer.text.count("data-flow") == 1
    assert 'data-flow="5"' in answer.text


@pytest.mark.parametrize("query", [{"after": 1}, {"after": 0, "q": "client:web"}])
def test_without_new_rows_the_answer_is_empty(console, query):
    console.machine_token(audience=API)
    answer = poll(console, **query)
    assert (answer.status_code, answer.text) == (204, "")
    assert answer.headers["Mockidp-Journal"] == "1"
    assert "Retry-After" not in answer.headers


def test_an_empty_answer_is_not_in_the_log(console, caplog):
    caplog.set_level(logging.INFO, logger="mockidp")
    poll(console, after=0)
    assert caplog.messages == []


def test_a_number_that_was_not_reached_is_answered_at_once(console, monkeypatch):
    monkeypatch.setattr(live, "HOLD_SECONDS", 60)
    answer = poll(console, after=7)
    assert (answer.status_code, answer.headers["Mockidp-Journal"]) == (204, "0")


@pytest.mark.parametrize(("after", "status"), [(None, 400), ("x", 404)])
def test_the_number_is_required(console, after, status):
    assert poll(console, after=after).status_code == status


def test_a_poll_is_answered_by_the_next_exchange(console, monkeypatch):
    monkeypatch.setattr(live, "HOLD_SECONDS", 60)
    answers = []
    other = ConsoleBrowser(tenant=console.tenant, app=console.app)
    held = threading.Thread(target=lambda: answers.append(poll(other, after=0)))
    held.start()
    console.machine_token(audience=API)
    held.join(30)
    assert [one.status_code for one in answers] == [200]


def test_a_poll_ends_when_its_client_is_gone(console, monkeypatch):
    monkeypatch.setattr(live, "HOLD_SECONDS", 60)
    delivery = Delivery(is_awaited=lambda: False)
    answer = console.request(
        "GET", "/_mockidp/journal/live?after=0", environ_overrides={DELIVERY_KEY: delivery}
    )
    assert answer.status_code == 204


def test_the_fifth_poll_is_not_held(console, monkeypatch):
    monkeypatch.setattr(live, "HOLD_SECONDS", 60)
    with ExitStack() as held:
        for _ in range(live.MAX_HELD):
            assert held.enter_context(live._hold(console.tenant))
        answer = poll(console, after=0)
    assert (answer.status_code, answer.headers["Retry-After"]) == (204, "2")
    with live._hold(console.tenant) as may_wait:
        assert may_wait
