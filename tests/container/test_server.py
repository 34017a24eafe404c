"""The server in the container: many clients, slow ones, ones that hang, ones that send too much."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

JWKS = "/.well-known/jwks.json"
CONNECTIONS, REQUESTS = 32, 25


@pytest.fixture
def connect(mock):
    """Give a function that opens a connection to it."""
    split = urlsplit(mock.url)
    opened = []

    def connect():
        opened.append(socket.create_connection((split.hostname, split.port), timeout=20))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()


def ask(mock, times=1):
    """Send requests over one connection; return the statuses."""
    split = urlsplit(mock.url)
    statuses = []
    with closing(HTTPConnection(split.hostname, split.port, timeout=20)) as connection:
        for _ in range(times):
            connection.request("GET", JWKS)
            socket_before = connection.sock
            with connection.getresponse() as answer:
                answer.read()
                statuses.append(answer.status)
            assert connection.sock is socket_before is not None, "the connection is kept"
    return statuses


def assert_nobody_waits(mock):
    """Ask, and be answered long before a client that hangs is dropped, which is after 10 s."""
    begun = time.monotonic()
    assert ask(mock, 5) == [200] * 5
    assert time.monotonic() - begun < 5


def test_of_many_connections_at_once_no_request_fails(mock):
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        answers = list(pool.map(lambda _: ask(mock, REQUESTS), range(CONNECTIONS)))
    assert answers == [[200] * REQUESTS] * CONNECTIONS


def test_clients_that_hang_delay_nobody_and_are_dropped(mock, connect):
    hanging = [connect() for _ in range(40)]
    for number, each in enumerate(hanging):
        each.sendall(
            [b"GET / HT", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab"][number % 2]
        )
    assert_nobody_waits(mock)
    for each in hanging[:4]:
        assert b"408 Request Timeout" in received(each)


def test_an_answer_that_nobody_takes_delays_nobody(mock, connect):
    lazy = connect()
    lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    lazy.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 200)
    assert_nobody_waits(mock)


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 40_000 + b"\r\n\r\n", b"431"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n", b"413"),
        (b"GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n", b"400"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"400"),
    ],
    ids=["headers", "body", "malformed", "tls-to-http"],
)
def test_what_is_too_large_or_no_request_is_refused(mock, connect, request_head, status):
    client = connect()
    client.sendall(request_head)
    assert received(client).startswith(b"HTTP/1.1 " + status)
    assert ask(mock) == [200]


def test_it_is_no_development_server(mock):
    said = mock.run("python", "-c", "import urllib.request as r;"
                    "print(r.urlopen('http://localhost:9400/.well-known/jwks.json').headers['Server'])")  # fmt: skip
    assert said.stdout == "mockidp\n"
    assert "werkzeug" not in mock.log.lower()
    assert "Traceback" not in mock.log


def received(client):
    """Return all that comes until the end."""
    parts = []
    while part := client.recv(65536):
        parts.append(part)
    return b"".join(parts)
