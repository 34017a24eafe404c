"""Queries of the journal, waits, and their errors."""

import threading

import pytest

from mockidp.errors import MockIdPError
from mockidp.faults.vocabulary import ENDPOINTS
from mockidp.resources.user import User
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.tenant.journal.journal import Journal
from mockidp.tenant.journal.text import QUERY_WORDS, Query
from mockidp.tenant.tenant import Tenant
from mockidp.web import endpoints, hosted
from mockidp.web.apis import management, my_account, scim
from mockidp.web.endpoints.unmatched import UNMATCHED

USERS = (
    User(user_id="auth0|alice", email="alice@acme.example"),
    User(user_id="auth0|bob", email="bob@acme.example"),
)


@pytest.fixture
def journal():
    return Tenant(TenantDocument(users=USERS)).journal


def entry(number=1, **fields):
    defaults = {
        "at": 1000.0,
        "endpoint": "token",
        "method": "POST",
        "url": "http://localhost/oauth/token",
        "parameters": {},
        "status": 200,
    }
    return JournalEntry(number=number, **defaults | fields)


def add(journal, **fields):
    journal.add(lambda number: entry(number, **fields))


def numbers(entries):
    return [one.number for one in entries]


# --- queries ---

KNOWN = {
    "client": "web",
    "user": "auth0|alice",
    "grant": "refresh_token",
    "audience": "https://api.example/",
    "status": 403,
    "error": "invalid_grant",
    "method": "GET",
    "flow": 1,
}


def test_every_condition_is_tested_here():
    assert set(KNOWN) == set(QUERY_WORDS) == set(Query.__annotations__)


@pytest.mark.parametrize("word", KNOWN)
def test_exchanges_are_found_by_each_condition(journal, word):
    add(journal, **{word: KNOWN[word]})
    add(journal)
    assert numbers(journal.of(**{word: KNOWN[word]})) == [1]
    assert numbers(journal.of("token", **{word: KNOWN[word]})) == [1]
    assert journal.of("userinfo", **{word: KNOWN[word]}) == []


def test_all_conditions_of_a_query_must_match(journal):
    add(journal, client="web", status=200)
    add(journal, client="web", status=403)
    assert numbers(journal.of(client="web", status=403)) == [2]


def test_without_conditions_all_exchanges_are_found(journal):
    add(journal)
    add(journal, endpoint="jwks")
    assert numbers(journal.of()) == [1, 2]
    assert numbers(journal.of("jwks")) == [2]


def test_last_returns_the_last_match(journal):
    add(journal, client="web")
    add(journal, client="web")
    add(journal, client="other")
    assert journal.last(client="web").number == 2
    assert journal.last().number == 3
    assert journal.last("jwks") is None


@pytest.mark.parametrize("name", ["alice", "auth0|alice", "alice@acme.example"])
def test_a_user_is_found_by_any_of_their_names(journal, name):
    add(journal, user="auth0|alice")
    add(journal, user="auth0|bob")
    assert numbers(journal.of(user=name)) == [1]


def test_a_user_who_was_removed_is_still_found_by_id(journal):
    add(journal, user="auth0|gone")
    assert numbers(journal.of(user="auth0|gone")) == [1]


@pytest.mark.parametrize("method", [Journal.of, Journal.last, Journal.wait_for])
@pytest.mark.parametrize(
    ("endpoint", "query", "message"),
    [
        ("tokn", {}, r"There is no endpoint 'tokn'. Known: authorize, .*\. Did you mean token\?"),
        (None, {"cleint": "web"}, r"There is no condition 'cleint'\. .*\. Did you mean client\?"),
        (None, {"foo": 1}, r"There is no condition 'foo'\. Known: client, user, .*, flow\.$"),
        (None, {"user": "auth0|alcie"}, r"no user 'auth0\|alcie'\. .*mean auth0\|alice\?"),
        (None, {"user": "x"}, r"There is no user 'x'. Known: auth0\|alice, auth0\|bob\.$"),
    ],
)
def test_a_query_that_can_never_match_is_an_error(journal, method, endpoint, query, message):
    with pytest.raises(MockIdPError, match=message):
        method(journal, endpoint, **query)


def test_only_the_first_of_many_users_are_listed():
    users = [f"auth0|u{number}" for number in range(100)]
    with pytest.raises(MockIdPError, match=r"auth0\|u19 and 80 more\.$"):
        Journal({}.get, users=lambda: users).of(user="nobody at all")


def test_the_error_about_an_unknown_user_lists_none_without_users():
    with pytest.raises(MockIdPError, match=r"There is no user 'alice'\. Known: none"):
        Journal({}.get).of(user="alice")


def test_the_endpoints_are_those_of_the_recorded_routes():
    routes = (
        *endpoints.routes(),
        *hosted.routes(),
        *management.ROUTES,
        *my_account.ROUTES,
        *scim.ROUTES,
        UNMATCHED,
    )
    assert {route.endpoint for route in routes if route.is_recorded} == set(ENDPOINTS)


# --- waiting ---


def test_past_exchanges_end_the_wait_at_once(journal):
    add(journal, client="web")
    assert numbers(journal.wait_for("token", client="web", timeout=0)) == [1]


def test_an_exchange_in_another_thread_ends_the_wait(journal):
    add(journal, endpoint="jwks")
    thread = threading.Timer(0.01, lambda: [add(journal, client="web") for _ in range(2)])
    thread.start()
    found = journal.wait_for("token", client="web", times=2, timeout=30)
    thread.join()
    assert numbers(found) == [2, 3]


def test_a_timeout_of_zero_does_not_wait_and_lists_the_exchanges(journal):
    add(journal, client="web")
    with pytest.raises(MockIdPError) as timed_out:
        journal.wait_for("token", client="web", times=2, timeout=0)
    assert str(timed_out.value).splitlines() == [
        "Waited 0 s for 2 x token with client='web', found 1. There was 1 exchange:",
        "  #1 token POST 200 client=web",
        "    it matches.",
    ]


def test_a_timeout_without_any_exchange(journal):
    with pytest.raises(MockIdPError) as timed_out:
        journal.wait_for(timeout=0.001)
    assert str(timed_out.value) == (
        "Waited 0.001 s for 1 x any exchange, found 0. There were no exchanges."
    )
