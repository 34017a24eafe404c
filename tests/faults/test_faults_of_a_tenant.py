"""Faults that a tenant has from its file, across resets and snapshots."""

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
    """Tell of each of so many exchanges whether something fired."""
    return [bool(tenant.faults.fire(context, **options)) for _ in range(times)]


# --- the tenant's own, and its end ---


def standing(*faults):
    return Tenant(with_settings(faults=faults))


def test_the_files_own_faults_are_there_from_the_start_and_after_a_reset():
    tenant = standing(Fault(endpoint="token", status=503, times=1))
    assert fired(tenant, times=2) == [True, False]
    tenant.faults.add(Fault(endpoint="jwks", empty=True))
    tenant.reset()
    assert [one.name for one in tenant.faults] == ["token: status 503"]
    assert fired(tenant, times=2) == [True, False]


def test_a_cancelled_one_of_the_files_is_back_after_a_reset():
    tenant = standing(Fault(endpoint="token", status=503))
    tenant.faults.clear()
    assert fired(tenant, times=1) == [False]
    tenant.reset()
    assert fired(tenant, times=1) == [True]


def test_only_a_tests_own_faults_are_told_as_never_fired():
    tenant = standing(Fault(endpoint="jwks", empty=True))
    asked = tenant.faults.add(Fault(endpoint="token", status=503))
    assert tenant.faults.unfired == (asked,)
    fired(tenant, times=1)
    assert tenant.faults.unfired == ()


def test_a_reset_frees_whoever_waits(tenant):
    active = tenant.faults.add(Fault(endpoint="token", delay=3600))
    freed = threading.Thread(target=active.ended.wait, args=(30,))
    freed.start()
    tenant.reset()
    freed.join()
    assert active.ended.is_set()


def test_a_snapshot_leaves_faults_as_they_are(tenant):
    snapshot = tenant.snapshot()
    active = tenant.faults.add(Fault(endpoint="token", status=503))
    tenant.restore(snapshot)
    assert list(tenant.faults) == [active]


def test_a_plan_and_its_faults_say_what_they_are():
    plan = Tenant(ACME).faults
    assert (
        repr(plan.add(Fault(endpoint="token", drop=True, times=2)))
        == "<fault token: drop (0 of 2)>"
    )
    assert repr(plan) == "<1 faults: token: drop>"
