"""What happens in a tenant is the same if it goes through feeds, as it does on Redis."""

import json
from dataclasses import replace

import pytest

from helpers.local_feed import share
from mockidp.errors import TimedOut
from mockidp.faults import Fault, FaultContext
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.tenant.journal.feed import read_exchange, write_exchange
from mockidp.tenant.logout.tokens import LogoutToken, Wanted
from mockidp.tenant.tenant import Tenant

TOKEN = LogoutToken(
    number=0, at=0.0, token="a.b.c", client_id="web", user_id="auth0|alice", sid="s",
    initiator="rp-logout", url="http://localhost/",
)  # fmt: skip


@pytest.fixture
def tenant():
    return Tenant()


@pytest.fixture
def feeds(tenant):
    return share(tenant)


def test_a_shared_seed_is_a_store():
    alone, tenant = Tenant(seed=7), Tenant(seed=7)
    share(tenant)
    codes = [tenant.ids.code() for _ in range(2)]
    assert codes == [alone.ids.code() for _ in range(2)]
    assert tenant.backend.snapshot()["ids"][0][1].value == alone.ids.state()
    tenant.reset()
    assert [tenant.ids.code() for _ in range(2)] == codes


def test_messages_of_the_outbox(tenant, feeds):
    for kind in ("first", "second"):
        tenant.outbox.send(to="a@example.com", kind=kind, text="t")
    assert [(one.number, one.kind) for one in tenant.outbox] == [(1, "first"), (2, "second")]
    assert [one.kind for one in tenant.outbox.wait_for(times=2)] == ["first", "second"]
    with pytest.raises(TimedOut, match="found 2"):
        tenant.outbox.wait_for(times=3, timeout=0)
    tenant.outbox.clear()
    assert (len(tenant.outbox), feeds["outbox"].catches > 3) == (0, True)


def test_logout_tokens(tenant, feeds):
    tokens = tenant.logout_delivery.tokens
    tokens.add(TOKEN)
    tokens.update(TOKEN, state="failed", attempts=1)
    tokens.update(replace(TOKEN, token="gone"), state="failed")
    expected = replace(TOKEN, number=1, state="failed", attempts=1)
    assert tokens.wait_for(Wanted(), times=1, timeout=0) == [expected]
    tokens.begin_process()
    assert tokens.of(Wanted()) == [expected]
    tokens.clear()
    assert tokens.of(Wanted()) == []


def test_a_reset(tenant, feeds):
    tenant.faults.add(Fault(endpoint="token", status=418))
    tenant.outbox.send(to="a@example.com", kind="k", text="t")
    tenant.deciders["p"] = bool
    tenant.reset()
    assert (len(tenant.faults), len(tenant.outbox), tenant.deciders, tenant.resets) == (0, 0, {}, 1)
    feeds["resets"].receiver.begin(1)
    assert tenant.resets == 1
    feeds["resets"].receiver.begin(4)
    assert tenant.resets == 4


def test_a_fault_whose_function_is_in_another_process_does_not_fire(tenant):
    fault = tenant.faults.add(Fault(endpoint="token", status=418), lambda _context: True)
    fault.predicate = None
    assert tenant.faults.fire(FaultContext(endpoint="token"), at_endpoint=True) == ()


def test_any_collection_of_an_exchange_is_written():
    entry = JournalEntry(
        number=0, at=1.0, endpoint="token", method="POST", url="", parameters={}, status=200,
        notes={"scopes": {"a"}},
    )  # fmt: skip
    make, at, things = read_exchange(write_exchange(entry, 1.0, ()))
    assert (make(7), at, things) == (replace(entry, number=7, notes={"scopes": ["a"]}), 1.0, [])
    assert json.loads(json.dumps(make(7).to_dict()))["number"] == 7
