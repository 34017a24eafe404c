"""Clients that hang delay neither other clients nor `stop`, and are dropped in time."""

import logging
import resource
import socket
import struct
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from helpers.waiting import FOREVER, SOON
from mockidp.server import Timeouts, acceptor, workers
from mockidp.server.errors import ClientGone
from mockidp.server.monotonic import monotonic
from mockidp.server.stream import ByteStream, discard

PATIENT = Timeouts(idle=FOREVER, request=FOREVER, drain=FOREVER)
HALF_REQUESTS = [
    b"",
    b"GET / HTTP/1.1\r\nHo",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
]


def half_open(running, count=50):
    """Open half of the connections on each port, each with an incomplete request or none."""
    for number in range(count):
        half = HALF_REQUESTS[number % len(HALF_REQUESTS)]
        running.connect().send(half)
        running.connect(secure=True).send(b"\x16\x03\x01" if half else b"")


def test_half_open_connections_do_not_delay_a_healthy_one(serve_tls, authority, returns_soon):
    running = serve_tls(timeouts=PATIENT)
    half_open(running)
    trust = authority.ca_pem.decode()
    assert returns_soon(lambda: running.connect().get().answer())
    assert returns_soon(lambda: running.connect(secure=True, trust=trust).get().answer())


def test_half_open_connections_do_not_delay_stop(serve_tls, returns_soon):
    running = serve_tls(timeouts=PATIENT)
    half_open(running)
    idle = running.connect().get()
    idle.answer()
    assert returns_soon(running.server.stop)
    assert idle.has_ended()


@pytest.mark.parametrize("half", HALF_REQUESTS[1:])
def test_a_request_that_is_not_complete_in_time_is_refused(serve, hasty, half):
    client = serve(timeouts=hasty).connect().send(half)
    assert client.answer().status == 408
    assert client.has_ended()


def test_a_request_that_trickles_is_refused_in_time():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        stream = ByteStream(ours, idle=5, request=0)
        theirs.send(b"GET")
        ours.setblocking(True)
        with pytest.raises(Exception, match="408"):
            stream.read_head()


def test_a_connection_without_a_request_is_closed(serve_tls, hasty):
    running = serve_tls(timeouts=hasty)
    assert running.connect().has_ended()
    assert running.connect(secure=True).has_ended()


def test_a_kept_connection_may_be_idle_longer_than_a_request_may_take(serve, hasty):
    client = serve(timeouts=hasty).connect()
    client.get().answer()
    client.sock.settimeout(2 * hasty.request)
    with pytest.raises(TimeoutError):
        client.sock.recv(1)
    client.sock.settimeout(SOON)
    assert client.get().answer().status == 200


@pytest.mark.parametrize("half", HALF_REQUESTS)
def test_a_client_that_leaves_is_not_logged(serve, caplog, half):
    running = serve()
    client = running.connect().send(half)
    client.sock.shutdown(socket.SHUT_WR)
    assert client.has_ended()
    client = running.connect().send(half)
    client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    client.sock.close()
    assert running.connect().get().answer().status == 200
    running.server.stop()
    assert [each for each in caplog.records if each.levelno > logging.DEBUG] == []


def test_draining_a_refused_client_has_a_time_limit(returns_soon):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.send(b"x")
        assert returns_soon(lambda: discard(ours, seconds=0.01))
        assert returns_soon(lambda: discard(ours, seconds=0))
    assert returns_soon(lambda: discard(ours, seconds=FOREVER))


def test_a_hundred_kept_connections_are_served_at_once(serve):
    running = serve()
    clients = [running.connect() for _ in range(120)]
    for _round in range(2):
        for client in clients:
            client.get()
        assert {client.answer().status for client in clients} == {200}


def test_requests_run_concurrently(serve):
    together = threading.Barrier(32)

    def app(_environ, start_response):
        together.wait(timeout=SOON)
        start_response("200 OK", [])
        return [b"met"]

    running = serve(app)
    clients = [running.connect().get() for _ in range(32)]
    assert {client.answer().text for client in clients} == {"met"}


