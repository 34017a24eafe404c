"""Conversion of a prepared request of requests into a call of a WSGI application."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from requests import PreparedRequest

from mockidp.in_process.call import InProcessCall
from mockidp.protocol.urls.origin import make_origin, split_host

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_NEVER_QUOTED = "!#$%&'()*+,/:;=?@[]~"


def make_call(app: WSGIApplication, request: PreparedRequest) -> InProcessCall:
    """Return the call that a server would make for a request."""
    split = urlsplit(request.url or "")
    name, port = split_host(split.netloc.rpartition("@")[2]) or ("", "")
    headers = {name: _text(value) for name, value in request.headers.items()}
    if "Host" not in request.headers:
        headers["Host"] = make_origin(split.scheme, name, port).partition("://")[2]
    return InProcessCall(
        app,
        method=request.method or "",
        scheme=split.scheme,
        host=(name, port),
        target=_target(request.path_url),
        headers=headers.items(),
        body=_body(request.body),
    )


def _target(path_url: str) -> str:
    """Return path and query as urllib3 sends them."""
    quoted = quote(path_url, safe=_NEVER_QUOTED)
    return _ESCAPE.sub(lambda escape: escape[0].upper(), quoted)


def _body(body: Any) -> bytes:
    """Return a body, which may be text, bytes, a file, an iterable or None, as bytes."""
    if hasattr(body, "read"):
        body = body.read()
    if body is None or isinstance(body, str | bytes):
        return _bytes(body or b"")
    return b"".join(map(_bytes, body))


def _bytes(part: str | bytes) -> bytes:
    return part.encode() if isinstance(part, str) else bytes(part)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
