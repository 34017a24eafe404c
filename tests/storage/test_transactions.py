"""The transactions of a tenant: all changes of an exchange are committed, or all are undone."""

import threading
from dataclasses import replace

import pytest

from mockidp.protocol.errors.oauth_error import InvalidGrant, ServerError
from mockidp.protocol.tokens.artifacts import Consent
from mockidp.tenant.clock import ClockSetting
from mockidp.tenant.state.sign_ins import SignIn
from mockidp.tenant.state.snapshot_data import snapshot_data
from mockidp.tenant.tenant import Tenant

FULL = ServerError("Internal error", hint="not kept: the disk is full")


@pytest.fixture
def tenant():
    tenant = Tenant()
    tenant.written = []
    tenant.backend.transactions.commit = tenant.written.append
    return tenant


def fill_disk(tenant):
    def refuse(_changed):
        raise FULL

    tenant.backend.transactions.commit = refuse


def state(tenant):
    return snapshot_data(tenant.snapshot())


def consent(*scope):
    return Consent(client_id="c", user_id="auth0|alice", audience="", scope=scope)


def change_everything(tenant):
    tenant.consents.put("new", consent("a"), expires_at=1.0)
    tenant.consents.put("old", consent("b"), expires_at=1.0)
    tenant.consents.put("new", consent("c"), expires_at=1.0)
    tenant.clock.setting = ClockSetting(offset=5.0)
    tenant.sign_ins.add(SignIn(user_id="auth0|alice"))
    tenant.rotate_keys()
    tenant.change(replace(tenant.document, users=()))


def changed(tenant):
    """Return the keys that each commit changed, by the names of their stores."""
    return [
        {store.spec.name: keys for store, keys in changes.items()} for changes in tenant.written
    ]


def put_and_raise(tenant, key, error):
    with tenant.backend.transaction():
        tenant.consents.put(key, consent(), expires_at=1.0)
        raise error


def test_the_changes_of_an_exchange_are_committed_once_at_its_end(tenant):
    with tenant.backend.transaction():
        change_everything(tenant)
        assert tenant.written == []
    assert changed(tenant) == [
        {
            "consents": ("new", "old"),
            "clock": ("value",),
            "sign_ins": ("value",),
            "signing": ("value",),
            "configuration": ("value",),
            "users": None,
        }
    ]


def test_outside_of_an_exchange_each_change_is_committed_on_its_own(tenant):
    tenant.consents.put("a", consent(), expires_at=1.0)
    tenant.clock.skew = 1
    assert changed(tenant) == [{"consents": ("a",)}, {"clock": ("value",)}]


def test_an_exchange_without_changes_commits_nothing(tenant):
    with tenant.backend.transaction():
        tenant.consents.take("unknown")
        tenant.sign_ins.take("web")
        assert not tenant.revoke_key("unknown")
    assert tenant.written == []


def test_a_restored_store_is_committed_as_a_whole(tenant):
    with tenant.backend.transaction():
        tenant.consents.put("before", consent(), expires_at=1.0)
        tenant.consents.restore([])
        tenant.consents.put("after", consent(), expires_at=1.0)
    assert changed(tenant) == [{"consents": None}]


def test_a_failed_commit_undoes_all_changes_and_the_order_of_entries(tenant):
    tenant.consents.put("old", consent(), expires_at=1.0)
    tenant.consents.put("last", consent(), expires_at=1.0)
    before = state(tenant)
    fill_disk(tenant)
    with pytest.raises(ServerError), tenant.backend.transaction():
        change_everything(tenant)
    assert state(tenant) == before
    assert [key for key, _ in tenant.consents.scan()] == ["old", "last"]


def test_a_refusal_keeps_the_changes_unless_the_commit_fails(tenant):
    wrong = InvalidGrant("Wrong email or password.")
    with pytest.raises(InvalidGrant):
        put_and_raise(tenant, "counted", wrong)
    assert tenant.consents.history("counted")
    fill_disk(tenant)
    with pytest.raises(ServerError):
        put_and_raise(tenant, "not counted", wrong)
    assert tenant.consents.history("not counted") is None


def test_an_unexpected_error_undoes_the_changes(tenant):
    with pytest.raises(ZeroDivisionError):
        put_and_raise(tenant, "a", ZeroDivisionError())
    assert tenant.consents.scan() == ()
    assert tenant.written == []


def test_a_reset_whose_commit_fails_leaves_faults_and_journal(tenant):
    fill_disk(tenant)
    with pytest.raises(ServerError):
        tenant.reset()
    assert tenant.resets == 0
    tenant.backend.transactions.commit = tenant.written.append
    tenant.reset()
    assert tenant.resets == 1


def test_a_separate_transaction_is_committed_at_its_own_end_and_then_lets_others_write(tenant):
    def write():
        tenant.consents.put("other", consent(), expires_at=1.0)

    with tenant.backend.transaction():
        with tenant.backend.separately(), tenant.backend.transaction():
            tenant.consents.put("separate", consent(), expires_at=1.0)
        assert changed(tenant) == [{"consents": ("separate",)}]
        thread = threading.Thread(target=write)
        thread.start()
        thread.join(timeout=20)
        assert changed(tenant) == [{"consents": ("separate",)}, {"consents": ("other",)}]
        tenant.consents.put("own", consent(), expires_at=1.0)
        assert len(tenant.written) == 2
    assert changed(tenant)[2:] == [{"consents": ("own",)}]


def test_one_exchange_at_a_time_makes_changes_while_others_read(tenant):
    tenant.consents.put("seen", consent("a"), expires_at=2.0**40)
    written, may_end, order = threading.Event(), threading.Event(), []

    def first():
        with tenant.backend.transaction():
            tenant.consents.put("first", consent(), expires_at=1.0)
            written.set()
            may_end.wait(10)
            order.append("first")

    def second():
        written.wait(10)
        with tenant.backend.transaction():
            order.append(tenant.consents.get("seen"))
            may_end.set()
            tenant.consents.put("second", consent(), expires_at=1.0)
            order.append("second")

    threads = [threading.Thread(target=one) for one in (first, second)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert order == [consent("a"), "first", "second"]
    assert changed(tenant)[1:] == [{"consents": ("first",)}, {"consents": ("second",)}]
