"""Bytes of a connection: heads, lines and pieces of bodies, each within a size and a time.

Spec: RFC 9112 2.2 and 7.1.
"""

from __future__ import annotations

import socket
from contextlib import suppress

from mockidp.server.monotonic import monotonic
from mockidp.server.refusal import BadRequest
from mockidp.server.request import FIRST_BYTE, HEAD_END

MAX_HEAD = 32 * 1024
"""Above the longest URL that an endpoint reads, so that it can refuse that in its own shape."""
_MAX_CHUNK_LINE = 1024
_CONTROLS = frozenset(range(0x20)) - {0x09} | {0x7F}
_AT_ONCE = 32 * 1024


class ClientGone(Exception):  # noqa: N818 - a client that leaves is no error
    """The client has left, or has kept silent for too long between two requests."""


class ByteStream:
    """What a client sends, read as far as a request needs it.

    Attributes:
        is_idle: Whether the client is being waited for between two requests.
        is_receiving: Whether the client is being waited for within a request.
    """

    def __init__(self, sock: socket.socket, *, idle: float, patience: float) -> None:
        """Start to read.

        Args:
            sock: A connected socket.
            idle: Seconds that a client may keep silent between two requests.
            patience: Seconds that it may keep silent before the first, and that a request may
                take from its first byte to its last.
        """
        self.is_idle = False
        self.is_receiving = False
        self._sock = sock
        self._idle = idle
        self._patience = patience
        self._buffer = bytearray()
        self._deadline: float | None = None
        self._set_timeout(patience)

    def read_head(self) -> bytes:
        """Return the next request's head without the empty line at its end.

        Raises:
            ClientGone: Nothing more comes.
            BadRequest: It is too large, too slow, or not HTTP.
        """
        self._await_first_byte()
        while (end := HEAD_END.search(self._buffer)) is None:
            self._check_head_size(len(self._buffer))
            self._receive()
        self._check_head_size(end.start())
        head = bytes(self._buffer[: end.start()])
        del self._buffer[: end.end()]
        return head

    def take_some(self, at_most: int) -> bytes:
        """Return the next bytes of a body, at least one.

        Raises:
            ClientGone: The client has left.
            BadRequest: They are too slow.
        """
        if not self._buffer:
            self._receive()
        taken = bytes(self._buffer[:at_most])
        del self._buffer[:at_most]
        return taken

    def take_line(self) -> bytes:
        """Return the next line of a chunked body, without the CR LF that has to end it.

        Raises:
            ClientGone: The client has left.
            BadRequest: It is too long or too slow, or has a control character. Another reader might
                see its end at another place.
        """
        while (end := self._buffer.find(b"\n")) < 0 and len(self._buffer) <= _MAX_CHUNK_LINE:
            self._receive()
        if not 0 <= end <= _MAX_CHUNK_LINE:
            raise BadRequest("400 Bad Request", "a line between the body's chunks does not end")
        line = bytes(self._buffer[: end + 1])
        if not line.endswith(b"\r\n") or not _CONTROLS.isdisjoint(line[:-2]):
            raise BadRequest(
                "400 Bad Request",
                "a line between the body's chunks has to end in CR LF, without other control "
                f"characters: {line[:20]!r}",
            )
        del self._buffer[: end + 1]
        return line[:-2]

    def send_continue(self) -> None:
        """Ask a client that waits for it to send the body, unless it is sending already."""
        if not self._buffer:
            self._sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    def end_request(self) -> None:
        """Grant the next request its own time."""
        self._deadline = None
        if self._timeout != self._idle:
            self._set_timeout(self._idle)

    def _await_first_byte(self) -> None:
        while not (request := self._buffer.lstrip(b"\r\n")):
            self._buffer.clear()
            self._receive_first()
        self._buffer = request
        if not FIRST_BYTE.match(self._buffer):
            raise BadRequest("400 Bad Request", "this is not HTTP; TLS has a port of its own")

    def _check_head_size(self, size: int) -> None:
        if size <= MAX_HEAD:
            return
        if self._buffer.find(b"\n", 0, MAX_HEAD) < 0:
            raise BadRequest("414 URI Too Long", f"the URL has over {MAX_HEAD} bytes")
        raise BadRequest(
            "431 Request Header Fields Too Large", f"the headers have over {MAX_HEAD} bytes"
        )

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
            self._deadline = now + self._patience
        late = BadRequest(
            "408 Request Timeout", f"the request was not whole after {self._patience:g} seconds"
        )
        if self._deadline <= now:
            raise late
        self._set_timeout(self._deadline - now)
        self.is_receiving = True
        try:
            self._append()
        except TimeoutError:
            raise late from None
        finally:
            self.is_receiving = False

    def _append(self) -> None:
        received = self._sock.recv(_AT_ONCE)
        if not received:
            raise ClientGone
        self._buffer += received

    def _set_timeout(self, seconds: float) -> None:
        self._timeout = seconds
        self._sock.settimeout(seconds)


def discard(sock: socket.socket, *, seconds: float) -> None:
    """Read to the end, for a while, so that the client gets to read its answer.

    To close a socket with unread bytes would reset the connection, and take the answer with it.
    """
    deadline = monotonic() + seconds
    with suppress(OSError):
        while (left := deadline - monotonic()) > 0:
            sock.settimeout(left)
            # Below TLS, in which nothing is said any more.
            if not socket.socket.recv(sock, _AT_ONCE):
                return
