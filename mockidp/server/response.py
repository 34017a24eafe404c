"""Calls an application, and serializes its response.

Spec: PEP 3333; RFC 9110 6.4.1, 6.6.1, 8.6 and 9.3.2.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from email.utils import formatdate
from functools import lru_cache
from itertools import compress
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from mockidp.server.errors import BadRequest, ClientGone, ResponseFailed
from mockidp.server.request import RequestHead

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

SERVER = "mockidp"
_NAME = itemgetter(0)
_NO_BODY = ("1", "204", "304")
_FRAMING = frozenset(("content-length", "transfer-encoding", "connection"))
"""Headers that make the client see the end of the response, or of the connection."""
_logger = logging.getLogger("mockidp.server")


class SerializedResponse(NamedTuple):
    """A response as bytes.

    Attributes:
        head: Status line and header fields.
        body: The body, or the first piece of it.
        keeps_alive: Whether the connection can carry another response.
        rest: The other pieces of a body that is sent while the application makes it.
    """

    head: bytes
    body: bytes
    keeps_alive: bool
    rest: Iterable[bytes] = ()


class Pieces:
    """A body that is sent in pieces, while the application makes them.

    All other bodies are sent when they are complete. Other WSGI servers send every body like this.
    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces


class _Collector:
    """Collects what the application passes to `start_response`, and the parts of the body."""

    def __init__(self) -> None:
        self.status = ""
        self.headers: list[tuple[str, str]] = []
        self.parts: list[bytes] = []

    def start_response(
        self,
        status: str,
        headers: list[tuple[str, str]],
        exc_info: OptExcInfo | None = None,
        /,
    ) -> Callable[[bytes], object]:
        """Store status and headers. Nothing is sent before the body is complete."""
        if self.status and exc_info is None:
            raise RuntimeError("start_response was called twice without exc_info")
        self.status, self.headers = status, headers
        return self.parts.append


def call_app(
    app: WSGIApplication, environ: WSGIEnvironment, head: RequestHead, *, keep: Callable[[], bool]
) -> SerializedResponse:
    """Call an application and return its response.

    If the application fails, the response is a 500, and the traceback goes to the log. If it fails
    after the first of several pieces, `rest` raises ResponseFailed.

    Args:
        app: Any WSGI application.
        environ: Its environment.
        head: The request's head.
        keep: Returns whether the connection can stay open. Called after the application.

    Raises:
        ClientGone: The client closed the connection while the application read the body.
        BadRequest: The body was too slow or malformed.
    """
    collected = _Collector()
    try:
        body = app(environ, collected.start_response)
        if isinstance(body, Pieces) and head.method != "HEAD":
            return _begin(collected, head, iter(body), keep=keep())
        _collect(body, collected.parts)
        return _assemble(collected, head, keep=keep())
    except BaseException as error:  # SystemExit must not end the thread
        if isinstance(error.__cause__, ClientGone | BadRequest):
            raise error.__cause__ from None
        _logger.exception("%s %s: this is a bug of the application", head.method, head.target)
        return refuse(
            BadRequest("500 Internal Server Error", "the application failed: see the log")
        )


def refuse(refused: BadRequest) -> SerializedResponse:
    """Return the response to a request that the server refuses. It closes the connection."""
    body = json.dumps({"error": "invalid_request", "error_description": refused.why}).encode()
    lines = [
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"Date: {_date()}",
        f"Server: {SERVER}",
        "Connection: close",
    ]
    return _encode(refused.status, lines, body, keep=False)


def _collect(body: Iterable[bytes], parts: list[bytes]) -> None:
    try:
        parts.extend(body)
    finally:
        close: Any = getattr(body, "close", None)
        if close is not None:
            close()


def _begin(
    collected: _Collector, head: RequestHead, pieces: Iterator[bytes], *, keep: bool
) -> SerializedResponse:
    """Return a response in pieces: chunks, or for HTTP/1.0 up to the end of the connection."""
    framing = [] if head.version == "1.0" else ["Transfer-Encoding: chunked"]
    sent = _chunks(pieces) if framing else pieces
    first = next(sent)  # before the head, so that an error can still be the answer
    begun = _assemble(collected, head, keep=keep and bool(framing), framing=framing)
    return begun._replace(body=first, rest=_logged(sent, head))


def _chunks(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the chunks of a body (RFC 9112 7.1)."""
    for piece in pieces:
        yield b"%x\r\n%b\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


def _logged(pieces: Iterator[bytes], head: RequestHead) -> Iterator[bytes]:
    """Yield pieces. If the application fails, log that.

    Raises:
        ResponseFailed: The body is incomplete.
    """
    try:
        yield from pieces
    except Exception:
        _logger.exception("%s %s: this is a bug of the application", head.method, head.target)
        raise ResponseFailed from None


def _assemble(
    collected: _Collector, head: RequestHead, *, keep: bool, framing: list[str] | None = None
) -> SerializedResponse:
    """Return a response. `framing` replaces the header with the length of its body."""
    status, body = collected.status, b"".join(collected.parts)
    if status.startswith(_NO_BODY):
        body = b""
    lines = [*map(": ".join, collected.headers)]
    named = [*map(str.lower, map(_NAME, collected.headers))]
    framed = compress(collected.headers, map(_FRAMING.__contains__, named))
    keep = keep and not any(_contradicts(*one, head, body) for one in framed)
    if "date" not in named:
        lines.append(f"Date: {_date()}")
    if "server" not in named:
        lines.append(f"Server: {SERVER}")
    lines += _length(status, named, head, body) if framing is None else framing
    if not keep:
        lines.append("Connection: close")
    elif head.version == "1.0":
        lines.append("Connection: keep-alive")
    return _encode(status, lines, b"" if head.method == "HEAD" else body, keep=keep)


def _contradicts(name: str, value: str, head: RequestHead, body: bytes) -> bool:
    """Return whether a header in `_FRAMING` makes the client see another end of the response.

    A fault may set such a header. It is sent unchanged, and the connection is closed.
    """
    if name.lower() == "content-length":
        return head.method != "HEAD" and value != str(len(body))
    return True


def _length(status: str, named: list[str], head: RequestHead, body: bytes) -> list[str]:
    """Return the header with the length of the body, if it needs one."""
    if status.startswith(_NO_BODY) or "content-length" in named or "transfer-encoding" in named:
        return []
    is_needed = body or head.method != "HEAD"
    return [f"Content-Length: {len(body)}"] if is_needed else []


def _encode(status: str, lines: list[str], body: bytes, *, keep: bool) -> SerializedResponse:
    head = "\r\n".join((f"HTTP/1.1 {status}", *lines, "", "")).encode("latin-1")
    return SerializedResponse(head=head, body=body, keeps_alive=keep)


def _date() -> str:
    return _date_at(int(time.time()))  # noqa: TID251 - the time of the machine


@lru_cache(maxsize=1)
def _date_at(second: int) -> str:
    return formatdate(second, usegmt=True)
