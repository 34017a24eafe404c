"""The server in the container, with many, slow, hanging and invalid clients."""

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
    """Return a function that opens a connection to the mock."""
    split = urlsplit(mock.url)
    opened = []

    def connect():
        opened.append(socket.create_connection((split.hostname, split.port), timeout=20))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()


def send_requests(mock, times=1):
    """Send requests over one connection, and return the statuses."""
    split = urlsplit(mock.url)
    statuses = []
    with closing(HTTPConnection(split.hostname, split.port, timeout=20)) as connection:
        for _ in range(times):
            connection.request("GET", JWKS)
            socket_before = connection.sock
            with connection.getresponse() as answer:
                answer.read()
                statuses.append(answer.status)
            assert connection.sock is socket_before is not None, "the connection stays open"
    return statuses


def assert_no_delay(mock):
    """Assert that requests are answered in time. Hanging clients are dropped after 10 s."""
    begun = time.monotonic()
    assert send_requests(mock, 5) == [200] * 5
    assert time.monotonic() - begun < 5


def test_requests_on_many_connections_at_once_succeed(mock):
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        answers = list(pool.map(lambda _: send_requests(mock, REQUESTS), range(CONNECTIONS)))
    assert answers == [[200] * REQUESTS] * CONNECTIONS


def test_hanging_clients_delay_no_others_and_are_dropped(mock, connect):
    hanging = [connect() for _ in range(40)]
    for number, each in enumerate(hanging):
        each.sendall(
            [b"GET / HT", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab"][number % 2]
        )
    assert_no_delay(mock)
    for each in hanging[:4]:
        assert b"408 Request Timeout" in received(each)


def test_a_client_that_does_not_read_delays_no_others(mock, connect):
    unread = connect()
    unread.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    unread.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 200)
    assert_no_delay(mock)


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 40_000 + b"\r\n\r\n", b"431"),
        (
            b"POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n",
            b"413",
        ),
        (b"GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n", b"400"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"400"),
    ],
    ids=["headers", "body", "malformed", "tls-to-http"],
)
def test_invalid_and_too_large_requests_are_refused(mock, connect, request_head, status):
    client = connect()
    client.sendall(request_head)
    assert received(client).startswith(b"HTTP/1.1 " + status)
    assert send_requests(mock) == [200]


def test_the_server_is_not_a_development_server(mock):
    done = mock.run("python", "-c", "import urllib.request as r;"
                    "print(r.urlopen('http://localhost:9400/.well-known/jwks.json').headers['Server'])")  # fmt: skip
    assert done.stdout == "mockidp\n"
    assert "werkzeug" not in mock.log.lower()
    assert "Traceback" not in mock.log


def received(client):
    """Return all bytes until the connection is closed."""
    parts = []
    while part := client.recv(65536):
        parts.append(part)
    return b"".join(parts)
