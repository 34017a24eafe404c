"""A request of one of mockidp's own pages to an endpoint of its tenant.

It goes through the app that answers everybody, so it is logged, journaled and hit by faults like
any client's; only the network is left out.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import Headers
from werkzeug.test import run_wsgi_app

from mockidp.protocol.hint import HEADER
from mockidp.protocol.parameters import FORM
from mockidp.web.exchange import Exchange
from mockidp.web.fault_hook import DELIVERY_KEY
from mockidp.web.tenant_router import TENANTS_KEY

_KEPT = ("HTTP_HOST", "REMOTE_ADDR", "SCRIPT_NAME", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL")
_KEPT_PREFIXES = ("mockidp.", "wsgi.")


@dataclass(kw_only=True, slots=True)
class _Delivery:
    """What a fault does to the answer on its way; here nothing drips."""

    drop: bool = False
    truncate: int | None = None
    drip: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnAnswer:
    """What an endpoint answered; the status is 0 if a fault dropped the connection."""

    status: int
    headers: Headers
    body: bytes

    @property
    def problem(self) -> str:
        """What a person reads of a status other than 200; empty for that."""
        if self.status == HTTPStatus.OK:
            return ""
        return f"HTTP status {self.status}" if self.status else "The connection was dropped"

    @property
    def hint(self) -> str:
        """The hint, as the header has it."""
        return self.headers.get(HEADER, "")


def call(
    exchange: Exchange, path: str, *, form: Mapping[str, str] | None = None, token: str = ""
) -> OwnAnswer:
    """Send a POST with a form, or a GET with a bearer token, to the tenant of a page's request."""
    body = urlencode(form).encode() if form else b""
    outer = exchange.request.environ
    delivery = _Delivery()
    environ: dict[str, Any] = {
        name: value
        for name, value in outer.items()
        if name in _KEPT or name.startswith(_KEPT_PREFIXES)
    }
    environ |= {
        DELIVERY_KEY: delivery,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "REQUEST_METHOD": "POST" if form else "GET",
        "REQUEST_URI": exchange.prefix + path,
        "wsgi.input": io.BytesIO(body),
    }
    if form:
        environ |= {"CONTENT_TYPE": FORM, "CONTENT_LENGTH": str(len(body))}
    if token:
        environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    tenant = exchange.tenant
    with tenant.backend.separately():  # or a delayed call would lock out all other writers
        parts, status, headers = run_wsgi_app(outer[TENANTS_KEY].endpoints, environ, buffered=True)
    # The checks that the thread has noted meanwhile are those of the endpoint.
    tenant.trace.begin()
    if delivery.drop:
        return OwnAnswer(status=0, headers=Headers(), body=b"")
    answered = b"".join(parts)[: delivery.truncate]
    return OwnAnswer(status=int(status[:3]), headers=headers, body=answered)
