"""The target of a request: path and query as they were sent."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from werkzeug.wsgi import get_path_info

from mockidp.protocol.urls.origin import origin_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_PATH_CHARACTERS = "/:@!$&'()*+,;="


def raw_target(environ: WSGIEnvironment) -> str:
    """Return path and query as sent; servers store them under one of two keys, if at all."""
    target = str(environ.get("REQUEST_URI") or environ.get("RAW_URI") or _rebuilt(environ))
    if target.startswith("/"):
        return target
    # The absolute form (RFC 9112 3.2.2), as it is sent to a proxy.
    return target.removeprefix(origin_of(target)) or "/"


def raw_path(environ: WSGIEnvironment) -> str:
    """Return the path as sent, below the prefix of the tenant."""
    path = raw_target(environ).partition("?")[0]
    return path.removeprefix(str(environ.get("SCRIPT_NAME") or ""))


def decoded_path(environ: WSGIEnvironment) -> str:
    """Return the path without escapes, below the prefix of the tenant."""
    return "/" + get_path_info(environ).lstrip("/")


def _rebuilt(environ: WSGIEnvironment) -> str:
    """Rebuild the target as clients write it: escapes in upper case (RFC 3986 6.2.2.1).

    If a client escapes more than it has to, the bytes differ from those sent.
    """
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    query = environ.get("QUERY_STRING", "")
    return quote(path.encode("latin-1"), safe=_PATH_CHARACTERS) + ("?" + query if query else "")
