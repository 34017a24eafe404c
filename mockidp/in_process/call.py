"""A request of an HTTP client as a call of a WSGI application in this process.

Spec: PEP 3333; RFC 9112 3.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.test import run_wsgi_app

from mockidp.protocol.login.attack_protection import LOOPBACK
from mockidp.server.delivery import DELIVERY_KEY, Delivery
from mockidp.server.environ import connection_environ, request_environ, wsgi_fields
from mockidp.web.request import keys

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

RawResponse = tuple[int, list[tuple[str, str]], bytes]
"""Status, header fields, body."""

_PORTS = {"http": 80, "https": 443}


class InProcessCall:
    """One request. Call it once to get the response.

    Attributes:
        delivery: What a fault does to the response on its way to the client.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        method: str,
        scheme: str,
        host: tuple[str, int | str],
        target: str,
        headers: Iterable[tuple[str, str]],
        body: bytes,
    ) -> None:
        """Prepare the WSGI environment.

        Args:
            app: The application.
            method: The HTTP method.
            scheme: `http` or `https`.
            host: Name and port of the URL; the tenant accepts the name. The port may be empty.
            target: Path and query as the client library sends them.
            headers: The header fields.
            body: The whole body.
        """
        name, port = host
        self.delivery = Delivery()
        self._app = app
        self._environ = request_environ(
            connection_environ(
                scheme=scheme, server=(name, port or _PORTS[scheme]), client=(LOOPBACK, 0)
            ),
            method=method,
            target=target,
            fields=wsgi_fields(headers),
            body=body,
        )
        if body:
            self._environ["CONTENT_LENGTH"] = str(len(body))
        self._environ[keys.VOUCHED_HOSTS] = (name,)
        self._environ[DELIVERY_KEY] = self.delivery

    def __call__(self) -> RawResponse:
        """Return the application's response."""
        parts, status, headers = run_wsgi_app(self._app, self._environ, buffered=True)
        body = b"" if self._environ["REQUEST_METHOD"] == "HEAD" else b"".join(parts)
        if body:
            headers.setdefault("Content-Length", str(len(body)))
        return int(status[:3]), list(headers), body
