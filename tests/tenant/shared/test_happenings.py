"""What happens at one of two mocks on Redis has happened at the other one, too."""

import threading
from dataclasses import replace
from types import SimpleNamespace

from helpers.backchannel_app import BackchannelApp
from helpers.persisted_tenant import ACME
from helpers.shared_mocks import WEB, Mock, raced
from mockidp.faults import Fault
from mockidp.protocol.tokens.jwt import decode
from mockidp.tenant.logout.tokens import LogoutToken, Wanted
from mockidp.web.console.journal import live


def test_a_fault_added_through_one_mock_fires_in_both_as_often_as_it_says(mocks):
    one, other = mocks
    fault = {
        "endpoint": "token",
        "error": "server_error",
        "times": 7,
        "when": {"client": "acme-web"},
    }
    assert one.control("POST", "/faults", fault).json["name"] == "token: error server_error"
    assert raced(mocks, lambda mock: mock.redeem("x")) == {500: 7, 403: 43}
    for mock in mocks:
        (found,) = mock.control("GET", "/faults").json["items"]
        assert (found["fired"], found["matched"]) == (7, 50)
    assert other.control("DELETE", "/faults").status_code == 204
    assert len(one.tenant.faults) == 0


def test_a_fault_of_a_token_fires_in_the_request_that_runs_again(mocks):
    one, other = mocks
    code = one.code("acme-web")
    one.tenant.faults.add(Fault(endpoint="id_token", remove=("sub",), times=1))
    answer = other.redeem(code)
    assert "sub" not in decode(answer.json["id_token"])[1]
    assert [fault.fired for fault in one.tenant.faults] == [1]


def test_a_delayed_answer_is_sent_once_its_fault_is_canceled_through_the_other_mock(mocks):
    one, other = mocks
    fault = one.tenant.faults.add(Fault(endpoint="token", delay=60))
    answers = []
    thread = threading.Thread(target=lambda: answers.append(one.redeem("x")))
    thread.start()
    while not fault.fired:
        pass  # each look is a round trip
    assert other.control("DELETE", "/faults").status_code == 204
    thread.join()
    assert [answer.status_code for answer in answers] == [403]


def test_a_fault_with_a_function_fires_only_where_the_function_is(mocks):
    one, other = mocks
    one.tenant.faults.add(Fault(endpoint="token", status=418), lambda _context: True)
    assert (other.redeem("x").status_code, one.redeem("x").status_code) == (403, 418)


def test_the_mocks_have_one_outbox(mocks):
    one, other = mocks
    for mock in mocks:
        sent = {
            "client_id": "acme-web",
            "email": "alice@acme.example",
            "connection": "Username-Password-Authentication",
        }
        assert mock.send("POST", "/dbconnections/change_password", json=sent).status_code == 200
    messages = other.control("GET", "/outbox?to=alice@acme.example&times=2&wait_seconds=60").json[
        "items"
    ]
    assert [one["number"] for one in messages] == [1, 2]
    assert one.control("GET", "/outbox").json["items"] == messages
    assert other.control("DELETE", "/outbox").status_code == 204
    assert len(one.tenant.outbox) == 0


def test_a_reset_through_one_mock_ends_what_happened_in_both(mocks, start):
    one, other = mocks
    for mock in mocks:
        mock.redeem("x")
        mock.tenant.faults.add(Fault(endpoint="token", status=418))
        mock.tenant.outbox.send(to="a@example.com", kind="k", text="t")
    before = other.tenant.resets
    one.tenant.reset()
    assert other.redeem("x").status_code == 403
    assert (len(other.tenant.journal), len(one.tenant.outbox), len(one.tenant.faults)) == (1, 0, 0)
    assert other.tenant.resets == before + 1
    assert start().resets == one.tenant.resets


