"""Connections that make room for new ones if there are as many as allowed."""

import socket
import sys
import threading
from contextlib import suppress

import pytest

from helpers.waiting import FOREVER, SOON
from mockidp.server import Timeouts, acceptor
from mockidp.server.connection import ClientConnection

PATIENT = Timeouts(idle=FOREVER, request=FOREVER, drain=FOREVER)


HALF_REQUESTS = [
    b"",
    b"GET / HTTP/1.1\r\nHo",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mockidp.server.acceptor.MAX_CONNECTIONS", 2),
        pytest.param("resource.getrlimit", lambda _files: (8, 8), id="files"),
    ],
)
def test_the_oldest_idle_connection_makes_room_for_a_new_one(serve, monkeypatch, name, value):
    monkeypatch.setattr(name, value)
    running = serve()
    first, second = running.connect(), running.connect()
    first.get().answer()
    second.get().answer()
    assert running.connect().get().answer().status == 200
    assert running.connect().get().answer().status == 200
    assert first.has_ended()


def test_connections_that_are_served_or_wait_leave_half_of_the_files_to_requests(
    serve, monkeypatch
):
    class Connection(ClientConnection):
        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            are_open.add(self)
            counts.append(len(are_open))
            if len(are_open) > 4:
                has_too_many.set()

        def serve(self):
            super().serve()
            are_open.remove(self)

    def app(_environ, start_response):
        all_sent.wait(timeout=SOON)
        has_too_many.wait(timeout=0.1)
        start_response("200 OK", [])
        return []

    are_open, counts = set(), []
    has_too_many, all_sent = threading.Event(), threading.Event()
    monkeypatch.setattr("resource.getrlimit", lambda _files: (8, 8))
    monkeypatch.setattr("mockidp.server.http_server.ClientConnection", Connection)
    running = serve(app)
    clients = [running.connect().get(headers="Connection: close\r\n") for _ in range(10)]
    all_sent.set()
    assert {one.answer().status for one in clients} == {200}
    assert (len(counts), max(counts)) == (10, 4)


@pytest.mark.parametrize(("files", "connections"), [(1, 1), (60, 15), (1024, 256), (-1, 256)])
def test_the_number_of_connections_depends_on_that_of_files(monkeypatch, files, connections):
    monkeypatch.setattr("resource.getrlimit", lambda _files: (files, files))
    assert acceptor.max_connections() == connections


def test_where_the_number_of_files_is_unknown_it_limits_nothing(monkeypatch):
    monkeypatch.setitem(sys.modules, "resource", None)
    assert acceptor.max_connections() == 256


def test_a_connection_makes_room_as_soon_as_it_is_idle(serve, monkeypatch):
    """It is busy when a new one arrives, and no event reports when it is idle."""
    monkeypatch.setattr(acceptor, "MAX_CONNECTIONS", 1)
    looks = iter([False, False, False])
    monkeypatch.setattr(
        acceptor, "_WAITS", (lambda connection: next(looks, True) and connection.is_idle,)
    )
    running = serve()
    first = running.connect()
    first.get().answer()
    assert running.connect().get().answer().status == 200
    assert first.has_ended()
    assert next(looks, None) is None


def test_more_slow_readers_than_threads_do_not_delay_a_healthy_request(serve, monkeypatch):
    def app(environ, start_response):
        start_response("200 OK", [])
        return [b"x" * (10_000_000 if environ["PATH_INFO"] == "/large" else 1)]

    monkeypatch.setattr(acceptor, "MAX_CONNECTIONS", 8)
    running = serve(app, timeouts=PATIENT)
    slow = [running.connect().get("/large") for _ in range(30)]
    for _ in range(10):
        assert running.connect().get().answer().text == "x"
    del slow


def test_refused_clients_that_stay_connected_do_not_delay_a_healthy_request(serve, monkeypatch):
    monkeypatch.setattr(acceptor, "MAX_CONNECTIONS", 2)
    running = serve(timeouts=PATIENT)
    refused = [running.connect().send(b"nonsense\r\n\r\n") for _ in range(8)]
    assert refused[0].answer().status == 400
    for _ in range(4):
        assert running.connect().get().answer().status == 200
    assert refused[0].has_ended()


@pytest.mark.parametrize("half", HALF_REQUESTS[1:])
def test_the_oldest_incomplete_request_makes_room_if_no_connection_is_idle(
    serve, monkeypatch, half
):
    monkeypatch.setattr(acceptor, "MAX_CONNECTIONS", 1)
    running = serve()
    first = running.connect().send(half)
    assert running.connect().get().answer().status == 200
    with suppress(ConnectionResetError):  # the server closes it with unread bytes
        assert first.sock.recv(1) == b""


def test_a_slow_reader_makes_room_if_no_other_connection_waits(serve, monkeypatch):
    def app(environ, start_response):
        start_response("200 OK", [])
        return [b"x" * (50_000_000 if environ["PATH_INFO"] == "/large" else 1)]

    monkeypatch.setattr(acceptor, "MAX_CONNECTIONS", 1)
    running = serve(app)
    first = running.connect().get("/large")
    assert first.sock.recv(1) == b"H"
    assert running.connect().get().answer().text == "x"


def test_a_connection_waits_while_all_others_are_busy(serve, monkeypatch):
    monkeypatch.setattr(acceptor, "MAX_CONNECTIONS", 1)
    entered, leave = threading.Event(), threading.Event()

    def app(_environ, start_response):
        entered.set()
        leave.wait(timeout=FOREVER)
        start_response("200 OK", [])
        return []

    running = serve(app)
    first = running.connect().get(headers="Connection: close\r\n")
    assert entered.wait(timeout=SOON)
    second = running.connect().get()
    leave.set()
    assert first.answer().status == second.answer().status == 200


def test_a_connection_that_has_sent_something_does_not_make_room():
    ours, theirs = socket.socketpair()
    with theirs:
        connection = ClientConnection(None, ours, tls=None, timeouts=PATIENT)
        connection._stage = "receiving"
        assert connection.is_receiving
        theirs.send(b"G")
        assert not connection.is_receiving
        ours.close()
        assert connection.is_receiving
