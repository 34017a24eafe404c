"""Faults that set framing headers: the next request never gets a wrong response."""

import socket
from contextlib import closing

import pytest

FAULT = {"endpoint": "userinfo", "status": 503, "body": "0123456789", "times": 1}


@pytest.fixture
def userinfo(wire):
    """Return a function that sets a fault and sends two requests on one connection at once."""

    def send(headers):
        status, _, text = wire.ask("POST", "/_mockidp/v1/faults", FAULT | {"headers": headers})
        assert status in {200, 201}, text
        one = b"GET /userinfo HTTP/1.1\r\nHost: localhost\r\n\r\n"
        with closing(socket.create_connection(("127.0.0.1", wire.port), timeout=20)) as sock:
            sock.sendall(one + one)
            sock.shutdown(socket.SHUT_WR)
            received = b"".join(iter(lambda: sock.recv(65536), b""))
        wire.ask("DELETE", "/_mockidp/v1/faults")
        return received

    return send


@pytest.mark.parametrize("length", ["0", "3", "11", "5000", "-1", "x"])
def test_a_wrong_length_ends_the_connection(userinfo, length):
    head, _, rest = userinfo({"Content-Length": length}).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 ")
    assert f"\r\nContent-Length: {length}\r\n".encode() in head
    assert b"Connection: close" in head
    assert rest == b"0123456789"


@pytest.mark.parametrize("header", [{"Transfer-Encoding": "chunked"}, {"Connection": "upgrade"}])
def test_another_framing_ends_the_connection(userinfo, header):
    head, _, rest = userinfo(header).partition(b"\r\n\r\n")
    assert b"Connection: close" in head
    assert rest == b"0123456789"


def test_other_headers_keep_the_connection(userinfo):
    received = userinfo({"Retry-After": "1"})
    assert received.count(b"HTTP/1.1 ") == 2
    assert b"Connection: close" not in received
