"""Read heads and pieces of bodies from a connection, each with a limit in size and time.

Spec: RFC 9112 2.2.
"""

from __future__ import annotations

import re
import socket
from contextlib import suppress

from mockidp.server.errors import BadRequest, ClientGone
from mockidp.server.monotonic import monotonic

MAX_HEAD = 32 * 1024
"""More than the longest URL that an endpoint reads, so that the endpoint can refuse that itself."""
_AT_ONCE = 32 * 1024
_PER_SECOND = 500_000
"""The bytes of a large body that have to arrive in a second, or that the application reads."""
_HEAD_END = re.compile(rb"\n\r?\n")
"""The end of the last line, and an empty line. A pattern that begins with \\n is found fastest."""
_EMPTY_LINE = len("\r\n\r\n")
_METHOD = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]")


class ByteStream:
    """The bytes that a client sends, received only as far as a request needs them.

    Attributes:
        is_idle: Whether the connection waits for the client between two requests.
        is_receiving: Whether the connection waits for the client within a request.
    """

    def __init__(self, sock: socket.socket, *, idle: float, request: float) -> None:
        """Prepare.

        Args:
            sock: A connected socket.
            idle: How many seconds a client may be silent between two requests.
            request: How many seconds it may be silent before the first request, and how many a
                request may take from its first byte to its last (and more for a large
                body).
        """
        self.is_idle = False
        self.is_receiving = False
        self._sock = sock
        self._idle = idle
        self._request = request
        self._buffer = bytearray()
        self._deadline: float | None = None
        self._set_timeout(request)

    def read_head(self) -> bytes:
        """Return the next request's head, including the empty line at its end.

        Raises:
            ClientGone: The client has closed the connection, or is silent.
            BadRequest: The head is too large, too slow, or not HTTP.
        """
        self._await_first_byte()
        while (end := _HEAD_END.search(self._buffer)) is None:
            self._check_head_size(len(self._buffer))
            self._receive()
        self._check_head_size(end.end() - _EMPTY_LINE)
        return self._take(end.end())

    def take_some(self, at_most: int) -> bytes:
        """Return the next bytes of a body, at least one.

        Raises:
            ClientGone: The client has closed the connection.
            BadRequest: The bytes arrive too slowly.
        """
        if not self._buffer:
            self._receive()
        return self._take(at_most)

    def put_back(self, rest: bytes) -> None:
        """Put bytes back that follow a body, so that they are read as the next request."""
        self._buffer[:0] = rest

    def send_continue(self) -> None:
        """Ask a client that waits for it to send the body, unless it is sending already."""
        if not self._buffer:
            self._sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    def end_request(self) -> None:
        """Give the next request its own deadline."""
        self._deadline = None
        if self._timeout != self._idle:
            self._set_timeout(self._idle)

    def _await_first_byte(self) -> None:
        while not (request := self._buffer.lstrip(b"\r\n")):
            self._buffer.clear()
            self._receive_first()
        self._buffer = request
        if not _METHOD.match(self._buffer):
            raise BadRequest("400 Bad Request", "this is not HTTP; https has its own port")

    def _check_head_size(self, size: int) -> None:
        if size <= MAX_HEAD:
            return
        if self._buffer.find(b"\n", 0, MAX_HEAD) < 0:
            raise BadRequest("414 URI Too Long", f"the URL has over {MAX_HEAD} bytes")
        raise BadRequest(
            "431 Request Header Fields Too Large", f"the headers have over {MAX_HEAD} bytes"
        )

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _receive_first(self) -> None:
        self.is_idle = True
        try:
            self._append()
        except TimeoutError:
            raise ClientGone from None
        finally:
            self.is_idle = False

    def _receive(self) -> None:
        now = monotonic()
        if self._deadline is None:
            self._deadline = now + self._request
        late = BadRequest(
            "408 Request Timeout", f"the request was not complete after {self._request:g} seconds"
        )
        if self._deadline <= now:
            raise late
        self._set_timeout(self._deadline - now)
        self.is_receiving = True
        try:
            self._deadline += self._append() / _PER_SECOND
        except TimeoutError:
            raise late from None
        finally:
            self.is_receiving = False

    def _append(self) -> int:
        received = self._sock.recv(_AT_ONCE)
        if not received:
            raise ClientGone
        self._buffer += received
        return len(received)

    def _set_timeout(self, seconds: float) -> None:
        self._timeout = seconds
        self._sock.settimeout(seconds)


def discard(sock: socket.socket, *, seconds: float) -> None:
    """Receive and drop what the client still sends, so that it can read its answer.

    Closing a socket that has unread bytes resets the connection, and the answer is lost.
    """
    deadline = monotonic() + seconds
    with suppress(OSError):
        while (left := deadline - monotonic()) > 0:
            sock.settimeout(left)
            # Below TLS, which has ended.
            if not socket.socket.recv(sock, _AT_ONCE):
                return
