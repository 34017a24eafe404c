"""A request that a fault holds back beyond its test."""

import threading
import urllib.error
import urllib.request

import pytest

from mockidp import MockIdP


@pytest.fixture
def idp():
    with MockIdP(seed=1) as idp:
        yield idp


class HoldingBack(threading.Event):
    """What an answer waits on, and a test on the waiting."""

    def __init__(self):
        super().__init__()
        self.begun = threading.Event()

    def wait(self, timeout=None):
        self.begun.set()
        return super().wait(timeout)


@pytest.fixture
def fault(idp):
    fault = idp.fault("token", delay=20)
    fault.ended = HoldingBack()
    return fault


@pytest.fixture
def in_the_background():
    """Return what sends a request from a thread, and later returns its status and hint."""

    def send(url, data):
        answers = []

        def ask():
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with pytest.raises(urllib.error.HTTPError) as refused:
                opener.open(url, data, timeout=30)
            with refused.value as answer:
                answers.append((answer.status, answer.headers["Mockidp-Hint"]))

        thread = threading.Thread(target=ask)
        thread.start()

        def answer():
            thread.join()
            return answers[0]

        return answer

    return send


def test_it_leaves_nothing_in_the_next(idp, fault, in_the_background):
    machine = b"grant_type=client_credentials&client_id=app&client_secret=x&audience=urn:api"
    answer = in_the_background(f"{idp.url}/oauth/token", machine)
    assert fault.ended.begun.wait(10)
    idp.reset()
    drawn = idp.tenant.ids.state()
    status, hint = answer()
    assert status == 500
    assert hint.startswith("The tenant was reset while a fault delayed this answer.")
    assert not list(idp.journal)
    assert idp.tenant.ids.state() == drawn


def test_it_goes_on_when_only_its_fault_is_cancelled(idp, fault, in_the_background):
    answer = in_the_background(f"{idp.url}/oauth/token", b"grant_type=none&client_id=app")
    assert fault.ended.begun.wait(10)
    fault.cancel()
    assert answer()[0] == 501
    assert len(idp.journal) == 1
