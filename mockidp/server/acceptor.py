"""Connections as they come in, each handed to a worker."""

from __future__ import annotations

import logging
import selectors
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Protocol

from mockidp.server.address import close_all
from mockidp.server.connection import Connection
from mockidp.server.monotonic import monotonic
from mockidp.server.workers import Workers

MAX_CONNECTIONS = 256
_GRACE = 0.25
"""Seconds that an answer has to get out when all ends."""
_PAUSE = 0.05
_WAITS: tuple[Callable[[Connection], bool], ...] = (
    lambda each: each.is_lingering,
    lambda each: each.is_half_open,
    lambda each: each.is_idle,
    lambda each: each.is_receiving,
    lambda each: each.is_sending,
)
_logger = logging.getLogger("mockidp.server")

Listener = tuple[socket.socket, ssl.SSLContext | None]


class _Connect(Protocol):
    def __call__(self, sock: socket.socket, *, tls: ssl.SSLContext | None) -> Connection: ...


class Acceptor:
    """A thread that accepts, from its making until `stop`.

    Beyond `MAX_CONNECTIONS`, one that waits for its client is ended for each that comes.
    """

    def __init__(self, connect: _Connect, listeners: Sequence[Listener]) -> None:
        self._connect = connect
        self._listeners = listeners
        self._lock = threading.RLock()
        # In the order of their coming: the oldest that is idle makes room.
        self._connections: dict[Connection, None] = {}
        self._workers = Workers(most=MAX_CONNECTIONS)
        self._stopping = threading.Event()
        self._waker, self._wakened = socket.socketpair()
        self._thread = threading.Thread(target=self._accept_all, name="mockidp", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Free the ports and end all connections, in half a second at most."""
        self._stopping.set()
        self._waker.send(b"\0")
        self._thread.join()
        close_all([self._waker, self._wakened, *(each for each, _tls in self._listeners)])
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            connection.end()
        self._workers.stop(until=monotonic() + _GRACE)
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            connection.cut()

    def _accept_all(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._wakened, selectors.EVENT_READ)
            for listener in self._listeners:
                selector.register(listener[0], selectors.EVENT_READ, listener)
            while not self._stopping.is_set():
                # A connection that is answering now may be idle in a moment, without an event.
                for key, _events in selector.select(_PAUSE if self._workers.waiting else None):
                    if key.data is not None:
                        self._accept(*key.data)
                self._make_room(self._workers.waiting)

    def _accept(self, listener: socket.socket, tls: ssl.SSLContext | None) -> None:
        try:
            sock, _peer = listener.accept()
        except (BlockingIOError, ConnectionError):
            return  # the client has left already
        except OSError as error:
            _logger.warning("a connection cannot be accepted: %s", error.strerror)
            self._make_room(1)
            self._stopping.wait(_PAUSE)
            return
        connection = self._connect(sock, tls=tls)
        with self._lock:
            self._connections[connection] = None
        self._workers.hand(lambda: self._serve(connection))

    def _serve(self, connection: Connection) -> None:
        try:
            connection.serve()
        except BaseException:  # the thread has other connections to serve
            _logger.exception("this is a bug in mockidp")
        finally:
            with self._lock:
                del self._connections[connection]

    def _make_room(self, needed: int) -> None:
        """End the oldest connections that wait for their client, until enough are ending.

        Refused clients that are still there come first, then those that were never answered, idle
        ones, those whose request is incomplete, and slow readers.
        """
        if not needed:
            return
        with self._lock:
            connections = list(self._connections)
        missing = needed - sum(each.is_ending for each in connections)
        waiting = (each for waits in _WAITS for each in filter(waits, connections))
        for connection in islice(waiting, max(0, missing)):
            connection.cut()
