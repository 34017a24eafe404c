"""The journal through the verbs: looked at, queried, waited for, cleared."""

import json
import threading

import pytest

from helpers.acme import API
from mockidp import MockIdPError


@pytest.fixture
def told(idp, wire):
    """What happened: a login, a refusal, a machine's token."""
    wire.tokens()
    wire.redeem("no-code")
    wire.machine_token(audience=API)
    return idp.journal


def test_exchanges_stand_in_their_order(told):
    assert [one.number for one in told] == list(range(1, len(told) + 1))
    assert [one.endpoint for one in told][-3:] == ["token", "token", "token"]
    assert told.last().client == "m2m"
    assert told.last("token", error="invalid_grant").hint
    assert told.last("jwks") is None


def test_they_are_found_by_words(told):
    assert [one.status for one in told.of("token")] == [200, 403, 200]
    assert [one.grant for one in told.of("token", client="m2m")] == ["client_credentials"]
    assert {one.user for one in told.of(user="alice@acme.example")} == {"auth0|alice"}
    assert [one.number for one in told.of("token", after=told.of("token")[1].number)] == [len(told)]
    assert told.of("token", user="bob") == []
    assert all(one.error is None for one in told.of(error=None))


@pytest.mark.parametrize(
    ("ask", "told_of"),
    [
        (lambda journal: journal.of("tokn"), "no endpoint 'tokn'"),
        (lambda journal: journal.last(cleint="web"), "There is no condition 'cleint'"),
        (lambda journal: journal.of(user="eve"), "There is no user 'eve'. Known: auth0|alice"),
        (lambda journal: journal.wait_for(user="eve", timeout=0), "no user 'eve'"),
    ],
)
def test_what_nothing_can_match_is_a_mistake(told, ask, told_of):
    with pytest.raises(MockIdPError) as caught:
        ask(told)
    assert told_of in str(caught.value)


@pytest.mark.parametrize("timeout", [float("nan"), float("inf"), 1e300, "5", None])
def test_what_is_no_time_to_wait_is_told(told, timeout):
    with pytest.raises(
        MockIdPError, match=r"Argument `timeout` is .*\. Give seconds to wait, such as 5\."
    ):
        told.wait_for("token", times=99, timeout=timeout)


def test_what_has_been_is_not_waited_for(told):
    assert len(told.wait_for("token", times=3, timeout=0)) == 3


def test_what_comes_ends_the_wait(idp, wire, told):
    thread = threading.Thread(target=lambda: wire.machine_token(audience=API))
    waits = threading.Timer(0.02, thread.start)
    waits.start()
    assert len(told.wait_for("token", client="m2m", times=2)) == 2
    waits.join()
    thread.join()


def test_waiting_in_vain_lists_what_came_instead(told):
    with pytest.raises(MockIdPError, match=r"^Waited 0 s for 4 x .*, found 3\. "):
        told.wait_for("token", times=4, timeout=0)


def test_it_is_cleared_and_counts_anew(told, wire):
    told.clear()
    assert (len(told), list(told), told.last()) == (0, [], None)
    wire.machine_token(audience=API)
    assert told.last().number == 1


def test_it_is_json(told):
    assert [one["number"] for one in json.loads(told.to_json())] == [one.number for one in told]


def test_an_entry_has_the_trace_of_its_checks(told):
    refused = told.last("token", error="invalid_grant")
    assert (refused.failed.name, refused.failed.why) == ("code", refused.hint)


def test_a_user_who_is_found_by_a_name_is_found_by_id(told):
    assert told.find_user("alice") == "auth0|alice"
    with pytest.raises(MockIdPError, match="no user 'eve'"):
        told.find_user("eve")
