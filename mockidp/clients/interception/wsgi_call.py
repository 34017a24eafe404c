"""A request of requests as a WSGI call: what a server makes of it, without a socket.

Spec: PEP 3333; RFC 9112 3.2.
"""

from __future__ import annotations

import io
import re
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote_to_bytes, urlsplit

from requests import PreparedRequest
from werkzeug.test import run_wsgi_app

from mockidp.protocol.origin import make_origin, split_host
from mockidp.server.delivery import KEY, Delivery
from mockidp.web.exchange import VOUCHED_HOSTS_KEY

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

Answered = tuple[int, list[tuple[str, str]], bytes]
"""Status, header fields, body."""

_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_NEVER_QUOTED = "!#$%&'()*+,/:;=?@[]~"
_PORTS = {"http": "80", "https": "443"}
_TWICE = ("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING")


class WsgiCall:
    """One request, to be made once.

    Attributes:
        delivery: What a fault does to the answer on its way.
    """

    def __init__(self, app: WSGIApplication, request: PreparedRequest) -> None:
        self.delivery = Delivery()
        self._app = app
        self._environ = _environ(request)
        self._environ[KEY] = self.delivery

    def __call__(self) -> Answered:
        """Return what the application answers."""
        parts, status, headers = run_wsgi_app(self._app, self._environ, buffered=True)
        body = b"" if self._environ["REQUEST_METHOD"] == "HEAD" else b"".join(parts)
        if body:
            headers.setdefault("Content-Length", str(len(body)))
        return int(status[:3]), list(headers), body


def _environ(request: PreparedRequest) -> WSGIEnvironment:
    split = urlsplit(request.url or "")
    name, port = split_host(split.netloc.rpartition("@")[2]) or ("", "")
    target = _target(request.path_url)
    path, _, query = target.partition("?")
    body = _body(request.body)
    environ: WSGIEnvironment = {
        "HTTP_HOST": make_origin(split.scheme, name, port).partition("://")[2],
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "REMOTE_ADDR": "127.0.0.1",
        "REQUEST_METHOD": request.method,
        "REQUEST_URI": target,
        "SCRIPT_NAME": "",
        "SERVER_NAME": name,
        "SERVER_PORT": port or _PORTS[split.scheme],
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.errors": sys.stderr,
        "wsgi.input": io.BytesIO(body),
        "wsgi.multiprocess": False,
        "wsgi.multithread": True,
        "wsgi.run_once": False,
        "wsgi.url_scheme": split.scheme,
        "wsgi.version": (1, 0),
        VOUCHED_HOSTS_KEY: (name,),
    }
    environ |= _fields(request)
    if body:
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ


def _fields(request: PreparedRequest) -> WSGIEnvironment:
    """Return the header fields under their WSGI names, as the server's own reading gives them."""
    fields = {
        "HTTP_" + name.upper().replace("-", "_"): _text(value)
        for name, value in request.headers.items()
        if "_" not in name
    }
    for key in _TWICE:
        if key in fields:
            fields[key.removeprefix("HTTP_")] = fields.pop(key)
    fields.pop("TRANSFER_ENCODING", None)
    return fields


def _target(path_url: str) -> str:
    """Return path and query as urllib3 sends them."""
    quoted = quote(path_url, safe=_NEVER_QUOTED)
    return _ESCAPE.sub(lambda escape: escape[0].upper(), quoted)


def _body(body: Any) -> bytes:
    """Return a body that may be text, bytes, a file, an iterable or none."""
    if hasattr(body, "read"):
        body = body.read()
    if body is None or isinstance(body, str | bytes):
        return _bytes(body or b"")
    return b"".join(map(_bytes, body))


def _bytes(part: str | bytes) -> bytes:
    return part.encode() if isinstance(part, str) else bytes(part)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
