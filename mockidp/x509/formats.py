"""The formats in which a certificate can be downloaded. Loading this module takes 90 ms."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7


def to_pem(der: bytes) -> bytes:
    """Return a certificate as PEM (RFC 7468 5)."""
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)


def to_pkcs7(der: bytes) -> bytes:
    """Return a certificate in a PKCS #7 container without signers, as PEM (RFC 7468 8)."""
    return pkcs7.serialize_certificates([x509.load_der_x509_certificate(der)], Encoding.PEM)


def to_fingerprint(der: bytes) -> bytes:
    """Return the SHA-1 fingerprint of a certificate, as pairs of digits with colons between."""
    digest = x509.load_der_x509_certificate(der).fingerprint(SHA1())  # noqa: S303 - Auth0's choice
    return digest.hex(":").upper().encode()
