"""RemoteIdP has MockIdP's verbs, word for word; what they do is tested in tests/faces/verbs."""

import inspect

import pytest

from mockidp import MockIdP, RemoteIdP
from mockidp.clients.remote.clock import RemoteClock
from mockidp.clients.remote.faults import RemoteFault, RemoteFaultPlan
from mockidp.clients.remote.journal import RemoteJournal
from mockidp.faults import ActiveFault, FaultPlan
from mockidp.tenant.clock import Clock
from mockidp.tenant.journal import Journal

OF_SERVING_HERE = {
    "start", "stop", "serve", "is_served", "transport", "ca_file", "bundle_file", "tls_url",
}  # fmt: skip
OF_A_CLOCK_ITSELF = {"issue_time", "put_back", "setting", "state"}
OF_A_PLAN_ITSELF = {"add", "begin", "fire", "uncount", "waiting_for"}
OF_A_JOURNAL_ITSELF = {"add"}


def verbs(cls):
    return {
        name: one
        for name, one in inspect.getmembers(cls)
        if not name.startswith("_") and (inspect.isfunction(one) or isinstance(one, property))
    }


@pytest.mark.parametrize(
    ("ours", "theirs", "but"),
    [
        (MockIdP, RemoteIdP, OF_SERVING_HERE),
        (Clock, RemoteClock, OF_A_CLOCK_ITSELF),
        (Journal, RemoteJournal, OF_A_JOURNAL_ITSELF),
        (FaultPlan, RemoteFaultPlan, OF_A_PLAN_ITSELF),
        (ActiveFault, RemoteFault, set()),
    ],
)
def test_the_verbs_and_their_signatures_are_the_same(ours, theirs, but):
    known, there = verbs(ours), verbs(theirs)
    assert but <= set(known)
    assert set(known) - but <= set(there)
    for name in set(known) - but:
        if inspect.isfunction(known[name]):
            mine, its = (inspect.signature(cls[name]) for cls in (known, there))
            assert list(mine.parameters.values()) == list(its.parameters.values()), name
