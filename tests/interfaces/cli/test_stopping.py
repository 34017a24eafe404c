"""`mockidp serve` stops without waiting for the clients of open connections."""

import contextlib
import signal
import socket
import sys
from urllib.parse import urlsplit

import pytest

from mockidp.cli.serving.stop_signals import stop_signals

PROMPTLY = 5.0
"""In seconds: too short to wait for a client, and long enough on a busy machine."""
HALF_A_REQUEST = b"POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nx"


def hang_on(port, sent):
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(sent)
    return connection


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("hanging", [0, 50])
def test_a_signal_stops_the_server_with_status_0(serve, fetch, number, hanging):
    with serve() as server, contextlib.ExitStack() as connections:
        http, https = (urlsplit(url).port for url in (server.url, server.tls_url))
        for index in range(hanging):
            sent = (b"", b"GET / HT", HALF_A_REQUEST)[index % 3]
            connections.enter_context(hang_on(https if index % 5 == 0 else http, sent))
        assert fetch(f"{server.url}/_mockidp/health") == {"status": "ok"}
        server.process.send_signal(number)
        assert server.process.wait(timeout=PROMPTLY) == 0
    assert "Traceback" not in server.err


def test_a_second_signal_is_ignored(serve):
    with serve() as server:
        # Suspend the process, so that it receives both signals at once.
        for number in (signal.SIGSTOP, signal.SIGINT, signal.SIGTERM, signal.SIGCONT):
            server.process.send_signal(number)
        assert server.process.wait(timeout=10) == 0
    assert server.err == ""


def test_a_signal_before_the_wait_begins_is_not_missed():
    with stop_signals() as signals:
        signal.raise_signal(signal.SIGTERM)
        assert signals.recv(1) == bytes([signal.SIGTERM])


def test_sighup_stays_ignored_if_it_was_ignored(monkeypatch):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stop_signals() as signals:
            signal.raise_signal(signal.SIGHUP)
            signal.raise_signal(signal.SIGTERM)
            assert signals.recv(1) == bytes([signal.SIGTERM])
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        monkeypatch.delattr(signal, "SIGHUP")
        with stop_signals() as signals:
            signal.raise_signal(signal.SIGTERM)
            assert signals.recv(1) == bytes([signal.SIGTERM])
    finally:
        monkeypatch.undo()
        signal.signal(signal.SIGHUP, before)


def test_serve_under_nohup_survives_the_end_of_its_terminal(serve, fetch):
    with serve(command=("nohup", sys.executable, "-m", "mockidp")) as server:
        server.process.send_signal(signal.SIGHUP)
        assert fetch(f"{server.url}/_mockidp/health") == {"status": "ok"}
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=10) == 0
