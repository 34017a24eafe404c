"""The headers X-Forwarded-*, in which a proxy describes the original request.

Any client can send them, so they are used only if the setting `trust_proxy` is on.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

from mockidp.protocol.urls.origin import split_host
from mockidp.tenant.tenant import Tenant
from mockidp.web.request import keys
from mockidp.web.request.target import raw_target

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_BEFORE = "werkzeug.proxy_fix.orig"
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")
_HEADERS = (
    ("X-Forwarded-Proto", "HTTP_X_FORWARDED_PROTO", "wsgi.url_scheme"),
    ("X-Forwarded-Host", "HTTP_X_FORWARDED_HOST", "HTTP_HOST"),
)
"""The headers that change a request's URL: name, WSGI key, and the key that it replaces."""
_UNTRUSTED = (
    "%s: %s is not trusted, so the request counts as %s. Set MOCKIDP_TRUST_PROXY=true "
    "(`trust_proxy`) if the mock is behind a proxy of yours."
)
_logger = logging.getLogger("mockidp.server")


class BehindProxy:
    """A WSGI app that restores each request as the client sent it to the proxy."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._fixed = ProxyFix(self._check, x_for=1, x_proto=1, x_host=1, x_port=1, x_prefix=1)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        environ["REQUEST_URI"] = raw_target(environ)
        environ.setdefault("SCRIPT_NAME", "")
        return self._fixed(environ, start_response)

    def _check(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request as ProxyFix changed it, or unchanged if the headers are invalid."""
        before = environ[_BEFORE]
        environ[keys.SENT_HOST] = before["HTTP_HOST"]
        environ["wsgi.url_scheme"] = environ["wsgi.url_scheme"].lower()
        environ["SCRIPT_NAME"] = environ["SCRIPT_NAME"].rstrip("/")
        mistake = _mistake(environ, before)
        if mistake:
            environ.update(before)
            environ[keys.FORWARDED_MISTAKE] = mistake
        elif environ["SCRIPT_NAME"] != before["SCRIPT_NAME"]:
            environ["REQUEST_URI"] = environ["SCRIPT_NAME"] + environ["REQUEST_URI"]
        return self._app(environ, start_response)


def _mistake(environ: WSGIEnvironment, before: WSGIEnvironment) -> str:
    """Return what is wrong with a proxy's headers; empty if they are valid or absent."""
    scheme, host = environ["wsgi.url_scheme"], environ.get("HTTP_HOST")
    prefix = environ["SCRIPT_NAME"]
    if scheme not in ("http", "https"):
        return f"Header `X-Forwarded-Proto` is {scheme[:100]!r} instead of http or https."
    if host and host != before["HTTP_HOST"] and split_host(host) is None:
        return (
            f"Headers `X-Forwarded-Host` and `X-Forwarded-Port` result in {host[:100]!r}, which is "
            "not a host."
        )
    if prefix != before["SCRIPT_NAME"] and not _PREFIX.fullmatch(prefix):
        return f"Header `X-Forwarded-Prefix` is {prefix[:100]!r} instead of a path such as /idp."
    return ""


def warn_untrusted_proxy(tenant: Tenant, environ: WSGIEnvironment) -> None:
    """Warn once that a proxy's headers are ignored although they would change the URL."""
    for header, key, replaced in _HEADERS:
        sent = environ.get(key)
        if sent and sent != (used := environ.get(replaced)) and tenant.advised.first_time(header):
            warn = partial(_logger.warning, _UNTRUSTED, header, repr(sent[:100]), used)
            tenant.backend.after_commit(warn)
