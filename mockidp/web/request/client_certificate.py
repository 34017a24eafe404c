"""The client certificate of a request: from the TLS handshake, or from the headers of a proxy."""

from __future__ import annotations

from mockidp.flows.clients.mutual_tls import HEADERS, PresentedCertificate, presented_certificate
from mockidp.server.environ import CERTIFICATE_KEY
from mockidp.web.request.exchange import Exchange

_KEYS = {name: f"HTTP_{name.upper().replace('-', '_')}" for name in HEADERS}


def certificate_of(exchange: Exchange) -> PresentedCertificate:
    """Return the certificate of a request, or why it has none."""
    environ = exchange.environ
    sent = {name: environ[key] for name, key in _KEYS.items() if key in environ}
    handshake = environ.get(CERTIFICATE_KEY)
    return presented_certificate(exchange.tenant, exchange.base_url, sent, handshake)
