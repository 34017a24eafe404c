"""HTTP/1.1 over a raw socket, with little work in the client, so that the server is measured."""

import re
import socket
from urllib.parse import urlencode

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^;\r]+)", re.IGNORECASE)


def get(path: str, port: int, *, cookie: str = "") -> bytes:
    """Return a GET request."""
    extra = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n{extra}\r\n".encode()


def post(path: str, port: int, **form: str) -> bytes:
    """Return a POST request with a form."""
    body = urlencode(form)
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        f"{body}"
    ).encode()


def is_complete(answer: bytes) -> bool:
    """Return whether a response is complete."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return False
    length = _LENGTH.search(answer, 0, end)
    if length:
        return len(answer) >= end + 4 + int(length[1])
    if _CHUNKED.search(answer, 0, end):
        return answer.endswith(b"0\r\n\r\n")
    raise RuntimeError(f"a response without a length: {answer[:200]!r}")


def body_of(answer: bytes) -> bytes:
    """Return the body of a response that has a length."""
    return answer.partition(b"\r\n\r\n")[2]


def expect(answer: bytes, status: int) -> bytes:
    """Return the response if it has the status. A server that refuses is not measured."""
    if not answer.startswith(b"HTTP/1.1 %d" % status):
        raise RuntimeError(f"expected {status}, got: {answer[:600].decode(errors='replace')}")
    return answer


def location_of(answer: bytes) -> str:
    """Return the target of a redirect."""
    match = _LOCATION.search(expect(answer, 302))
    assert match
    return match[1].decode()


def cookie_of(answer: bytes) -> str:
    """Return the cookie that a response sets."""
    match = _COOKIE.search(answer)
    assert match
    return match[1].decode()


def connect(port: int, *, timeout: float = 30) -> socket.socket:
    """Connect over the loopback."""
    sock = socket.create_connection(("127.0.0.1", port), timeout)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def send(sock: socket.socket, request: bytes) -> bytes:
    """Send a request and return the complete response."""
    sock.sendall(request)
    answer = b""
    while not is_complete(answer):
        received = sock.recv(65536)
        if not received:
            raise ConnectionError("the server closed the connection")
        answer += received
    return answer
