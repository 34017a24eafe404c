"""The server, which runs in the background."""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Self

from mockidp.server.acceptor import Acceptor, Listener
from mockidp.server.address import Address, close_all, open_listeners
from mockidp.server.connection import ClientConnection, Timeouts, TlsContext

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class Server:
    """Serves a WSGI application on http and https, in background threads."""

    def __init__(
        self,
        app: WSGIApplication,
        *,
        listen: Sequence[Address] = (Address(),),
        tls_listen: Sequence[Address] = (),
        tls_context: TlsContext | None = None,
        timeouts: Timeouts | None = None,
    ) -> None:
        """Prepare. `start` binds the addresses.

        Args:
            app: Any WSGI application.
            listen: Addresses for http.
            tls_listen: Addresses for https.
            tls_context: The TLS context for https, with a certificate, or a function that returns
                that of a new connection.
            timeouts: How long the server waits for clients.
        """
        if not listen:
            raise ValueError("listen needs an address")
        if tls_listen and tls_context is None:
            raise ValueError("tls_listen needs a tls_context")
        self._app = app
        self._listen = tuple(listen)
        self._tls_listen = tuple(tls_listen)
        self._tls_context = tls_context
        self._timeouts = timeouts or Timeouts()
        self._lock = threading.RLock()
        self._bound: list[Listener] = []
        self._running: Acceptor | None = None
        self._port = self._listen[0].port
        self._tls_port: int | None = self._tls_listen[0].port if self._tls_listen else None

    def start(self) -> None:
        """Bind all addresses, unless that is done, and serve.

        Raises:
            MockIdPError: An address cannot be bound. Then no address is bound.
        """
        with self._lock:
            if self._running is not None:
                raise RuntimeError("the server is running")
            if not self._bound:
                self.bind()
            self._running = Acceptor(
                partial(ClientConnection, self._app, timeouts=self._timeouts),
                self._bound,
                finish=self._timeouts.finish,
            )
            self._bound = []

    def bind(self) -> None:
        """Bind all addresses without serving, so that several forked processes can serve them.

        Raises:
            MockIdPError: An address cannot be bound. Then no address is bound.
        """
        with self._lock:
            plain = open_listeners(self._listen)
            try:
                secure = open_listeners(self._tls_listen)
            except BaseException:
                close_all(plain)
                raise
            self._port = _port_of(plain[0])
            if secure:
                self._tls_port = _port_of(secure[0])
            self._bound = [(each, None) for each in plain]
            self._bound += [(each, self._tls_context) for each in secure]

    def stop(self) -> None:
        """Close all connections and ports, in half a second at most, or after `Timeouts.finish`.

        May be called twice, from any thread and from a signal handler.
        """
        with self._lock:
            running, self._running = self._running, None
            bound, self._bound = self._bound, []
        close_all([each for each, _tls in bound])
        if running is not None:
            running.stop()

    @property
    def port(self) -> int:
        """The port for http; if it was 0, it is known after `start`."""
        return self._port

    @property
    def tls_port(self) -> int | None:
        """The port for https, or None without https."""
        return self._tls_port

    def ports(self) -> dict[str, int]:
        """Return the port of each scheme."""
        ports = {"http": self._port}
        return ports if self._tls_port is None else {**ports, "https": self._tls_port}

    @property
    def url(self) -> str:
        """The http origin, without a trailing slash."""
        return _origin("http", self._listen[0], self._port)

    @property
    def tls_url(self) -> str | None:
        """The https origin, without a trailing slash."""
        if self._tls_port is None:
            return None
        return _origin("https", self._tls_listen[0], self._tls_port)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.stop()


def _port_of(listener: socket.socket) -> int:
    port: int = listener.getsockname()[1]
    return port


def _origin(scheme: str, address: Address, port: int) -> str:
    host = "localhost" if address.host in {"*", "0.0.0.0", "::"} else address.host  # noqa: S104
    return f"{scheme}://{Address(host=host, port=port)}"
