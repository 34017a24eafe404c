"""Deadlines of a server in tests that stop or move Python's time."""

import runpy
import threading
from email.utils import parsedate_to_datetime

import freezegun
import pytest
import time_machine

from helpers.waiting import FOREVER, SOON
from mockidp.server import monotonic

HALF = b"GET / HTTP/1.1\r\nHost: x\r\n"


def frozen(moment):
    return freezegun.freeze_time(moment)


def travelled(moment):
    return time_machine.travel(moment, tick=False)


@pytest.fixture(
    params=[
        lambda: frozen("1970-01-02"),
        lambda: frozen("9999-12-30"),
        lambda: freezegun.freeze_time("2001-01-01", tick=True),
        lambda: freezegun.freeze_time("2001-01-01", auto_tick_seconds=3600),
        lambda: travelled("1970-01-02T00:00Z"),
        lambda: travelled("9999-12-30T00:00Z"),
    ],
    ids=["frozen early", "frozen late", "ticking", "leaping", "travelled early", "travelled late"],
)
def another_time(request):
    return request.param()


def test_a_kept_connection_and_new_ones_are_answered_before_inside_and_after(
    serve_tls, authority, another_time
):
    running = serve_tls()
    trust = authority.ca_pem.decode()
    kept = [running.connect(), running.connect(secure=True, trust=trust)]

    def ask():
        fresh = [running.connect(), running.connect(secure=True, trust=trust)]
        return {client.get().answer().status for client in kept + fresh}

    assert ask() == {200}
    with another_time:
        assert ask() == {200}
        assert ask() == {200}
    assert ask() == {200}


def test_a_request_may_begin_before_and_end_inside(serve, another_time):
    client = serve().connect().send(HALF)
    with another_time:
        assert client.send(b"X: y\r\n").send(b"\r\n").answer().status == 200


def test_a_request_may_begin_inside_and_end_after(serve, another_time):
    running = serve()
    with another_time:
        client = running.connect().send(HALF)
        assert running.connect().get().answer().status == 200
    assert client.send(b"\r\n").answer().status == 200


def test_clients_that_hang_are_still_dropped(serve, hasty, another_time):
    running = serve(timeouts=hasty)
    with another_time:
        assert running.connect().has_ended()
        assert running.connect().send(HALF).answer().status == 408


def test_a_request_that_trickles_is_still_refused(serve, hasty, another_time):
    running = serve(timeouts=hasty)
    with another_time:
        client = running.connect().send(HALF)
        client.sock.settimeout(hasty.request / 3)
        for _ in range(30):
            try:
                first = client.sock.recv(12)
            except TimeoutError:
                client.send(b"X")
            else:
                break
        assert first == b"HTTP/1.1 408"


def test_applications_that_hang_do_not_delay_stop(serve, returns_soon, another_time):
    entered, leave = threading.Barrier(9), threading.Event()

    def app(_environ, start_response):
        entered.wait(timeout=SOON)
        leave.wait(timeout=FOREVER)
        start_response("200 OK", [])
        return []

    running = serve(app)
    with another_time:
        clients = [running.connect().get() for _ in range(8)]
        entered.wait(timeout=SOON)
        assert returns_soon(running.server.stop)
    leave.set()
    assert all(client.has_ended() for client in clients)


def test_a_refusal_has_the_date_that_the_test_sets(serve):
    running = serve()
    with frozen("2001-02-03T04:05:06"):
        answer = running.connect().send(b"nonsense\r\n\r\n").answer()
    assert parsedate_to_datetime(answer.getheader("Date")).year == 2001


def test_the_clock_runs_even_if_it_is_imported_while_time_is_frozen(seconds):
    with frozen("2001-01-01"):
        read = runpy.run_path(monotonic.__file__)["monotonic"]
        before = read()
        pause = seconds(lambda: threading.Event().wait(0.01))
        assert pause <= read() - before < pause + SOON
    assert read() - before < pause + SOON
