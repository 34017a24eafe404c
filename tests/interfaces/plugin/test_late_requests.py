"""A request that a fault delays beyond the end of its test."""

import threading
import urllib.error
import urllib.request

import pytest

from mockidp import MockIdP


@pytest.fixture
def idp():
    with MockIdP(seed=1) as idp:
        yield idp


class ObservedEvent(threading.Event):
    """An event that reports when somebody begins to wait for it."""

    def __init__(self):
        super().__init__()
        self.wait_started = threading.Event()

    def wait(self, timeout=None):
        self.wait_started.set()
        return super().wait(timeout)


@pytest.fixture
def fault(idp):
    fault = idp.fault("token", delay=20)
    fault.ended = ObservedEvent()
    return fault


@pytest.fixture
def in_the_background():
    """Return a function that sends a request in a thread. Its result returns status and hint."""

    def send(url, data):
        answers = []

        def send_request():
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with pytest.raises(urllib.error.HTTPError) as refused:
                opener.open(url, data, timeout=30)
            with refused.value as answer:
                answers.append((answer.status, answer.headers["Mockidp-Hint"]))

        thread = threading.Thread(target=send_request)
        thread.start()

        def answer():
            thread.join()
            return answers[0]

        return answer

    return send


def test_after_a_reset_it_changes_nothing(idp, fault, in_the_background):
    machine = b"grant_type=client_credentials&client_id=app&client_secret=x&audience=urn:api"
    answer = in_the_background(f"{idp.url}/oauth/token", machine)
    assert fault.ended.wait_started.wait(10)
    idp.reset()
    before = idp.tenant.ids.state()
    status, hint = answer()
    assert status == 500
    assert hint.startswith("The tenant was reset while a fault delayed this answer.")
    assert not list(idp.journal)
    assert idp.tenant.ids.state() == before


def test_it_is_answered_if_only_the_fault_is_cancelled(idp, fault, in_the_background):
    answer = in_the_background(f"{idp.url}/oauth/token", b"grant_type=none&client_id=app")
    assert fault.ended.wait_started.wait(10)
    fault.cancel()
    assert answer()[0] == 501
    assert len(idp.journal) == 1
