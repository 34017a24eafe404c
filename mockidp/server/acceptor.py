"""Accepts connections, and hands each to a worker."""

from __future__ import annotations

import logging
import selectors
import socket
import threading
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Protocol

from mockidp.server.address import close_all
from mockidp.server.connection import ClientConnection, TlsContext
from mockidp.server.monotonic import monotonic
from mockidp.server.workers import Workers

MAX_CONNECTIONS = 256
_GRACE = 0.25
"""Seconds in which responses in progress can still be sent when the server stops."""
_PAUSE = 0.05
_WAITS: tuple[Callable[[ClientConnection], bool], ...] = (
    lambda each: each.is_lingering,
    lambda each: each.is_half_open,
    lambda each: each.is_idle,
    lambda each: each.is_receiving,
    lambda each: each.is_sending,
)
_logger = logging.getLogger("mockidp.server")

Listener = tuple[socket.socket, TlsContext | None]


class _Connect(Protocol):
    def __call__(self, sock: socket.socket, *, tls: TlsContext | None) -> ClientConnection: ...


def max_connections() -> int:
    """Return how many connections are served at once.

    They use a quarter of the files that the process may open at most. As many connections may wait,
    and requests need the other half.
    """
    try:
        from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit  # noqa: PLC0415 - Windows has none
    except ImportError:
        return MAX_CONNECTIONS
    files, _most = getrlimit(RLIMIT_NOFILE)
    return MAX_CONNECTIONS if files == RLIM_INFINITY else min(MAX_CONNECTIONS, max(1, files // 4))


class Acceptor:
    """A thread that accepts connections until `stop`.

    Beyond `max_connections`, each new connection ends an older one that waits for its client. Those
    beyond twice as many are not accepted until then.

    Args:
        connect: Makes a connection of a socket.
        listeners: The sockets that listen. Other processes may accept from them as well.
        finish: Seconds that requests may still take when the server stops.
    """

    def __init__(
        self, connect: _Connect, listeners: Sequence[Listener], *, finish: float = _GRACE
    ) -> None:
        self._connect = connect
        self._finish = finish
        self._listeners = listeners
        self._lock = threading.RLock()
        # In the order of their arrival: the oldest idle one is ended first.
        self._connections: dict[ClientConnection, None] = {}
        at_most = max_connections()
        self._max_accepted = 2 * at_most
        self._workers = Workers(at_most=at_most)
        self._stopping = threading.Event()
        self._waker, self._wakened = socket.socketpair()
        self._thread = threading.Thread(target=self._accept_all, name="mockidp", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the ports and all connections, in half a second at most after `finish`."""
        self._stopping.set()
        self._waker.send(b"\0")
        self._thread.join()
        close_all([self._waker, self._wakened, *(each for each, _tls in self._listeners)])
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            connection.end()
        stopped_at = monotonic()
        self._workers.stop(until=stopped_at + _GRACE)
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            if not connection.is_answering:
                connection.cut()
        self._workers.wait(until=stopped_at + self._finish)
        for connection in connections:
            connection.cut()

    def _accept_all(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._wakened, selectors.EVENT_READ)
            for listener in self._listeners:
                selector.register(listener[0], selectors.EVENT_READ, listener)
            while not self._stopping.is_set():
                if len(self._connections) >= self._max_accepted:
                    self._stopping.wait(_PAUSE)  # without the ports, which may stay readable
                else:
                    # No event reports that a busy connection has become idle.
                    for key, _events in selector.select(_PAUSE if self._workers.waiting else None):
                        if key.data is not None:
                            self._accept(*key.data)
                self._make_room(self._workers.waiting)

    def _accept(self, listener: socket.socket, tls: TlsContext | None) -> None:
        try:
            sock, _peer = listener.accept()
        except (BlockingIOError, ConnectionError):
            return  # the client has closed it, or another process has accepted it
        except OSError as error:
            _logger.warning("a connection cannot be accepted: %s", error.strerror)
            self._make_room(1)
            self._stopping.wait(_PAUSE)
            return
        connection = self._connect(sock, tls=tls)
        with self._lock:
            self._connections[connection] = None
        self._workers.hand(lambda: self._serve(connection))

    def _serve(self, connection: ClientConnection) -> None:
        try:
            connection.serve()
        except BaseException:  # the thread serves other connections later
            _logger.exception("this is a bug in mockidp")
        finally:
            with self._lock:
                del self._connections[connection]

    def _make_room(self, needed: int) -> None:
        """End the oldest connections that wait for their client, until enough are ending.

        The order is: refused clients, connections without a response so far, idle ones, those with
        an incomplete request, slow readers. A request that arrives meanwhile is answered.
        """
        if not needed:
            return
        with self._lock:
            connections = list(self._connections)
        missing = needed - sum(each.is_ending for each in connections)
        waiting = (each for waits in _WAITS for each in filter(waits, connections))
        for connection in islice(waiting, max(0, missing)):
            if connection.is_lingering or connection.is_sending:
                connection.cut()
            else:
                connection.end()