def test_stop_lets_a_response_in_progress_be_sent(serve):
    entered, leave = threading.Event(), threading.Event()

    def app(_environ, start_response):
        entered.set()
        leave.wait(timeout=FOREVER)
        start_response("200 OK", [])
        return [b"last"]

    running = serve(app)
    client = running.connect().get()
    assert entered.wait(timeout=SOON)
    with ThreadPoolExecutor() as pool:
        stopped = pool.submit(running.server.stop)
        leave.set()
        answer = client.answer()
        stopped.result(timeout=SOON)
    assert answer.text == "last"
    assert client.has_ended()


def test_an_application_that_hangs_does_not_delay_stop(serve, returns_soon):
    entered, leave = threading.Event(), threading.Event()

    def app(_environ, start_response):
        entered.set()
        leave.wait(timeout=FOREVER)
        start_response("200 OK", [])
        return []

    running = serve(app)
    client = running.connect().get()
    assert entered.wait(timeout=SOON)
    assert returns_soon(running.server.stop)
    assert client.has_ended()
    leave.set()


def test_a_client_that_does_not_read_its_response_does_not_delay_stop(serve, returns_soon):
    def app(_environ, start_response):
        start_response("200 OK", [])
        return [b"x" * 50_000_000]

    running = serve(app)
    client = running.connect().get()
    assert client.sock.recv(1) == b"H"
    assert returns_soon(running.server.stop)


@pytest.fixture
def many_files():
    """Let the process open as many sockets as the system permits."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_2000_half_open_connections_do_not_delay_a_healthy_request(
    serve_tls, authority, many_files
):
    running = serve_tls(timeouts=PATIENT)
    half_open(running, count=1000)
    trust = authority.ca_pem.decode()
    healthy = running.connect().get()
    assert healthy.answer().status == 200
    secure = running.connect(secure=True, trust=trust).get()
    assert secure.answer().status == 200
    assert healthy.get().answer().status == 200


def test_stop_waits_half_a_second_at_most_for_requests_in_progress(serve, monkeypatch):
    waited = []
    entered, leave = threading.Event(), threading.Event()

    def app(_environ, start_response):
        entered.set()
        leave.wait(timeout=FOREVER)
        start_response("200 OK", [])
        return []

    running = serve(app)
    running.connect().get()
    assert entered.wait(timeout=SOON)
    join = threading.Thread.join

    def joined(thread, timeout=None):
        if thread.name != "mockidp":  # the accepting thread ends by itself
            waited.append(timeout)
        join(thread, timeout)

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "join", joined)
        running.server.stop()
    leave.set()
    assert waited
    assert sum(waited) <= 0.5


def test_existing_threads_do_the_work_if_the_system_has_no_more(monkeypatch):
    pool = workers.Workers(at_most=10)
    started, leave, done = threading.Event(), threading.Event(), threading.Event()

    def hold():
        started.set()
        leave.wait(timeout=FOREVER)

    pool.hand(hold)
    assert started.wait(timeout=SOON)

    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        pool.hand(done.set)
    assert pool.waiting == 1
    leave.set()
    assert done.wait(timeout=SOON)
    pool.stop(until=monotonic() + SOON)


class _Unaccepting:
    def __init__(self, error):
        self.error = error

    def accept(self):
        raise self.error


@pytest.mark.parametrize(
    ("error", "logged"),
    [
        (BlockingIOError(), 0),
        (ConnectionAbortedError(), 0),
        (OSError(24, "Too many open files"), 1),
    ],
)
def test_a_connection_that_cannot_be_accepted_does_not_stop_the_server(
    serve, monkeypatch, caplog, error, logged
):
    monkeypatch.setattr(acceptor, "_PAUSE", 0)
    running = serve()
    running.server._running._accept(_Unaccepting(error), None)
    assert len(caplog.records) == logged
    assert running.connect().get().answer().status == 200


def test_a_bug_is_logged_and_ends_one_connection(serve, monkeypatch, caplog):
    running = serve()
    with monkeypatch.context() as patch:
        patch.setattr("mockidp.server.connection.parse_head", lambda *_: 1 / 0)
        assert running.connect().get().has_ended()
    assert running.connect().get().answer().status == 200
    running.server.stop()
    assert "bug in mockidp" in caplog.text


def test_a_closed_connection_raises_client_gone():
    ours, theirs = socket.socketpair()
    theirs.close()
    with ours, pytest.raises(ClientGone):
        ByteStream(ours, idle=1, request=1).read_head()
