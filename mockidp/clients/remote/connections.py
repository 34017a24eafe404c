"""HTTP connections to one server that are kept for the next call, in whichever thread it is made.

Spec: RFC 9110 9.2.1 (what may be sent a second time); RFC 9112 9.3 (connections that are kept).
"""

from __future__ import annotations

import os
import selectors
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import (
    HTTP_PORT,
    HTTPS_PORT,
    HTTPConnection,
    HTTPException,
    HTTPSConnection,
)
from urllib.parse import SplitResult
from weakref import finalize

_SAFE = "GET"


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What is sent, and for how many seconds each part of the answer is waited for."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes | None
    patience: float


class Connections:
    """As many connections as there were calls at once. No proxy of the environment is asked."""

    def __init__(self, server: SplitResult, tls: ssl.SSLContext | None) -> None:
        self._host = server.hostname or ""
        # Said always: without one, the last group of an IPv6 address would be taken for it.
        self._port = server.port or (HTTP_PORT if tls is None else HTTPS_PORT)
        self._tls = tls
        self._idle: list[HTTPConnection] = []
        self._process = os.getpid()
        # Whoever forgets to close leaves no warnings behind.
        finalize(self, _close, self._idle)

    def close(self) -> None:
        """Close what no call is using; a later call opens another."""
        _close(self._idle)

    def send(self, request: Request) -> tuple[int, bytes]:
        """Return the status and the body that are answered.

        A call goes out twice only where it is a GET, and the kept connection that it went out on
        turned out to be closed: another may have been acted on.

        Raises:
            OSError: Nothing answers, or not in time.
            HTTPException: What answers is no HTTP, or breaks off.
        """
        kept = self._take()
        if kept is not None and request.method == _SAFE:
            try:
                return self._send(kept, request)
            except (ConnectionError, HTTPException):
                kept = None
        return self._send(kept or self._connect(), request)

    def _take(self) -> HTTPConnection | None:
        """Return a kept connection that the server has not closed meanwhile."""
        if self._process != os.getpid():
            # After a fork the parent goes on with them, and would read the answers to this one.
            self._process = os.getpid()
            self.close()
        while (kept := _pop(self._idle)) is not None:
            if not _is_readable(kept):
                return kept
            kept.close()
        return None

    def _send(self, connection: HTTPConnection, request: Request) -> tuple[int, bytes]:
        connection.timeout = request.patience
        if connection.sock is not None:
            connection.sock.settimeout(request.patience)
        try:
            connection.request(request.method, request.target, request.body, dict(request.headers))
            # Closed here: a response that is thrown away open is closed by its destructor, which
            # swallows the Ctrl-C that comes just then.
            with connection.getresponse() as response:
                answered = response.status, response.read()
        except BaseException:
            connection.close()
            raise
        if connection.sock is not None:
            self._idle.append(connection)
        return answered

    def _connect(self) -> HTTPConnection:
        if self._tls is None:
            return HTTPConnection(self._host, self._port)
        return HTTPSConnection(self._host, self._port, context=self._tls)


def _is_readable(connection: HTTPConnection) -> bool:
    """Return whether something came before it was asked for: the end, or what nobody wants."""
    with selectors.DefaultSelector() as selector:
        selector.register(connection.sock, selectors.EVENT_READ)
        return bool(selector.select(0))


def _pop(idle: list[HTTPConnection]) -> HTTPConnection | None:
    """Take one, if another thread has not just taken the last."""
    try:
        return idle.pop()
    except IndexError:
        return None


def _close(idle: list[HTTPConnection]) -> None:
    while (kept := _pop(idle)) is not None:
        kept.close()
