"""A certificate for a signing key, written as DER.

By hand, since cryptography's X.509 takes 30 ms to import and keeps the class `datetime` that it
meets first: where a test has replaced that, as freezegun does, it refuses all later ones.

Spec: RFC 5280 4.1; RFC 8017 A.2.4; ITU-T X.690 8 and 10.
"""

from __future__ import annotations

from datetime import UTC, datetime

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

_INTEGER, _BIT_STRING, _NULL, _OID, _UTF8_STRING = 0x02, 0x03, 0x05, 0x06, 0x0C
_UTC_TIME, _GENERALIZED_TIME, _SEQUENCE, _SET, _VERSION = 0x17, 0x18, 0x30, 0x31, 0xA0
_COMMON_NAME = bytes.fromhex("550403")
_SHA256_WITH_RSA = bytes.fromhex("2a864886f70d01010b")
_V3 = b"\x02"
_LONG_FORM = 0x80
_FIRST_GENERALIZED_YEAR = 2050
_LAST = 253402300799.0


def make_certificate(
    key: rsa.RSAPrivateKey, *, name: str, serial: int, begins: float, ends: float
) -> bytes:
    """Return a certificate that a key has signed for itself, as DER.

    Args:
        key: The key.
        name: Whose it is, and who gave it.
        serial: A positive number.
        begins: When it begins, in seconds since 1970.
        ends: When it ends; the year 9999 is the last.
    """
    algorithm = _der(_SEQUENCE, _der(_OID, _SHA256_WITH_RSA), _der(_NULL))
    common_name = _der(_SEQUENCE, _der(_OID, _COMMON_NAME), _der(_UTF8_STRING, name.encode()))
    whose = _der(_SEQUENCE, _der(_SET, common_name))
    signed = _der(
        _SEQUENCE,
        _der(_VERSION, _der(_INTEGER, _V3)),
        _der(_INTEGER, serial.to_bytes(serial.bit_length() // 8 + 1)),
        algorithm,
        whose,
        _der(_SEQUENCE, _time(begins), _time(ends)),
        whose,
        key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
    )
    signature = key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    return _der(_SEQUENCE, signed, algorithm, _der(_BIT_STRING, b"\0", signature))


def _time(seconds: float) -> bytes:
    moment = datetime.fromtimestamp(int(min(seconds, _LAST)), UTC)
    text = f"{moment:%m%d%H%M%S}Z"
    if moment.year < _FIRST_GENERALIZED_YEAR:
        return _der(_UTC_TIME, f"{moment.year % 100:02}{text}".encode())
    return _der(_GENERALIZED_TIME, f"{moment.year}{text}".encode())


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    length = len(content)
    if length < _LONG_FORM:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes((tag, _LONG_FORM | len(octets))) + octets + content
