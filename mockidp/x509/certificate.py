"""A certificate for a signing key, as the JWKS contains it.

Spec: RFC 5280 4.1; RFC 8017 A.2.4.
"""

from __future__ import annotations

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from mockidp.x509.der import (
    BIT_STRING,
    INTEGER,
    NULL,
    OID,
    SEQUENCE,
    SET,
    UTF8_STRING,
    der,
    der_integer,
    der_time,
)

VERSION = der(0xA0, der(INTEGER, b"\x02"))
"""Version 3."""
COMMON_NAME = bytes.fromhex("550403")
SHA256_WITH_RSA = der(SEQUENCE, der(OID, bytes.fromhex("2a864886f70d01010b")), der(NULL))


def make_certificate(
    key: rsa.RSAPrivateKey, *, name: str, serial: int, begins: float, ends: float
) -> bytes:
    """Return a self-signed certificate as DER.

    Args:
        key: The key.
        name: The common name of subject and issuer.
        serial: A positive number.
        begins: When it begins, in seconds since 1970.
        ends: When it ends; the year 9999 is the last.
    """
    common_name = der(SEQUENCE, der(OID, COMMON_NAME), der(UTF8_STRING, name.encode()))
    subject = der(SEQUENCE, der(SET, common_name))
    signed = der(
        SEQUENCE,
        VERSION,
        der_integer(serial),
        SHA256_WITH_RSA,
        subject,
        der(SEQUENCE, der_time(begins), der_time(ends)),
        subject,
        key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
    )
    signature = key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    return der(SEQUENCE, signed, SHA256_WITH_RSA, der(BIT_STRING, b"\0", signature))
