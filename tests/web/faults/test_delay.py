"""Delayed answers, and what ends a delay."""

import threading

import pytest

from helpers.acme import API
from mockidp.faults import ActiveFault


class Waiting:
    """Records the length of waits, without waiting."""

    def __init__(self):
        self.seconds = []

    def wait(self, seconds):
        self.seconds.append(seconds)

    def is_set(self):
        return False

    def set(self):
        pass


@pytest.fixture
def waiting(monkeypatch):
    waiting = Waiting()
    made = ActiveFault.__init__

    def init(active, *args):
        made(active, *args)
        active.ended = waiting

    monkeypatch.setattr(ActiveFault, "__init__", init)
    return waiting


def test_the_tenant_acts_after_the_delay(idp, waiting):
    idp.fault("token", delay=2.5)
    answer = idp.machine_token(audience=API)
    assert (answer.status_code, waiting.seconds) == (200, [2.5])
    assert answer.headers["Mockidp-Hint"] == "Fault `token: delay` (1) fired: the answer came late."


def test_delays_add_up_and_precede_a_replacing_fault(idp, waiting):
    idp.fault("token", delay=1)
    idp.fault("token", delay=2, status=503)
    assert idp.machine_token(audience=API).status_code == 503
    assert waiting.seconds == [1, 2]


def test_a_fault_without_a_delay_does_not_wait(idp, waiting):
    idp.fault("token", set={"a": 1})
    idp.machine_token(audience=API)
    assert waiting.seconds == []


@pytest.mark.parametrize(
    ("end", "status"), [("cancel", 200), ("clear", 200), ("block", 200), ("reset", 500)]
)
def test_canceling_the_fault_ends_the_delay(idp, end, status):
    active = idp.fault("token", delay=3600)
    came, begun = [], threading.Event()
    wait = active.ended.wait
    active.ended.wait = lambda seconds: begun.set() or wait(seconds)
    request = threading.Thread(
        target=lambda: came.append(idp.machine_token(audience=API).status_code)
    )
    request.start()
    assert begun.wait(10)
    assert came == []
    {
        "cancel": active.cancel,
        "clear": idp.tenant.faults.clear,
        "reset": idp.tenant.reset,
        "block": lambda: active.__exit__(None, None, None),
    }[end]()
    request.join(10)
    # After a reset the tenant belongs to another test.
    assert came == [status]
