"""Client certificates in TLS handshakes: requested, and not required.

A self-signed certificate is accepted, whatever it is: the tenant compares it with those of its
clients. Any other needs an authority that the settings name.

OpenSSL verifies certificates in a callback that Python does not offer. Python's message callback
sees a certificate before it is verified, so that is where a self-signed one becomes trusted.

Spec: RFC 8705 2; RFC 8446 4.4.2; RFC 5246 7.4.6.
"""

from __future__ import annotations

import ssl
from contextlib import suppress

from mockidp.x509.subject import is_self_issued

_CERTIFICATE = 11
"""The type of the handshake message with certificates."""
_HEADER, _LENGTH = 4, 3


def request_client_certificates(context: ssl.SSLContext, roots: str) -> None:
    """Let a context request client certificates.

    Args:
        context: The context of a server.
        roots: The certificates of authorities as PEM; empty for none.
    """
    context.verify_mode = ssl.CERT_OPTIONAL
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # a trusted certificate needs no issuer
    if roots:
        context.load_verify_locations(cadata=roots)
    context._msg_callback = _trust_self_signed  # type: ignore[attr-defined] # noqa: SLF001


def _trust_self_signed(
    connection: ssl.SSLObject,
    direction: str,
    version: object,
    _content_type: object,
    message: object,
    data: bytes,
) -> None:
    """Trust the self-signed certificate of a handshake message, before it is verified."""
    if direction != "read" or message != _CERTIFICATE:
        return
    encoded = _first_certificate(data, has_context=version == ssl.TLSVersion.TLSv1_3)
    with suppress(ValueError):  # OpenSSL refuses what is not a certificate
        if is_self_issued(encoded):
            connection.context.load_verify_locations(cadata=encoded)


def _first_certificate(data: bytes, *, has_context: bool) -> bytes:
    """Return the first certificate of a message, as DER; empty if it has none."""
    begin = _HEADER + (1 + data[_HEADER] if has_context else 0) + _LENGTH
    length = int.from_bytes(data[begin : begin + _LENGTH])
    return data[begin + _LENGTH : begin + _LENGTH + length]
