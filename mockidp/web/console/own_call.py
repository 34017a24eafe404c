"""Requests of mockidp's own pages to endpoints of their tenant.

They pass through the app like a client's request, so they are logged, journaled and subject to
faults. Only the network is skipped.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlencode

from werkzeug.datastructures import Headers
from werkzeug.test import run_wsgi_app

from mockidp.frozen import frozen
from mockidp.protocol.errors.hint import HEADER
from mockidp.protocol.oauth.parameters import FORM
from mockidp.server.delivery import DELIVERY_KEY, Delivery
from mockidp.server.environ import request_environ
from mockidp.storage.store import SharedBackend
from mockidp.web.request import keys
from mockidp.web.request.exchange import Exchange
from mockidp.web.tenants.router import TENANTS_KEY
from mockidp.web.tenants.shared_requests import SharedRequests

_KEPT = ("HTTP_HOST", "REMOTE_ADDR", "SCRIPT_NAME", "SERVER_NAME", "SERVER_PORT")
_KEPT_PREFIXES = ("mockidp.", "wsgi.")


@frozen
class OwnAnswer:
    """The answer of an endpoint. The status is 0 if a fault dropped the connection."""

    status: int
    headers: Headers
    body: bytes

    @property
    def problem(self) -> str:
        """A description of any status but 200; empty for 200."""
        if self.status == HTTPStatus.OK:
            return ""
        return f"HTTP status {self.status}" if self.status else "The connection was dropped"

    @property
    def hint(self) -> str:
        """The hint in the header."""
        return self.headers.get(HEADER, "")


def call(
    exchange: Exchange, path: str, *, form: Mapping[str, str] | None = None, token: str = ""
) -> OwnAnswer:
    """Send a POST with a form, or a GET with a bearer token, to the tenant of a page's request."""
    sent = (path, tuple((form or {}).items()), token)
    answer = exchange.once(sent, lambda: _call(exchange, path, form, token))
    # The trace of this thread has the checks of the endpoint, which are not those of the page.
    exchange.tenant.trace.begin()
    return answer


def _call(exchange: Exchange, path: str, form: Mapping[str, str] | None, token: str) -> OwnAnswer:
    body = urlencode(form).encode() if form else b""
    outer = exchange.environ
    delivery = Delivery()
    kept = {
        name: value
        for name, value in outer.items()
        if name in _KEPT or (name.startswith(_KEPT_PREFIXES) and name != keys.DONE)
    }
    fields = {"CONTENT_TYPE": FORM, "CONTENT_LENGTH": str(len(body))} if form else {}
    if token:
        fields["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    environ = request_environ(
        kept,
        method="POST" if form else "GET",
        target=exchange.prefix + path,
        fields=fields,
        body=body,
    )
    environ |= {"PATH_INFO": path, DELIVERY_KEY: delivery}
    backend, app = exchange.tenant.backend, outer[TENANTS_KEY].endpoints
    if isinstance(backend, SharedBackend):
        app = SharedRequests(app, backend)
    with backend.separately():  # or a delayed call would lock out all other writers
        parts, status, headers = run_wsgi_app(app, environ, buffered=True)
    if delivery.drop:
        return OwnAnswer(status=0, headers=Headers(), body=b"")
    answered = b"".join(parts)[: delivery.truncate]
    return OwnAnswer(status=int(status[:3]), headers=headers, body=answered)