def test_an_answer_that_a_reset_through_the_other_mock_releases_is_not_in_the_journal(mocks):
    one, other = mocks
    for _ in range(10):
        fault = one.tenant.faults.add(Fault(endpoint="jwks", delay=60))
        answers = []
        thread = threading.Thread(
            target=lambda answers=answers: answers.append(one.send("GET", "/.well-known/jwks.json"))
        )
        thread.start()
        while not fault.fired:
            pass  # each look is a round trip
        other.tenant.reset()
        thread.join()
        assert [answer.status_code for answer in answers] == [500]
        assert len(other.tenant.journal) == 0


def test_the_faults_of_the_tenant_file_are_active_once(start):
    document = replace(
        ACME, mockidp=replace(ACME.mockidp, faults=(Fault(endpoint="token", status=418),))
    )
    for mock in (Mock(start(document)), Mock(start(document))):
        assert [fault.is_standing for fault in mock.tenant.faults] == [True]
        assert mock.redeem("x").status_code == 418


def test_a_logout_token_of_one_mock_is_listed_by_the_other_one(mocks):
    one, other = mocks
    sent = LogoutToken(
        number=0, at=0.0, token="a.b.c", client_id="acme-web", user_id="auth0|alice", sid="s",
        initiator="rp-logout", url="http://app.example.com/",
    )  # fmt: skip
    one.tenant.logout_delivery.send(sent, ())
    (found,) = other.tenant.logout_delivery.tokens.wait_for(Wanted(), times=1, timeout=60)
    assert (found.number, found.state, found.attempts) == (1, "failed", 1)
    other.tenant.reset()
    assert one.tenant.logout_delivery.tokens.of(Wanted()) == []


def test_a_reset_through_one_mock_cancels_the_deliveries_of_the_other_one(mocks):
    one, other = mocks
    app = BackchannelApp()
    app.statuses = [500]
    app.waits = SimpleNamespace(wait=lambda *_: other.tenant.reset())
    sent = LogoutToken(
        number=0, at=0.0, token="a.b.c", client_id="acme-web", user_id="auth0|alice", sid="s",
        initiator="rp-logout", url=app.url,
    )  # fmt: skip
    with app.served():
        one.tenant.logout_delivery.send(sent, ())
        for thread in threading.enumerate():
            if thread.name == "mockidp logout":
                thread.join()
    assert len(app.posted) == 1
    assert len(other.tenant.journal) == 0


def test_what_a_request_that_runs_again_has_presented_is_kept_once(mocks):
    one, other = mocks
    code = one.code("acme-web")
    wrong = {"redirect_uri": "http://localhost:3000/wrong"}
    answer = other.token(**WEB, **wrong, grant_type="authorization_code", code=code)
    assert answer.status_code == 403
    ((request_id, presented),) = other.tenant.presented._items
    assert (request_id, presented) == (answer.headers["X-Auth0-RequestId"], code)


def test_advice_that_is_given_once_is_given_although_the_request_runs_again(mocks):
    one, other = mocks
    issuer = {"mockidp": {"issuer": "https://login.acme.example/"}}
    assert one.control("PATCH", "/tenant", issuer).status_code == 200
    path = "/.well-known/openid-configuration"
    first = other.send("GET", path)
    assert "https://login.acme.example/" in first.headers["Mockidp-Hint"]
    for mock in mocks:
        assert "Mockidp-Hint" not in mock.send("GET", path).headers


def test_the_console_of_one_mock_shows_the_exchanges_of_the_other_one_at_once(mocks, monkeypatch):
    one, other = mocks
    monkeypatch.setattr(live, "HOLD_SECONDS", 60)
    monkeypatch.setattr(live, "SHARED_PAUSE", 60)
    answers = []
    poll = threading.Thread(
        target=lambda: answers.append(one.send("GET", "/_mockidp/journal/live?after=0"))
    )
    poll.start()
    other.redeem("x")
    poll.join()
    assert [answer.status_code for answer in answers] == [200]


def test_a_reset_of_one_mock_makes_the_other_one_forget_what_was_presented(mocks):
    one, other = mocks
    one.redeem("secret")
    (entry,) = one.tenant.journal
    assert one.tenant.presented.get(entry.request_id) == "secret"
    other.tenant.reset()
    one.redeem("x")
    assert one.tenant.presented.get(entry.request_id) == ""
