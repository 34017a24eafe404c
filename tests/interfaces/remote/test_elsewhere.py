"""What is different for a mock that runs elsewhere: it may be gone, and not all can be sent."""

import threading

import pytest
import requests

from mockidp import MockIdP, MockIdPError, RemoteIdP
from mockidp.clients.remote import calls
from mockidp.clients.remote.faults import RemoteFault
from mockidp.server import Server
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

API = "https://api.example/"


@pytest.fixture(scope="module")
def served():
    with MockIdP() as idp:
        yield idp


@pytest.fixture
def idp(served):
    served.reset()
    with RemoteIdP(served.url) as remote:
        yield remote


def ask(idp):
    form = {"grant_type": "client_credentials", "client_id": "machine", "client_secret": "s"}
    return requests.post(f"{idp.url}/oauth/token", data={"audience": API} | form, timeout=5)


# --- faults ---


def test_a_function_cannot_be_sent(idp):
    with pytest.raises(MockIdPError, match="function cannot be sent"):
        idp.fault("token", drop=True, when=lambda _context: True)
    assert idp.fault("token", drop=True).predicate is None


def test_a_cancelled_fault_is_what_it_was_even_if_another_has_its_name(idp):
    with idp.fault("token", rate_limit=True, times=1) as fault:
        assert [ask(idp).status_code for _ in "ab"] == [429, 200]
        assert str(fault) == "fault token: rate_limit (1 of 1)"
    another = idp.fault("token", rate_limit=True, times=1)
    assert another.name == fault.name
    assert (fault.matched, fault.fired, another.fired) == (2, 1, 0)
    fault.cancel()
    assert list(idp.faults) == [another]


def test_a_fault_that_another_cancelled_is_what_was_known_last(idp, served):
    fault = idp.fault("token", rate_limit=True)
    ask(idp)
    assert fault.fired == 1
    served.faults.cancel(fault.name)
    assert fault.fired == 1
    fault.cancel()


def test_faults_that_never_fired_are_known_there_cancelled_ones_too(idp):
    idp.fault("token", rate_limit=True)
    ask(idp)
    with idp.fault("jwks", empty=True) as fault:
        pass
    assert idp.faults.unfired == (fault,)
    idp.faults.clear()
    assert (idp.faults.unfired, len(idp.faults), idp.faults.cancel("none")) == ((), 0, False)


def test_a_fault_is_the_same_however_it_was_asked_for(idp):
    fault = idp.fault("token", drop=True)
    (listed,) = idp.faults
    assert fault == listed
    assert {fault, listed} == {fault}
    assert fault != idp.fault("jwks", drop=True)
    assert fault != fault.name
    assert repr(fault) == f"<fault token: drop at {idp.url}>"


# --- the clock ---


@pytest.mark.parametrize("seconds", [float("nan"), float("inf")])
def test_what_is_no_number_of_seconds_is_not_sent(idp, seconds):
    with pytest.raises(ValueError, match="is not a number of seconds"):
        idp.clock.advance(seconds)


def test_what_a_clock_refuses_is_an_error_of_the_same_kind(idp):
    with pytest.raises(ValueError, match="not a time"):
        idp.clock.set("tomorrow")


# --- the journal ---


def test_an_exchange_that_comes_later_is_waited_for(idp):
    ask(idp)
    later = threading.Timer(0.05, ask, args=[idp])
    later.start()
    assert [one.number for one in idp.journal.wait_for("token", after=1)] == [2]
    later.join()


def test_a_wait_that_is_longer_than_one_call_goes_on_in_another(idp, monkeypatch):
    monkeypatch.setattr(calls, "MAX_WAIT", 0.02)
    with pytest.raises(MockIdPError, match=r"^waited 0\.05 s for"):
        idp.journal.wait_for("token", timeout=0.05)


def test_what_is_absent_can_be_looked_for_but_not_waited_for(idp):
    ask(idp)
    requests.get(f"{idp.url}/.well-known/jwks.json", timeout=5)
    assert [one.endpoint for one in idp.journal.of(client=None)] == ["jwks"]
    with pytest.raises(MockIdPError, match="None cannot be waited for"):
        idp.journal.wait_for("token", client=None)


@pytest.mark.parametrize("ask_it", [lambda journal: journal.of, lambda journal: journal.wait_for])
def test_a_word_that_nothing_has_is_told_before_anything_is_sent(ask_it):
    journal = RemoteIdP("http://localhost:1").journal
    with pytest.raises(
        MockIdPError, match=r"no endpoint 'tokn'; there are: authorize, .*did you mean token"
    ):
        ask_it(journal)("tokn")
    with pytest.raises(
        MockIdPError, match=r"no query word 'cleint'; there are: .*did you mean client"
    ):
        ask_it(journal)(cleint="x")


# --- the mock itself ---


def test_things_say_where_they_are(idp):
    assert [repr(one) for one in (idp, idp.clock, idp.faults, idp.journal)] == [
        f"<RemoteIdP at {idp.url}>",
        f"<clock at {idp.url}>",
        f"<faults at {idp.url}>",
        f"<journal at {idp.url}>",
    ]


def test_a_mock_that_is_gone_is_told_whatever_is_asked():
    with MockIdP() as served, RemoteIdP(served.url) as idp:
        fault = idp.fault("token", drop=True)
        served.stop()
        asks = (
            lambda: fault.fired,
            lambda: idp.faults.cancel(fault.name),
            lambda: idp.clock.advance(1),
            lambda: idp.journal.wait_for("token"),
            lambda: idp.add_user("carol"),
        )
        for ask_it in asks:
            with pytest.raises(MockIdPError, match="no mockidp answers at"):
                ask_it()


def test_a_mock_that_demands_a_token_refuses_all_without_it():
    with (
        Server(create_app(Tenant(), control_token="sesame")) as server,
        RemoteIdP(server.url) as without,
        RemoteIdP(server.url, token="sesame") as known,
    ):
        fault = known.fault("token", drop=True)
        described = {"name": fault.name, "endpoint": "token", "drop": True}
        stranger = RemoteFault(without._control, described)
        asks = (
            lambda: stranger.fired,
            lambda: without.faults.cancel(fault.name),
            lambda: without.clock.advance(1),
            lambda: without.journal.wait_for("token"),
            lambda: without.add_user("carol"),
        )
        for ask_it in asks:
            with pytest.raises(MockIdPError, match="MOCKIDP_CONTROL_TOKEN"):
                ask_it()
        assert known.faults.cancel(fault.name)
