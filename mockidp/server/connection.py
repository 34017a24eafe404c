"""One client's connection, from the TLS handshake to the last response."""

from __future__ import annotations

import logging
import selectors
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from mockidp.frozen import frozen
from mockidp.server.body import BodyStream, RequestBody
from mockidp.server.delivery import DELIVERY_KEY, Delivery, deliver
from mockidp.server.environ import connection_environ, request_environ
from mockidp.server.errors import BadRequest, ClientGone
from mockidp.server.request import RequestHead, parse_head
from mockidp.server.response import call_app, refuse
from mockidp.server.stream import ByteStream, discard

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

_logger = logging.getLogger("mockidp.server")
_TLS_HANDSHAKE = 0x16
TlsContext = ssl.SSLContext | Callable[[], ssl.SSLContext]
"""A TLS context, or a function that returns the one for a new connection."""


@frozen
class Timeouts:
    """The seconds that the server waits for a client.

    Attributes:
        idle: Between two requests, and for the client to read its response.
        request: For the first byte, for a TLS handshake, and for a complete request.
        drain: For a client that is still sending after a refusal.
        finish: When the server stops, for requests that the application is answering.
    """

    idle: float = 60.0
    request: float = 10.0
    drain: float = 1.0
    finish: float = 0.25


class ClientConnection:
    """Answers a client's requests, one after the other, in the thread that calls `serve`."""

    def __init__(
        self,
        app: WSGIApplication,
        sock: socket.socket,
        *,
        tls: TlsContext | None,
        timeouts: Timeouts,
    ) -> None:
        self._app = app
        self._sock = sock
        self._tls = tls
        self._timeouts = timeouts
        self._stream: ByteStream | None = None
        self._stage: Literal["queued", "receiving", "answering", "sending", "lingering"] = "queued"
        self._ending = threading.Event()
        self._is_cut = False
        self._has_answered = False

    @property
    def is_half_open(self) -> bool:
        """Whether the connection waits for the client, and has not answered it yet."""
        return not self._has_answered and (self.is_idle or self.is_receiving)

    @property
    def is_idle(self) -> bool:
        """Whether the connection waits for the client between two requests."""
        is_waiting = self._stream is not None and self._stream.is_idle
        return is_waiting and not self.is_ending and not _is_ready(self._sock, selectors.EVENT_READ)

    @property
    def is_receiving(self) -> bool:
        """Whether a TLS handshake or a request is incomplete, or none has begun."""
        # A large body is received while the application runs.
        is_reading = self._stream is not None and self._stream.is_receiving
        is_waiting = self._stage == "receiving" or is_reading
        return is_waiting and not self.is_ending and not _is_ready(self._sock, selectors.EVENT_READ)

    @property
    def is_sending(self) -> bool:
        """Whether the client has not read the response so far, so that no more can be sent."""
        is_waiting = self._stage == "sending" and not self._is_cut
        return is_waiting and not _is_ready(self._sock, selectors.EVENT_WRITE)

    @property
    def is_answering(self) -> bool:
        """Whether the application is answering a request, whose body it does not wait for."""
        is_reading = self._stream is not None and self._stream.is_receiving
        return self._stage == "answering" and not is_reading

    @property
    def is_lingering(self) -> bool:
        """Whether a refused client still has time to stop sending and read its response."""
        return self._stage == "lingering" and not self._is_cut

    @property
    def is_ending(self) -> bool:
        """Whether this side has ended the connection. Its thread may still run."""
        return self._ending.is_set() and not self.is_lingering and not self.is_sending

    def serve(self) -> None:
        """Answer requests until either side ends the connection."""
        self._stage = "receiving"
        try:
            self._sock.settimeout(self._timeouts.request)
            self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is None or self._shake_hands(self._tls):
                self._exchange_all()
        except (ClientGone, OSError) as error:
            _logger.debug("connection dropped: %r", error)
        finally:
            self._end_tls()
            self._sock.close()

    def end(self) -> None:
        """Stop receiving. A response in progress is still sent, unless it drips. Thread-safe."""
        self._shut(socket.SHUT_RD)

    def cut(self) -> None:
        """Close the connection at once. Thread-safe."""
        self._is_cut = True
        self._shut(socket.SHUT_RDWR)

    def _shut(self, how: int) -> None:
        self._ending.set()
        with suppress(OSError):
            # SSLSocket.shutdown would drop the TLS state that the reading thread needs.
            socket.socket.shutdown(self._sock, how)

    def _shake_hands(self, tls: TlsContext) -> bool:
        """Start TLS, in this thread and not in the accepting one, because it may take long."""
        first = self._sock.recv(1, socket.MSG_PEEK)
        if first and first[0] != _TLS_HANDSHAKE:
            self._refuse(BadRequest("400 Bad Request", "this port serves https, not plain http"))
            return False
        context = tls() if callable(tls) else tls
        secured = context.wrap_socket(self._sock, server_side=True, do_handshake_on_connect=False)
        self._sock = secured
        if self._ending.is_set():
            return False
        try:
            secured.do_handshake()
        except ssl.SSLCertVerificationError as error:
            _logger.warning(
                "https: the certificate of a client was refused: %s. Name the authority that has "
                "signed it in the setting client_ca",
                error.verify_message,
            )
            raise
        return True

    def _exchange_all(self) -> None:
        stream = ByteStream(self._sock, idle=self._timeouts.idle, request=self._timeouts.request)
        self._stream = stream
        base = connection_environ(
            scheme="https" if isinstance(self._sock, ssl.SSLSocket) else "http",
            server=self._sock.getsockname()[:2],
            client=self._sock.getpeername()[:2],
            certificate=(
                self._sock.getpeercert(binary_form=True)
                if isinstance(self._sock, ssl.SSLSocket)
                else None
            ),
        )
        keep = not self._ending.is_set()
        while keep:
            self._stage = "receiving"
            try:
                head = parse_head(stream.read_head(), base["wsgi.url_scheme"])
                body = RequestBody(stream, head)
                keep = self._answer(stream, head, body, base)
            except BadRequest as refused:
                self._refuse(refused)
                return

    def _answer(
        self, stream: ByteStream, head: RequestHead, body: RequestBody, base: WSGIEnvironment
    ) -> bool:
        """Answer a request; return whether the connection can carry another one.

        Raises:
            ClientGone: The client closed the connection while the application read the body.
            BadRequest: The body was too slow or malformed. This replaces the response.
        """
        self._stage = "answering"
        whole = body.ahead
        environ = request_environ(
            base,
            method=head.method,
            target=head.target,
            version=head.version,
            fields=head.fields,
            body=BodyStream(body) if whole is None else whole,
        )
        environ[DELIVERY_KEY] = how = Delivery(
            is_awaited=lambda: not _is_ready(self._sock, selectors.EVENT_READ)
        )
        wants_more = head.keeps_alive
        may_keep = wants_more and not self._ending.is_set()
        response = call_app(self._app, environ, head, keep=lambda: may_keep and body.is_complete)
        if body.failure is not None:
            raise body.failure
        stream.end_request()
        self._stage = "sending"
        self._has_answered = True
        if not deliver(self._sock, response, how, ending=self._ending):
            self._drain()
            return False
        is_refused_more = wants_more and not response.keeps_alive
        if not body.is_complete or (is_refused_more and not self._ending.is_set()):
            # Closing a socket with unread bytes, such as another request, resets the connection,
            # and the response is lost.
            self._end_tls()
            self._drain()
        return response.keeps_alive

    def _refuse(self, refused: BadRequest) -> None:
        _logger.info("%s: %s", refused.status, refused.why)
        refusal = refuse(refused)
        self._sock.sendall(refusal.head + refusal.body)
        self._end_tls()
        self._drain()

    def _drain(self) -> None:
        """Close the sending side below TLS, and give the client time to read."""
        self._shut(socket.SHUT_WR)
        self._stage = "lingering"
        discard(self._sock, seconds=self._timeouts.drain)

    def _end_tls(self) -> None:
        """Send TLS's closing alert, without waiting for the client's."""
        if isinstance(self._sock, ssl.SSLSocket):
            with suppress(OSError, ValueError):
                self._sock.settimeout(0)
                self._sock.unwrap()


def _is_ready(sock: socket.socket, event: int) -> bool:
    """Return whether there are bytes that the connection's thread is about to read, or can send."""
    with suppress(OSError, ValueError), selectors.DefaultSelector() as selector:
        selector.register(sock, event)
        return bool(selector.select(0))
    return False  # the socket is closed
