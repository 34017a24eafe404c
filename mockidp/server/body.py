"""The body of a request, read from the connection no further than the application reads it.

Spec: RFC 9112 6 and 7.1; RFC 9110 10.1.1; PEP 3333.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from mockidp.server.refusal import BadRequest
from mockidp.server.request import RequestHead
from mockidp.server.stream import MAX_HEAD, ByteStream, ClientGone

MAX_BODY = 64 * 1024 * 1024
"""As large as all that a mock can know. An application may read less, and refuse the rest."""
READ_AHEAD = 64 * 1024
"""Bodies up to this size are complete before the application is called."""
_CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?")


class RequestBody(io.RawIOBase):
    """A body as a WSGI input stream, which ends where the body ends.

    A small body is read before the application is called. A large one stays in the connection
    until the application reads it, so that it can be refused without taking memory.

    Attributes:
        failure: Why the rest of the body did not arrive; the application saw an OSError.
    """

    def __init__(self, stream: ByteStream, head: RequestHead) -> None:
        """Read a small body.

        Raises:
            ClientGone: The client has left.
            BadRequest: It is too large or too slow, or its chunks are malformed.
        """
        super().__init__()
        self.failure: BadRequest | ClientGone | None = None
        self._awaits_continue = head.expects_continue
        self._stream = stream
        self._buffer = bytearray()
        self._is_complete = False
        if head.is_chunked:
            self._pieces = self._read_chunks()
        else:
            _check_size(head.content_length)
            self._pieces = self._read_whole(head.content_length)
        if head.is_chunked or head.content_length <= READ_AHEAD:
            self._read_ahead()

    @property
    def is_complete(self) -> bool:
        """Whether the client has sent the whole body, and the next bytes are another request."""
        return self._is_complete

    @property
    def ahead(self) -> bytes | None:
        """The whole body, if it was small; else None."""
        return bytes(self._buffer) if self._is_complete else None

    def readable(self) -> bool:
        """Return True: this is an input stream."""
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # io's own name
        """Read some bytes; 0 at the end.

        Raises:
            OSError: The rest does not arrive.
        """
        if not self._buffer:
            try:
                self._read_piece()
            except (BadRequest, ClientGone) as failure:
                self.failure = failure
                raise OSError(str(failure)) from failure
        size = min(len(buffer), len(self._buffer))
        buffer[:size] = self._buffer[:size]
        del self._buffer[:size]
        return size

    def _read_ahead(self) -> None:
        while not self._is_complete and len(self._buffer) <= READ_AHEAD:
            self._read_piece()

    def _read_piece(self) -> None:
        if self.failure is not None:
            raise self.failure
        piece = next(self._pieces, b"")
        self._is_complete = self._is_complete or not piece
        self._buffer += piece

    def _read_whole(self, length: int) -> Iterator[bytes]:
        while length:
            piece = self._take_some(length)
            length -= len(piece)
            # An application need not read on to see the end of what had a length.
            self._is_complete = not length
            yield piece

    def _read_chunks(self) -> Iterator[bytes]:
        total = 0
        while size := self._read_chunk_size():
            total += size
            _check_size(total)
            while size:
                piece = self._take_some(size)
                size -= len(piece)
                yield piece
            if self._stream.take_line():
                raise BadRequest("400 Bad Request", "a chunk of the body is longer than it says")
        room = MAX_HEAD
        while trailer := self._stream.take_line():
            room -= len(trailer)
            if room < 0:
                raise BadRequest(
                    "431 Request Header Fields Too Large",
                    f"the trailers have over {MAX_HEAD} bytes",
                )

    def _read_chunk_size(self) -> int:
        self._send_continue()
        match = _CHUNK_LINE.fullmatch(line := self._stream.take_line())
        if match is None:
            raise BadRequest("400 Bad Request", f"a chunk of the body has no size: {line[:20]!r}")
        return int(match[1], 16)

    def _take_some(self, at_most: int) -> bytes:
        self._send_continue()
        return self._stream.take_some(at_most)

    def _send_continue(self) -> None:
        """Ask for the body, if the client waits for that before it sends any."""
        if self._awaits_continue:
            self._awaits_continue = False
            self._stream.send_continue()


def _check_size(size: int) -> None:
    if size > MAX_BODY:
        raise BadRequest("413 Content Too Large", f"the body has over {MAX_BODY} bytes")
