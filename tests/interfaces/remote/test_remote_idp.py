"""Differences of `RemoteIdP`: the mock may be gone, and some values cannot be sent."""

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


def request_token(idp):
    form = {"grant_type": "client_credentials", "client_id": "machine", "client_secret": "s"}
    return requests.post(f"{idp.url}/oauth/token", data={"audience": API} | form, timeout=5)


# --- faults ---


def test_a_function_cannot_be_sent(idp):
    with pytest.raises(MockIdPError, match="function cannot be sent"):
        idp.fault("token", drop=True, when=lambda _context: True)
    assert idp.fault("token", drop=True).predicate is None


def test_a_function_that_decides_about_exchanges_cannot_be_sent(idp):
    idp.add_token_exchange_profile("legacy", subject_token_type="urn:acme:legacy")
    with pytest.raises(MockIdPError, match="Add an entry for profile legacy to"):
        idp.exchange_tokens("legacy", lambda _exchange: "alice")


def test_a_cancelled_fault_keeps_its_counts_if_a_new_one_gets_its_name(idp):
    with idp.fault("token", rate_limit=True, times=1) as fault:
        assert [request_token(idp).status_code for _ in "ab"] == [429, 200]
        assert str(fault) == "fault token: rate_limit (1 of 1)"
    another = idp.fault("token", rate_limit=True, times=1)
    assert another.name == fault.name
    assert (fault.matched, fault.fired, another.fired) == (2, 1, 0)
    fault.cancel()
    assert list(idp.faults) == [another]


def test_a_fault_that_the_server_cancelled_keeps_its_last_counts(idp, served):
    fault = idp.fault("token", rate_limit=True)
    request_token(idp)
    assert fault.fired == 1
    served.faults.cancel(fault.name)
    assert fault.fired == 1
    fault.cancel()


def test_unfired_lists_cancelled_faults_too(idp):
    idp.fault("token", rate_limit=True)
    request_token(idp)
    with idp.fault("jwks", empty=True) as fault:
        pass
    assert idp.faults.unfired == (fault,)
    idp.faults.clear()
    assert (idp.faults.unfired, len(idp.faults), idp.faults.cancel("none")) == ((), 0, False)


def test_an_added_fault_equals_the_listed_one(idp):
    fault = idp.fault("token", drop=True)
    (listed,) = idp.faults
    assert fault == listed
    assert {fault, listed} == {fault}
    assert fault != idp.fault("jwks", drop=True)
    assert fault != fault.name
    assert repr(fault) == f"<fault token: drop at {idp.url}>"


# --- the clock ---


@pytest.mark.parametrize("seconds", [float("nan"), float("inf")])
def test_an_invalid_number_of_seconds_is_not_sent(idp, seconds):
    with pytest.raises(ValueError, match="Expected a number of seconds, found"):
        idp.clock.advance(seconds)


def test_a_time_that_the_clock_rejects_raises_a_value_error(idp):
    with pytest.raises(ValueError, match="Expected a time, found"):
        idp.clock.set("tomorrow")


# --- the journal ---


def test_wait_for_waits_for_a_later_exchange(idp):
    request_token(idp)
    later = threading.Timer(0.05, request_token, args=[idp])
    later.start()
    assert [one.number for one in idp.journal.wait_for("token", after=1)] == [2]
    later.join()


def test_a_long_wait_is_split_into_several_calls(idp, monkeypatch):
    monkeypatch.setattr(calls, "MAX_WAIT", 0.02)
    with pytest.raises(MockIdPError, match=r"^Waited 0\.05 s for"):
        idp.journal.wait_for("token", timeout=0.05)


def test_none_can_be_queried_but_not_waited_for(idp):
    request_token(idp)
    requests.get(f"{idp.url}/.well-known/jwks.json", timeout=5)
    assert [one.endpoint for one in idp.journal.of(client=None)] == ["jwks"]
    with pytest.raises(MockIdPError, match="cannot wait for the value None"):
        idp.journal.wait_for("token", client=None)


@pytest.mark.parametrize("method", [lambda journal: journal.of, lambda journal: journal.wait_for])
def test_an_unknown_query_word_is_rejected_before_a_request(method):
    journal = RemoteIdP("http://localhost:1").journal
    with pytest.raises(
        MockIdPError, match=r"There is no endpoint 'tokn'. Known: authorize, .*Did you mean token"
    ):
        method(journal)("tokn")
    with pytest.raises(
        MockIdPError, match=r"There is no condition 'cleint'. Known: .*Did you mean client"
    ):
        method(journal)(cleint="x")


# --- the mock itself ---


def test_repr_has_the_url(idp):
    assert [repr(one) for one in (idp, idp.clock, idp.faults, idp.journal)] == [
        f"<RemoteIdP at {idp.url}>",
        f"<clock at {idp.url}>",
        f"<faults at {idp.url}>",
        f"<journal at {idp.url}>",
    ]


def test_every_call_reports_a_stopped_mock():
    with MockIdP() as served, RemoteIdP(served.url) as idp:
        fault = idp.fault("token", drop=True)
        served.stop()
        remote_calls = (
            lambda: fault.fired,
            lambda: idp.faults.cancel(fault.name),
            lambda: idp.clock.advance(1),
            lambda: idp.journal.wait_for("token"),
            lambda: idp.add_user("carol"),
        )
        for call in remote_calls:
            with pytest.raises(MockIdPError, match="no mockidp answers at"):
                call()


def test_every_call_without_the_token_is_refused():
    with (
        Server(create_app(Tenant(), control_token="sesame")) as server,
        RemoteIdP(server.url) as unauthorized,
        RemoteIdP(server.url, token="sesame") as authorized,
    ):
        fault = authorized.fault("token", drop=True)
        described = {"name": fault.name, "endpoint": "token", "drop": True}
        unauthorized_fault = RemoteFault(unauthorized._control, described)
        remote_calls = (
            lambda: unauthorized_fault.fired,
            lambda: unauthorized.faults.cancel(fault.name),
            lambda: unauthorized.clock.advance(1),
            lambda: unauthorized.journal.wait_for("token"),
            lambda: unauthorized.add_user("carol"),
        )
        for call in remote_calls:
            with pytest.raises(MockIdPError, match="MOCKIDP_CONTROL_TOKEN"):
                call()
        assert authorized.faults.cancel(fault.name)
