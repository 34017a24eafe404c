"""RemoteIdP: every verb of MockIdP, over HTTP, on a mock that is served here."""

import inspect
import threading

import pytest
import requests
from tenant_client import claims_of, header_of

from mockidp import MockIdP, MockIdPError
from mockidp.remote.clock import RemoteClock
from mockidp.remote.faults import RemoteFault, RemoteFaultPlan
from mockidp.remote.idp import RemoteIdP
from mockidp.remote.journal import RemoteJournal
from mockidp.server import Server
from mockidp.tenant.clock import Clock
from mockidp.tenant.faults import ActiveFault, FaultPlan
from mockidp.tenant.journal import Journal
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

CALLBACK = "http://localhost:3000/callback"
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


def ask(idp, **form):
    form = {"grant_type": "client_credentials", "client_id": "machine", "client_secret": "s"} | form
    return requests.post(f"{idp.url}/oauth/token", data={"audience": API} | form, timeout=5)


def verbs(cls):
    return {
        name: one
        for name, one in inspect.getmembers(cls)
        if not name.startswith("_") and (inspect.isfunction(one) or isinstance(one, property))
    }


IN_THIS_PROCESS = {
    "start", "stop", "serve", "is_served", "transport", "ca_file", "bundle_file", "tls_url",
}  # fmt: skip
"""What is about serving in this process, and cannot be asked of another."""
OF_A_PLAN_ITSELF = {"add", "begin", "fire", "take_back", "unfired", "waiting_for"}
OF_A_JOURNAL_ITSELF = {"add"}


@pytest.mark.parametrize(
    ("ours", "theirs", "but"),
    [
        (MockIdP, RemoteIdP, IN_THIS_PROCESS),
        (Clock, RemoteClock, {"issue_time", "restore", "setting"}),
        (Journal, RemoteJournal, OF_A_JOURNAL_ITSELF),
        (FaultPlan, RemoteFaultPlan, OF_A_PLAN_ITSELF),
        (ActiveFault, RemoteFault, set()),
    ],
)
def test_the_verbs_and_their_signatures_are_the_same(ours, theirs, but):
    known, there = verbs(ours), verbs(theirs)
    assert set(known) - but <= set(there)
    for name in set(known) - but:
        if inspect.isfunction(known[name]):
            mine, its = (inspect.signature(cls[name]) for cls in (known, there))
            assert list(mine.parameters.values()) == list(its.parameters.values()), name


def test_users_clients_and_apis_are_added(idp, served):
    assert idp.add_user("carol", email="carol@example.com").user_id == "auth0|carol"
    assert idp.add_client("shop", callbacks=[CALLBACK]).client_secret == "shop-secret"
    assert idp.add_api(API, scopes=["read:items"]).scope_values == ("read:items",)
    assert served.tenant.directory.name_user("carol").email == "carol@example.com"
    with pytest.raises(MockIdPError, match="did you mean email"):
        idp.add_user("dave", emial="x")


def test_tokens_are_made_good_and_bad(idp):
    good = idp.access_token(audience=API, user="alice", scope="read:items", claims={"x": 1})
    assert claims_of(good)["x"] == 1
    assert claims_of(good)["iss"] == idp.issuer == f"{idp.url}/"
    assert header_of(idp.access_token(audience=API, user="alice", alg="none"))["alg"] == "none"
    assert claims_of(idp.id_token(user="alice", nonce="n", expires_in=5))["nonce"] == "n"
    with pytest.raises(MockIdPError, match="no user 'eve'"):
        idp.id_token(user="eve")


def test_a_user_signs_in_and_it_can_be_asserted(idp):
    idp.sign_in_as("alice", client="acme-web")
    query = {
        "client_id": "acme-web",
        "response_type": "code",
        "redirect_uri": CALLBACK,
        "scope": "openid",
    }
    answer = requests.get(f"{idp.url}/authorize", params=query, allow_redirects=False, timeout=5)
    code = answer.headers["Location"].partition("code=")[2]
    ask(
        idp, grant_type="authorization_code", code=code, redirect_uri=CALLBACK, client_id="acme-web"
    )
    assert idp.assert_signed_in("alice", client="acme-web", pkce=False).user == "auth0|alice"
    assert len(idp.assert_token_requested(grant="authorization_code", times=1)) == 1
    idp.assert_no_refusals()
    with pytest.raises(AssertionError, match="no sign-in with user="):
        idp.assert_signed_in("bob")


