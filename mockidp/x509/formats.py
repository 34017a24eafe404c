"""Certificates in other formats, and the public key in a certificate.

This is done here and not by cryptography's X.509 module, for the reasons that
docs/architecture.md gives.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from ssl import DER_cert_to_PEM_cert, PEM_cert_to_DER_cert

from mockidp.x509.der import INTEGER, OID, SEQUENCE, SET, der, read_der

_DATA = bytes.fromhex("2a864886f70d010701")
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_CONTEXT_0 = 0xA0


def to_pem(certificate: bytes) -> bytes:
    """Return a certificate, which is DER, as PEM (RFC 7468 5)."""
    return DER_cert_to_PEM_cert(certificate).encode()


def to_pkcs7(certificate: bytes) -> bytes:
    """Return a PKCS #7 container with a certificate and no signer, as PEM (RFC 2315 9)."""
    signed_data = der(
        SEQUENCE,
        der(INTEGER, b"\x01"),
        der(SET),
        der(SEQUENCE, der(OID, _DATA)),
        der(_CONTEXT_0, certificate),
        der(SET),
    )
    content = der(SEQUENCE, der(OID, _SIGNED_DATA), der(_CONTEXT_0, signed_data))
    return b"-----BEGIN PKCS7-----\n" + _wrapped(content) + b"-----END PKCS7-----\n"


def to_fingerprint(certificate: bytes) -> bytes:
    """Return the SHA-1 fingerprint of a certificate, with colons between the bytes."""
    digest = hashlib.sha1(certificate, usedforsecurity=False).digest()
    return digest.hex(":").upper().encode()


def public_key_of(pem: str) -> bytes:
    """Return the SubjectPublicKeyInfo of a PEM certificate, as DER (RFC 5280 4.1).

    Raises:
        ValueError: It is not a certificate.
    """
    (certificate,) = read_der(PEM_cert_to_DER_cert(pem))
    try:
        fields = read_der(read_der(certificate.content)[0].content)
        # Version 1 has no field for its version.
        return fields[6 if fields[0].tag == _CONTEXT_0 else 5].encoded
    except IndexError:
        raise ValueError("not a certificate") from None


def _wrapped(data: bytes) -> bytes:
    """Return base64 in lines of 64 characters."""
    text = b64encode(data)
    return b"".join(text[at : at + 64] + b"\n" for at in range(0, len(text), 64))
