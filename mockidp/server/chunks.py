"""A chunked body, decoded by llhttp.

Spec: RFC 9112 7.1.
"""

from __future__ import annotations

from httptools import HttpParserError, HttpRequestParser

from mockidp.server.errors import BadRequest

MAX_OVERHEAD = 32 * 1024
"""The maximum number of consecutive bytes of chunk extensions and trailers."""
_HEAD = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
_END = b"\r\n\r\n"


class ChunkDecoder:
    """Decodes a chunked body, and finds its end. Trailers are dropped.

    Attributes:
        is_complete: Whether the end was found.
    """

    def __init__(self) -> None:
        self.is_complete = False
        self._decoded = bytearray()
        self._overhead = 0
        self._last = b""
        self._parser = HttpRequestParser(self)
        self._parser.feed_data(_HEAD)

    def on_body(self, piece: bytes) -> None:
        """Take a piece of the body from llhttp."""
        self._decoded += piece

    def on_message_complete(self) -> None:
        """Note the end of the body."""
        self.is_complete = True

    def decode(self, data: bytes) -> tuple[bytes, bytes]:
        """Return the part of the body that some bytes contain, and the bytes after its end.

        Raises:
            BadRequest: A chunk is malformed, or extensions and trailers are too large.
        """
        try:
            used = self._feed(data)
        except HttpParserError as error:
            raise BadRequest(
                "400 Bad Request", f"a chunk of the body is malformed: {error}"
            ) from None
        decoded = bytes(self._decoded)
        self._decoded.clear()
        self._overhead = 0 if decoded else self._overhead + used
        if self._overhead > MAX_OVERHEAD:
            raise BadRequest(
                "431 Request Header Fields Too Large",
                f"the chunk extensions or trailers have over {MAX_OVERHEAD} bytes",
            )
        return decoded, data[used:]

    def _feed(self, data: bytes) -> int:
        """Feed the parser up to the body's end; return the number of bytes used.

        llhttp does not report where a message ends, and would parse what follows as the next one.
        A chunked body ends with an empty line, so the parser gets no more than one at a time.
        """
        known = self._last + data
        fed = len(self._last)
        while fed < len(known) and not self.is_complete:
            end = known.find(_END, max(0, fed - len(_END) + 1))
            stop = len(known) if end < 0 else end + len(_END)
            self._parser.feed_data(known[fed:stop])
            fed = stop
        used = fed - len(self._last)
        self._last = known[max(0, fed - len(_END) + 1) : fed]
        return used
