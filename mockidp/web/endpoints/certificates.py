"""The certificate of the key that signs tokens: `/pem`, `/rawpem`, `/cer`, `/pb7`, `/fingerprint`.

Auth0: `docs/fidelity.md`, "Discovery and JWKS".
"""

from __future__ import annotations

from functools import partial

from werkzeug import Response

from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route
from mockidp.x509.formats import to_fingerprint, to_pem, to_pkcs7

_CONTENT_TYPES = {
    "pem": "application/x-pem-file",
    "rawpem": "text/plain; charset=utf-8",
    "cer": "application/pkix-cert",
    "pb7": "application/x-pkcs7-certificates",
    "fingerprint": "text/plain; charset=utf-8",
}
_IS_TEXT = ("rawpem", "fingerprint")
_CONNECTION_KEY = (
    "Auth0 answers `cert=connection` with the certificate of the key that signs requests to SAML "
    "identity providers. There is no such key in mockidp. This is the certificate of the key that "
    "signs tokens."
)


def _certificate(name: str, exchange: Exchange, _pages: Pages) -> Reply:
    headers = {"Content-Type": _CONTENT_TYPES[name]}
    if name not in _IS_TEXT:
        headers["Content-Disposition"] = f'attachment; filename="mockidp.{name}"'
    body = _encode(exchange.tenant.keys.current.certificate, name)
    hint = _CONNECTION_KEY if exchange.query().get("cert") == "connection" else ""
    return Reply(Response(body, headers=headers), hint)


def _encode(der: bytes, name: str) -> bytes:
    if name == "cer":
        return der
    if name == "pb7":
        return to_pkcs7(der)
    return to_fingerprint(der) if name == "fingerprint" else to_pem(der)


ROUTES = tuple(
    Route(
        endpoint="certificate",
        path=f"/{name}",
        methods=("GET",),
        handler=partial(_certificate, name),
    )
    for name in _CONTENT_TYPES
)
