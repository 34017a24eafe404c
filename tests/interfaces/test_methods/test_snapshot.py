"""Going back: to any moment, and to the first."""

import threading

import pytest

from helpers.acme import API
from helpers.tenant_client import claims_of
from mockidp import Clock, MockIdP, MockIdPError, Snapshot
from mockidp.protocol.keys import generate_private_key
from mockidp.tenant.tenant import Tenant


def settle(idp, wire):
    """Do something to everything that a tenant has; return what is to be seen of it."""
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


def use_up(wire, things):
    """Use everything; return what came of it."""
    return [
        wire.redeem(things["code"]).status_code,
        wire.refresh(things["refresh_token"]).status_code,
        wire.request("GET", things["link"]).status_code,
        wire.userinfo(things["opaque"]).status_code,
        wire.another_browser().authorize().location.startswith("http://localhost:3000/"),
        "code=" in wire.authorize(prompt="none").location,
    ]


def test_everything_is_as_it_was_when_the_snapshot_was_taken(idp, wire):
    things = settle(idp, wire)
    snapshot = idp.snapshot()
    assert isinstance(snapshot, Snapshot)
    for _ in range(2):
        assert use_up(wire, things) == [200, 200, 302, 200, True, True]
        assert use_up(wire, things)[:3] == [403, 200, 401], "each is used up"
        assert use_up(wire, things)[4] is False
        idp.restore(snapshot)


def test_time_users_and_keys_are_as_they_were(idp, behind):
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
    assert idp.explain(token).accepted, "a key that was there is there again"


def test_a_key_that_came_later_is_gone(idp):
    snapshot = idp.snapshot()
    for _ in range(3):
        idp.rotate_keys()
    token = idp.access_token(audience=API)
    assert idp.explain(token).accepted
    idp.restore(snapshot)
    assert idp.explain(token).accepted is False


def test_the_seed_goes_on_from_where_it_was(face):
    idp = face.make(seed=7)
    first = idp.access_token(user="alice")
    snapshot = idp.snapshot()
    following = [idp.access_token(user="alice") for _ in range(3)]
    idp.restore(snapshot)
    assert [idp.access_token(user="alice") for _ in range(3)] == following
    idp.reset()
    assert idp.access_token(user="alice") == first
    assert first not in following


def test_without_a_seed_nothing_repeats_after_going_back(idp):
    snapshot = idp.snapshot()
    made = set()
    for _ in range(3):
        idp.restore(snapshot)
        made.add(idp.access_token(user="alice"))
    assert len(made) == 3


def test_faults_and_the_journal_are_no_part_of_a_snapshot(idp, wire):
    snapshot = idp.snapshot()
    wire.get("/.well-known/jwks.json")
    fault = idp.fault("jwks", status=503)
    idp.restore(snapshot)
    assert (list(idp.faults), len(idp.journal)) == ([fault], 1)


def test_a_reset_is_the_first_moment_again_without_faults_and_journal(face, sound):
    begins_with = {"faults": [{"endpoint": "jwks", "status": 503, "times": 1}]}
    idp = face.make(sound, seed=7, settings=begins_with)
    wire = face.wire(idp)
    first = idp.snapshot()
    for _ in range(2):
        assert wire.get("/.well-known/jwks.json").status_code == 503
        assert wire.get("/.well-known/jwks.json").status_code == 200
        settle(idp, wire)
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


def test_a_reset_brings_back_the_clock_that_a_tenant_was_made_with(face):
    clock = Clock()
    clock.freeze(100)
    idp = face.make(Tenant(clock=clock))
    idp.clock.resume()
    idp.reset()
    assert idp.clock.now() == 100


def test_a_snapshot_is_not_changed_by_what_comes_later(idp, wire):
    things = settle(idp, wire)
    snapshot = idp.snapshot()
    before = repr(snapshot)
    use_up(wire, things)
    idp.restore(snapshot)
    use_up(wire, things)
    assert repr(snapshot) == before


def test_a_snapshot_of_one_can_be_restored_in_another_of_the_same_kind(face, idp, wire, sound):
    things = settle(idp, wire)
    other = face.make(sound)
    other.restore(idp.snapshot())
    theirs = face.wire(other)
    assert claims_of(theirs.redeem(things["code"]).json["id_token"])["sub"] == "auth0|bob"


@pytest.mark.parametrize("act", ["reset", "restore", "add_user", "rotate"])
def test_what_is_done_during_traffic_is_no_bug(face, act):
    key = generate_private_key()  # making one at every rotation would take long
    idp = face.make(Tenant(private_keys=[key] * 3))
    idp.add_client("web", callbacks=["http://localhost:3000/callback"])
    start = idp.snapshot()
    acts = {
        "reset": idp.reset,
        "restore": lambda: idp.restore(start),
        "add_user": lambda: idp.add_user("carol"),
        "rotate": lambda: (idp.rotate_keys(), idp.restore(start)),
    }
    done, statuses = threading.Event(), []

    def traffic():
        while not done.is_set():
            wire = face.wire(idp)
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
        acts[act]()
    done.set()
    for thread in threads:
        thread.join()
    assert statuses
    assert not [status for status in statuses if status >= 500]


@pytest.mark.parametrize("thing", [None, {}, "state.json"])
def test_what_is_no_snapshot_is_told_and_changes_nothing(idp, thing):
    before = idp.snapshot()
    with pytest.raises(MockIdPError, match=r"Expected the result of snapshot\(\), found \w+\."):
        idp.restore(thing)
    assert idp.snapshot() == before
