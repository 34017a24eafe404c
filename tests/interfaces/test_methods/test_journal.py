"""The methods of the journal: iterate, query, wait and clear."""

import json
import threading

import pytest

from helpers.acme import API
from mockidp import MockIdPError


@pytest.fixture
def journal(idp, wire):
    """The journal of a login, a refusal and a machine token."""
    wire.tokens()
    wire.redeem("no-code")
    wire.machine_token(audience=API)
    return idp.journal


def test_exchanges_are_in_order(journal):
    assert [one.number for one in journal] == list(range(1, len(journal) + 1))
    assert [one.endpoint for one in journal][-3:] == ["token", "token", "token"]
    assert journal.last().client == "m2m"
    assert journal.last("token", error="invalid_grant").hint
    assert journal.last("jwks") is None


def test_exchanges_are_found_by_conditions(journal):
    assert [one.status for one in journal.of("token")] == [200, 403, 200]
    assert [one.grant for one in journal.of("token", client="m2m")] == ["client_credentials"]
    assert {one.user for one in journal.of(user="alice@acme.example")} == {"auth0|alice"}
    assert [one.number for one in journal.of("token", after=journal.of("token")[1].number)] == [
        len(journal)
    ]
    assert journal.of("token", user="bob") == []
    assert all(one.error is None for one in journal.of(error=None))


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (lambda journal: journal.of("tokn"), "no endpoint 'tokn'"),
        (lambda journal: journal.last(cleint="web"), "There is no condition 'cleint'"),
        (lambda journal: journal.of(user="eve"), "There is no user 'eve'. Known: auth0|alice"),
        (lambda journal: journal.wait_for(user="eve", timeout=0), "no user 'eve'"),
    ],
)
def test_a_query_that_can_never_match_is_an_error(journal, query, message):
    with pytest.raises(MockIdPError) as caught:
        query(journal)
    assert message in str(caught.value)


@pytest.mark.parametrize("timeout", [float("nan"), float("inf"), 1e300, "5", None])
def test_an_invalid_timeout_is_an_error(journal, timeout):
    with pytest.raises(
        MockIdPError, match=r"Argument `timeout` is .*\. Give seconds to wait, such as 5\."
    ):
        journal.wait_for("token", times=99, timeout=timeout)


def test_past_exchanges_end_the_wait_at_once(journal):
    assert len(journal.wait_for("token", times=3, timeout=0)) == 3


def test_a_new_exchange_ends_the_wait(idp, wire, journal):
    thread = threading.Thread(target=lambda: wire.machine_token(audience=API))
    waits = threading.Timer(0.02, thread.start)
    waits.start()
    assert len(journal.wait_for("token", client="m2m", times=2)) == 2
    waits.join()
    thread.join()


def test_a_timeout_lists_the_nearest_exchanges(journal):
    with pytest.raises(MockIdPError, match=r"^Waited 0 s for 4 x .*, found 3\. "):
        journal.wait_for("token", times=4, timeout=0)


def test_clear_deletes_all_exchanges_and_restarts_the_numbers(journal, wire):
    journal.clear()
    assert (len(journal), list(journal), journal.last()) == (0, [], None)
    wire.machine_token(audience=API)
    assert journal.last().number == 1


def test_the_journal_as_json(journal):
    assert [one["number"] for one in json.loads(journal.to_json())] == [
        one.number for one in journal
    ]


def test_an_entry_has_the_failed_check(journal):
    refused = journal.last("token", error="invalid_grant")
    assert (refused.failed.name, refused.failed.why) == ("code", refused.hint)


def test_find_user_returns_the_id_of_a_name(journal):
    assert journal.find_user("alice") == "auth0|alice"
    with pytest.raises(MockIdPError, match="no user 'eve'"):
        journal.find_user("eve")