def test_a_link_is_made_and_explained(idp):
    link = idp.impersonation_link(
        "alice", client="acme-web", callback_url=CALLBACK, state="s", ttl=60
    )
    assert idp.explain(link).accepted
    assert requests.get(link, allow_redirects=False, timeout=5).status_code == 302
    assert not idp.explain(link).accepted


def test_faults_are_asked_for_counted_and_cancelled(idp):
    with idp.fault("token", rate_limit=True, times=1, when={"client": "machine"}) as fault:
        assert [ask(idp).status_code for _ in "ab"] == [429, 200]
        assert (fault.matched, fault.fired) == (2, 1)
        assert [one.name for one in idp.faults] == [fault.name]
        assert fault.fault.rate_limit
    assert len(idp.faults) == 0
    assert fault.fired == 1
    assert not idp.faults.cancel("no such fault")
    idp.fault("userinfo", drop=True)
    idp.faults.clear()
    assert len(idp.faults) == 0
    with pytest.raises(MockIdPError, match="did you mean token"):
        idp.fault("tokn", drop=True)
    with pytest.raises(MockIdPError, match="function cannot be sent"):
        idp.fault("token", drop=True, when=lambda _occasion: True)


def test_a_fault_is_what_it_was_when_the_mock_is_gone():
    with MockIdP() as served:
        idp = RemoteIdP(served.url)
        fault = idp.fault("token", drop=True)
        assert repr(idp) == f"<RemoteIdP at {served.url}>"
    for ask_it in (lambda: fault.fired, lambda: idp.faults.cancel(fault.name)):
        with pytest.raises(MockIdPError, match="no mockidp answers at"):
            ask_it()
    idp.close()


def test_a_mock_that_demands_a_token_refuses_all_without_it():
    with Server(create_app(Tenant(), control_token="sesame")) as server:
        without, known = RemoteIdP(server.url), RemoteIdP(server.url, token="sesame")
        fault = known.fault("token", drop=True)
        stranger = RemoteFault(
            without._control, {"name": fault.name, "where": "token", "drop": True}
        )
        for ask_it in (lambda: stranger.fired, lambda: without.faults.cancel(fault.name)):
            with pytest.raises(MockIdPError, match="MOCKIDP_CONTROL_TOKEN"):
                ask_it()
        assert known.faults.cancel(fault.name)
        known.close()
        without.close()


def test_the_clock_is_moved(idp, served):
    clock = idp.clock
    clock.freeze("2030-01-31T12:00:00Z")
    clock.advance(60)
    clock.skew = 5
    assert clock.now() == served.clock.now() == 1896091260.0
    assert clock.skew == 5
    clock.set("2031-01-31T12:00:00Z")
    clock.freeze()
    clock.resume()
    assert clock.now() >= 1927627200
    clock.offset(0)
    assert clock.now() < 1896091260 or served.clock.setting.offset == 0
    with pytest.raises((MockIdPError, ValueError), match="no moment"):
        clock.set("tomorrow")


def test_the_journal_is_read_and_waited_for(idp):
    ask(idp)
    assert len(idp.journal) == 1
    assert idp.journal.last("token", client="machine").tokens[0].claims["aud"] == API
    later = threading.Timer(0.05, ask, args=[idp])
    later.start()
    assert [one.number for one in idp.journal.wait_for("token", after=1)] == [2]
    later.join()
    assert idp.journal.of("token", after=1)[0].number == 2
    with pytest.raises(MockIdPError, match="waited"):
        idp.journal.wait_for("token", client="nobody", timeout=0.05)
    with pytest.raises(MockIdPError, match="no user 'eve'"):
        idp.journal.of(user="eve")
    assert idp.journal.of("token", user="alice") == []
    idp.journal.clear()
    assert list(idp.journal) == []


def test_keys_are_rotated_and_moments_gone_back_to(idp, served):
    before = idp.snapshot()
    assert idp.rotate_keys() == served.tenant.keys.current.kid
    idp.add_user("carol")
    idp.restore(before)
    assert served.tenant.directory.name_user("carol") is None
    assert served.tenant.keys.current.kid == before.keys[0].kid
    idp.add_user("carol")
    idp.reset()
    assert served.tenant.directory.name_user("carol") is None
