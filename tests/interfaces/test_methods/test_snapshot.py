"""Snapshots, and resets to the initial state."""

import threading

import pytest

from helpers.acme import API
from helpers.tenant_client import claims_of
from mockidp import Clock, MockIdP, MockIdPError, Snapshot
from mockidp.protocol.tokens.keys import generate_private_key
from mockidp.tenant.tenant import Tenant


def change_everything(idp, wire):
    """Change every part of a tenant's state. Return what was issued."""
    idp.add_user("carol")
    sent = wire.callback(scope="openid offline_access", audience=API)
    unused = wire.another_browser().callback("bob")["code"]
    tokens = wire.redeem(sent["code"]).json
    idp.sign_in_as("bob")
    return {
        "code": unused,
        "refresh_token": tokens["refresh_token"],
        "link": idp.impersonation_link("alice", state="s").removeprefix(wire.url),
        "opaque": idp.access_token(user="alice"),
    }


def use_up(wire, issued):
    """Use everything that was issued. Return the outcomes."""
    return [
        wire.redeem(issued["code"]).status_code,
        wire.refresh(issued["refresh_token"]).status_code,
        wire.request("GET", issued["link"]).status_code,
        wire.userinfo(issued["opaque"]).status_code,
        wire.another_browser().authorize().location.startswith("http://localhost:3000/"),
        "code=" in wire.authorize(prompt="none").location,
    ]


def test_restore_restores_everything_that_was_issued(idp, wire):
    issued = change_everything(idp, wire)
    snapshot = idp.snapshot()
    assert isinstance(snapshot, Snapshot)
    for _ in range(2):
        assert use_up(wire, issued) == [200, 200, 302, 200, True, True]
        assert use_up(wire, issued)[:3] == [403, 200, 401], "each is used up"
        assert use_up(wire, issued)[4] is False
        idp.restore(snapshot)


def test_restore_restores_time_users_and_keys(idp, behind):
    tenant = behind.tenant

    def state():
        now, issue_time = behind.clock.now(), behind.clock.issue_time()
        keys = [key.kid for key in tenant.keys.published]
        return now, issue_time, keys, list(tenant.directory.users), tenant.settings

    before, snapshot = state(), idp.snapshot()
    idp.clock.advance(100)
    idp.clock.skew = 5
    token = idp.access_token(audience=API)
    kid = idp.rotate_keys()
    tenant.change(MockIdP().tenant.document)
    idp.add_user("carol")
    idp.restore(snapshot)
    assert state() == before
    assert kid == before[2][1]
    assert idp.explain(token).accepted, "the key was restored"


def test_restore_removes_later_keys(idp):
    snapshot = idp.snapshot()
    for _ in range(3):
        idp.rotate_keys()
    token = idp.access_token(audience=API)
    assert idp.explain(token).accepted
    idp.restore(snapshot)
    assert idp.explain(token).accepted is False


def test_restore_restores_the_position_in_the_seeded_sequence(interface):
    idp = interface.make(seed=7)
    first = idp.access_token(user="alice")
    snapshot = idp.snapshot()
    following = [idp.access_token(user="alice") for _ in range(3)]
    idp.restore(snapshot)
    assert [idp.access_token(user="alice") for _ in range(3)] == following
    idp.reset()
    assert idp.access_token(user="alice") == first
    assert first not in following


def test_without_a_seed_no_value_repeats_after_a_restore(idp):
    snapshot = idp.snapshot()
    tokens = set()
    for _ in range(3):
        idp.restore(snapshot)
        tokens.add(idp.access_token(user="alice"))
    assert len(tokens) == 3


def test_restore_does_not_change_faults_and_journal(idp, wire):
    snapshot = idp.snapshot()
    wire.get("/.well-known/jwks.json")
    fault = idp.fault("jwks", status=503)
    idp.restore(snapshot)
    assert (list(idp.faults), len(idp.journal)) == ([fault], 1)


def test_a_reset_restores_the_initial_state_and_clears_faults_and_journal(interface, valid_tenant):
    settings = {"faults": [{"endpoint": "jwks", "status": 503, "times": 1}]}
    idp = interface.make(valid_tenant, seed=7, settings=settings)
    wire = interface.wire(idp)
    first = idp.snapshot()
    for _ in range(2):
        assert wire.get("/.well-known/jwks.json").status_code == 503
        assert wire.get("/.well-known/jwks.json").status_code == 200
        change_everything(idp, wire)
        idp.clock.freeze()
        idp.clock.skew = 9
        idp.rotate_keys()
        mine = idp.fault("token", status=503)
        idp.reset()
        assert idp.snapshot() == first
        assert [one.name for one in idp.faults] == ["jwks: status 503"]
        assert mine not in idp.faults
        assert len(idp.journal) == 0
    wire.get("/.well-known/jwks.json")
    assert idp.journal.last().number == 1


def test_a_reset_restores_the_initial_clock(interface):
    clock = Clock()
    clock.freeze(100)
    idp = interface.make(Tenant(clock=clock))
    idp.clock.resume()
    idp.reset()
    assert idp.clock.now() == 100


def test_later_changes_do_not_affect_a_snapshot(idp, wire):
    issued = change_everything(idp, wire)
    snapshot = idp.snapshot()
    before = repr(snapshot)
    use_up(wire, issued)
    idp.restore(snapshot)
    use_up(wire, issued)
    assert repr(snapshot) == before


def test_a_snapshot_can_be_restored_in_another_tenant(interface, idp, wire, valid_tenant):
    issued = change_everything(idp, wire)
    other = interface.make(valid_tenant)
    other.restore(idp.snapshot())
    other_wire = interface.wire(other)
    assert claims_of(other_wire.redeem(issued["code"]).json["id_token"])["sub"] == "auth0|bob"


@pytest.mark.parametrize("name", ["reset", "restore", "add_user", "rotate"])
def test_methods_can_be_called_during_traffic(interface, name):
    key = generate_private_key()  # generating one at every rotation would take too long
    idp = interface.make(Tenant(private_keys=[key] * 3))
    idp.add_client("web", callbacks=["http://localhost:3000/callback"])
    start = idp.snapshot()
    methods = {
        "reset": idp.reset,
        "restore": lambda: idp.restore(start),
        "add_user": lambda: idp.add_user("carol"),
        "rotate": lambda: (idp.rotate_keys(), idp.restore(start)),
    }
    done, statuses = threading.Event(), []

    def traffic():
        while not done.is_set():
            wire = interface.wire(idp)
            answer = wire.follow(wire.authorize(scope="openid offline_access"))
            statuses.append(answer.status_code)
            page = answer.location or ""
            if page.startswith("/u/login"):
                form = {"username": "alice@acme.example", "password": "Passw0rd!"}
                answer = wire.submit(page, **form)
                statuses.append(answer.status_code)
            statuses.append(wire.machine_token(client_id="web", audience=API).status_code)
            token = idp.access_token(audience=API, scope="openid")
            statuses.append(wire.userinfo(token).status_code)
            statuses.append(wire.get("/.well-known/jwks.json").status_code)

    threads = [threading.Thread(target=traffic) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(40):
        methods[name]()
    done.set()
    for thread in threads:
        thread.join()
    assert statuses
    assert not [status for status in statuses if status >= 500]


@pytest.mark.parametrize("value", [None, {}, "state.json"])
def test_an_invalid_snapshot_is_refused_and_changes_nothing(idp, value):
    before = idp.snapshot()
    with pytest.raises(MockIdPError, match=r"Expected the result of snapshot\(\), found \w+\."):
        idp.restore(value)
    assert idp.snapshot() == before
