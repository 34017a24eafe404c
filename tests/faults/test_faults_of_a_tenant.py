"""Faults of the tenant file, across resets and snapshots."""

import threading

import pytest

from helpers.acme import ACME, API, with_settings
from mockidp.faults import Fault, FaultContext
from mockidp.tenant.tenant import Tenant

TOKEN = FaultContext(
    endpoint="token", client="web", user="auth0|alice", audience=API, grant="refresh_token"
)


@pytest.fixture
def tenant():
    return Tenant(ACME)


def fired(tenant, context=TOKEN, times=10, **options):
    """Return whether a fault fired, for each of several exchanges."""
    return [bool(tenant.faults.fire(context, **options)) for _ in range(times)]


def tenant_with(*faults):
    return Tenant(with_settings(faults=faults))


def test_faults_of_the_file_are_active_at_the_start_and_after_a_reset():
    tenant = tenant_with(Fault(endpoint="token", status=503, times=1))
    assert fired(tenant, times=2) == [True, False]
    tenant.faults.add(Fault(endpoint="jwks", empty=True))
    tenant.reset()
    assert [one.name for one in tenant.faults] == ["token: status 503"]
    assert fired(tenant, times=2) == [True, False]


def test_a_reset_restores_a_canceled_fault_of_the_file():
    tenant = tenant_with(Fault(endpoint="token", status=503))
    tenant.faults.clear()
    assert fired(tenant, times=1) == [False]
    tenant.reset()
    assert fired(tenant, times=1) == [True]


def test_only_faults_of_a_test_are_reported_as_unfired():
    tenant = tenant_with(Fault(endpoint="jwks", empty=True))
    active = tenant.faults.add(Fault(endpoint="token", status=503))
    assert tenant.faults.unfired == (active,)
    fired(tenant, times=1)
    assert tenant.faults.unfired == ()


def test_a_reset_ends_a_delay(tenant):
    active = tenant.faults.add(Fault(endpoint="token", delay=3600))
    waiter = threading.Thread(target=active.ended.wait, args=(30,))
    waiter.start()
    tenant.reset()
    waiter.join()
    assert active.ended.is_set()


def test_restoring_a_snapshot_keeps_the_faults(tenant):
    snapshot = tenant.snapshot()
    active = tenant.faults.add(Fault(endpoint="token", status=503))
    tenant.restore(snapshot)
    assert list(tenant.faults) == [active]


def test_a_plan_and_its_faults_have_a_repr():
    plan = Tenant(ACME).faults
    assert (
        repr(plan.add(Fault(endpoint="token", drop=True, times=2)))
        == "<fault token: drop (0 of 2)>"
    )
    assert repr(plan) == "<1 faults: token: drop>"
