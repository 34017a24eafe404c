"""An HTTP client for one server, with connections that all threads reuse.

Spec: RFC 9110 9.2.1 (which requests may be repeated); RFC 9112 9.3 (persistent connections).
"""

from __future__ import annotations

import os
import selectors
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.client import (
    HTTP_PORT,
    HTTPS_PORT,
    HTTPConnection,
    HTTPException,
    HTTPMessage,
    HTTPSConnection,
)
from typing import BinaryIO
from urllib.parse import SplitResult
from weakref import finalize

from mockidp.frozen import frozen

_SAFE = "GET"
_OK = 200
_PIECE = 64 * 1024


@frozen
class HttpRequest:
    """A request, and how many seconds each part of the response may take."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes | BinaryIO | None
    timeout: float


@frozen
class HttpResponse:
    """A complete response."""

    status: int
    headers: HTTPMessage
    body: bytes


class HttpClient:
    """Sends requests to one server, through no proxy, and follows no redirects.

    It opens as many connections as there are concurrent requests.
    """

    def __init__(self, server: SplitResult, tls: ssl.SSLContext | None) -> None:
        self._host = server.hostname or ""
        # Always explicit: http.client takes the last group of an IPv6 address for a port.
        self._port = server.port or (HTTP_PORT if tls is None else HTTPS_PORT)
        self._tls = tls
        self._idle: list[HTTPConnection] = []
        self._process = os.getpid()
        # Avoids warnings about open sockets if the client is never closed.
        finalize(self, _close, self._idle)

    def close(self) -> None:
        """Close the idle connections; a later request opens another."""
        _close(self._idle)

    def download(self, request: HttpRequest, take: Callable[[bytes], object]) -> HttpResponse:
        """Return the response to a GET. If it is a 200, its body is given to `take` in pieces.

        Raises:
            OSError: There is no answer, or not in time.
            HTTPException: The response is not HTTP, or incomplete.
        """
        return self._send(self._connect(), request, take)

    def send(self, request: HttpRequest) -> HttpResponse:
        """Return the response to a request.

        Only a GET is repeated if the kept connection turns out to be closed: the server may have
        processed a request with another method.

        Raises:
            OSError: There is no answer, or not in time.
            HTTPException: The response is not HTTP, or incomplete.
        """
        kept = self._take()
        if kept is not None and request.method == _SAFE:
            try:
                return self._send(kept, request)
            except (ConnectionError, HTTPException):
                kept = None
        return self._send(kept or self._connect(), request)

    def _take(self) -> HTTPConnection | None:
        """Return a kept connection that the server has not closed."""
        if self._process != os.getpid():
            # After a fork the parent uses them, and the child would read the parent's responses.
            self._process = os.getpid()
            self.close()
        while (kept := _pop(self._idle)) is not None:
            if not _is_readable(kept):
                return kept
            kept.close()
        return None

    def _send(
        self,
        connection: HTTPConnection,
        request: HttpRequest,
        take: Callable[[bytes], object] | None = None,
    ) -> HttpResponse:
        connection.timeout = request.timeout
        try:
            if connection.sock is None:
                connection.connect()
            connection.sock.settimeout(request.timeout)
            # A server may refuse a large body before all of it is sent.
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.request(
                    request.method, request.target, request.body, dict(request.headers)
                )
            # Closed explicitly: the destructor of an open response swallows a Ctrl-C that arrives
            # while it runs.
            with connection.getresponse() as response:
                while take is not None and response.status == _OK:
                    piece = response.read(_PIECE)
                    if not piece:
                        break
                    take(piece)
                answered = HttpResponse(
                    status=response.status, headers=response.headers, body=response.read()
                )
        except BaseException:
            connection.close()
            raise
        if connection.sock is not None:
            self._idle.append(connection)
        return answered

    def _connect(self) -> HTTPConnection:
        if self._tls is None:
            return HTTPConnection(self._host, self._port, blocksize=_PIECE)
        return HTTPSConnection(self._host, self._port, context=self._tls, blocksize=_PIECE)


def _is_readable(connection: HTTPConnection) -> bool:
    """Return whether the server has closed the connection or sent bytes, so that it is unusable."""
    with selectors.DefaultSelector() as selector:
        selector.register(connection.sock, selectors.EVENT_READ)
        return bool(selector.select(0))


def _pop(idle: list[HTTPConnection]) -> HTTPConnection | None:
    """Take a connection, unless another thread has just taken the last one."""
    try:
        return idle.pop()
    except IndexError:
        return None


def _close(idle: list[HTTPConnection]) -> None:
    while (kept := _pop(idle)) is not None:
        kept.close()
