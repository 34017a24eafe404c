"""The body of a request, received only as far as the application reads it.

Spec: RFC 9112 6 and 7.1; RFC 9110 10.1.1; PEP 3333.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from mockidp.server.chunks import ChunkDecoder
from mockidp.server.errors import BadRequest, ClientGone
from mockidp.server.request import RequestHead
from mockidp.server.stream import ByteStream

MAX_BODY = 4 * 1024**3
"""Enough for the largest snapshot. An application sets lower limits."""
READ_AHEAD = 64 * 1024
"""Bodies up to this size are received before the application is called."""


class RequestBody:
    """The body of one request, which ends where its length or its chunks end.

    A small body is received before the application is called. A large one stays in the connection
    until the application reads it, so that it can be refused without taking memory.

    Attributes:
        failure: Why the rest of the body did not arrive; the application got an OSError.
    """

    def __init__(self, stream: ByteStream, head: RequestHead) -> None:
        """Receive a small body.

        Raises:
            ClientGone: The client has closed the connection.
            BadRequest: The body is too large or too slow, or its chunks are malformed.
        """
        self.failure: BadRequest | ClientGone | None = None
        self._awaits_continue = head.expects_continue
        self._stream = stream
        self._buffer = bytearray()
        self._is_complete = False
        if head.is_chunked:
            length = 0
            self._pieces = self._receive_chunks()
        else:
            length = head.content_length
            _check_size(length)
            self._pieces = self._receive_length(length)
            self._is_complete = not length
        if length <= READ_AHEAD:
            while not self._is_complete and len(self._buffer) <= READ_AHEAD:
                self._receive_piece()

    @property
    def is_complete(self) -> bool:
        """Whether the whole body has arrived, so that the next bytes are another request."""
        return self._is_complete

    @property
    def ahead(self) -> bytes | None:
        """The whole body if it is small, else None."""
        is_whole = self._is_complete and len(self._buffer) <= READ_AHEAD
        return bytes(self._buffer) if is_whole else None

    def take(self, at_most: int) -> bytes:
        """Return some bytes; none at the end.

        Raises:
            OSError: The rest does not arrive.
        """
        if not self._buffer:
            try:
                self._receive_piece()
            except (BadRequest, ClientGone) as failure:
                self.failure = failure
                raise OSError(str(failure)) from failure
        taken = bytes(self._buffer[:at_most])
        del self._buffer[:at_most]
        return taken

    def _receive_piece(self) -> None:
        if self.failure is not None:
            raise self.failure
        piece = next(self._pieces, b"")
        self._is_complete = self._is_complete or not piece
        self._buffer += piece

    def _receive_length(self, length: int) -> Iterator[bytes]:
        while length:
            piece = self._receive(length)
            length -= len(piece)
            # An application that knows the length does not read on to see the end.
            self._is_complete = not length
            yield piece

    def _receive_chunks(self) -> Iterator[bytes]:
        decoder, total = ChunkDecoder(), 0
        while not decoder.is_complete:
            piece, rest = decoder.decode(self._receive(READ_AHEAD))
            self._stream.put_back(rest)
            total += len(piece)
            _check_size(total)
            self._is_complete = decoder.is_complete
            if piece:
                yield piece

    def _receive(self, at_most: int) -> bytes:
        """Receive some bytes; ask for them first if the client waits for that."""
        if self._awaits_continue:
            self._awaits_continue = False
            self._stream.send_continue()
        return self._stream.take_some(at_most)


class BodyStream(io.RawIOBase):
    """A large body as a WSGI input stream."""

    def __init__(self, body: RequestBody) -> None:
        super().__init__()
        self._body = body

    def readable(self) -> bool:
        """Return True: this is an input stream."""
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # io's own name
        """Read some bytes; 0 at the end.

        Raises:
            OSError: The rest does not arrive.
        """
        taken = self._body.take(len(buffer))
        buffer[: len(taken)] = taken
        return len(taken)


def _check_size(size: int) -> None:
    if size > MAX_BODY:
        raise BadRequest("413 Content Too Large", f"the body has over {MAX_BODY} bytes")
