"""One client's connection, from the TLS handshake to the last answer."""

from __future__ import annotations

import io
import logging
import selectors
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote_to_bytes

from mockidp.server.body import RequestBody
from mockidp.server.delivery import KEY, Delivery, deliver
from mockidp.server.errors import BadRequest, ClientGone
from mockidp.server.request import RequestHead, parse_head
from mockidp.server.response import ErrorLog, answer, refuse
from mockidp.server.stream import ByteStream, discard

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

_logger = logging.getLogger("mockidp.server")
_TLS_HANDSHAKE = 0x16


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeouts:
    """How long a client is waited for, in seconds.

    Attributes:
        idle: Between two requests, and for an answer to be taken.
        request: For the first byte, for a TLS handshake, and for a request to be whole.
        drain: For a client that is still sending when it is refused.
    """

    idle: float = 60.0
    request: float = 10.0
    drain: float = 1.0


class Connection:
    """A client's requests, answered one after the other in the thread that calls `serve`."""

    def __init__(
        self,
        app: WSGIApplication,
        sock: socket.socket,
        *,
        tls: ssl.SSLContext | None,
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
        """Whether the client is being waited for, and has never been answered."""
        return not self._has_answered and (self.is_idle or self.is_receiving)

    @property
    def is_idle(self) -> bool:
        """Whether the client is being waited for between two requests."""
        is_waiting = self._stream is not None and self._stream.is_idle
        return is_waiting and not self.is_ending and not _has_input(self._sock)

    @property
    def is_receiving(self) -> bool:
        """Whether a TLS handshake or a request is incomplete, or none has begun."""
        # A large body is received while the application is at work.
        is_reading = self._stream is not None and self._stream.is_receiving
        is_waiting = self._stage == "receiving" or is_reading
        return is_waiting and not self.is_ending and not _has_input(self._sock)

    @property
    def is_sending(self) -> bool:
        """Whether part of the answer has not been sent yet."""
        return self._stage == "sending" and not self.is_ending

    @property
    def is_lingering(self) -> bool:
        """Whether a client that was refused gets time to stop sending and read its answer."""
        return self._stage == "lingering" and not self._is_cut

    @property
    def is_ending(self) -> bool:
        """Whether this side has ended the connection; its thread may still be at work."""
        return self._ending.is_set() and not self.is_lingering

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
            self._say_goodbye()
            self._sock.close()

    def end(self) -> None:
        """Read no more; an answer that is being made is still sent. For any thread.

        One that drips stops where it is.
        """
        self._shut(socket.SHUT_RD)

    def cut(self) -> None:
        """End at once. For any thread."""
        self._is_cut = True
        self._shut(socket.SHUT_RDWR)

    def _shut(self, how: int) -> None:
        self._ending.set()
        with suppress(OSError):
            # An SSLSocket's own method would take the TLS state away under the thread that reads.
            socket.socket.shutdown(self._sock, how)

    def _shake_hands(self, tls: ssl.SSLContext) -> bool:
        """Change over to TLS, here and not where connections are accepted: it may take long."""
        first = self._sock.recv(1, socket.MSG_PEEK)
        if first and first[0] != _TLS_HANDSHAKE:
            self._refuse(BadRequest("400 Bad Request", "this port speaks https, not plain http"))
            return False
        secured = tls.wrap_socket(self._sock, server_side=True, do_handshake_on_connect=False)
        self._sock = secured
        if self._ending.is_set():
            return False
        secured.do_handshake()
        return True

    def _exchange_all(self) -> None:
        stream = ByteStream(self._sock, idle=self._timeouts.idle, request=self._timeouts.request)
        self._stream = stream
        base = _base_environ(self._sock)
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
        """Answer a request; return whether another may follow on the connection.

        Raises:
            ClientGone: The client left while the application was reading the body.
            BadRequest: The body was too slow or malformed: this is the answer.
        """
        self._stage = "answering"
        environ = _environ(base, head, body)
        environ[KEY] = how = Delivery()
        may_keep = head.keeps_alive and not self._ending.is_set()
        answered = answer(self._app, environ, head, keep=lambda: may_keep and body.is_complete)
        if body.failure is not None:
            raise body.failure
        stream.end_request()
        self._stage = "sending"
        self._has_answered = True
        if not deliver(self._sock, answered, how, ending=self._ending):
            self._break_off()
            return False
        is_refused_more = head.keeps_alive and not answered.keeps_alive
        if not body.is_complete or (is_refused_more and not self._ending.is_set()):
            # Closed with bytes unread, such as another request, the connection would be reset
            # under the answer.
            self._say_goodbye()
            self._break_off()
        return answered.keeps_alive

    def _refuse(self, refused: BadRequest) -> None:
        _logger.info("%s: %s", refused.status, refused.why)
        refusal = refuse(refused)
        self._sock.sendall(refusal.head + refusal.body)
        self._say_goodbye()
        self._break_off()

    def _break_off(self) -> None:
        """End with what is sent; TLS says no goodbye after this, so that a cut is seen as one."""
        self._shut(socket.SHUT_WR)
        self._stage = "lingering"
        discard(self._sock, seconds=self._timeouts.drain)

    def _say_goodbye(self) -> None:
        """Tell a TLS client that nothing was cut off, without waiting for its own goodbye."""
        if isinstance(self._sock, ssl.SSLSocket):
            with suppress(OSError, ValueError):
                self._sock.settimeout(0)
                self._sock.unwrap()


def _has_input(sock: socket.socket) -> bool:
    """Return whether a client has sent something that its thread is about to read."""
    with suppress(OSError, ValueError), selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        return bool(selector.select(0))
    return False  # it was closed


def _base_environ(sock: socket.socket) -> WSGIEnvironment:
    """Return what is the same for all requests of a connection."""
    is_secure = isinstance(sock, ssl.SSLSocket)
    here, there = sock.getsockname(), sock.getpeername()
    environ: WSGIEnvironment = {
        "REMOTE_ADDR": there[0],
        "REMOTE_PORT": str(there[1]),
        "SCRIPT_NAME": "",
        "SERVER_NAME": here[0],
        "SERVER_PORT": str(here[1]),
        "SERVER_SOFTWARE": "mockidp",
        "wsgi.errors": ErrorLog(),
        "wsgi.input_terminated": True,
        "wsgi.multiprocess": False,
        "wsgi.multithread": True,
        "wsgi.run_once": False,
        "wsgi.url_scheme": "https" if is_secure else "http",
        "wsgi.version": (1, 0),
    }
    if is_secure:
        environ["HTTPS"] = "on"
    return environ


def _environ(base: WSGIEnvironment, head: RequestHead, body: RequestBody) -> WSGIEnvironment:
    path, _, query = head.target.partition("?")
    environ: WSGIEnvironment = {
        **base,
        **head.fields,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1") if "%" in path else path,
        "QUERY_STRING": query,
        "REQUEST_METHOD": head.method,
        "REQUEST_URI": head.target,
        "SERVER_PROTOCOL": f"HTTP/{head.version}",
    }
    whole = body.ahead
    environ["wsgi.input"] = body if whole is None else io.BytesIO(whole)
    if head.is_chunked:
        del environ["HTTP_TRANSFER_ENCODING"]
        if whole is not None:
            # The application gets the body as if its length had been known.
            environ["CONTENT_LENGTH"] = str(len(whole))
    return environ
