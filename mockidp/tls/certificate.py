"""The certificates of a CA and of servers, for https.

Spec: RFC 5280 4.1 and 4.2; RFC 5758 3.2; RFC 5480 2.1.1.

The CA can only sign certificates of servers, for listed names, without intermediate CAs: its key is
in a project directory, and a browser may trust it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Self

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from mockidp.frozen import frozen
from mockidp.tls.names import der_constraints, der_names, read_constraints
from mockidp.x509.certificate import COMMON_NAME, SHA256_WITH_RSA, VERSION
from mockidp.x509.der import (
    BIT_STRING,
    BOOLEAN,
    INTEGER,
    OCTET_STRING,
    OID,
    SEQUENCE,
    SET,
    UTF8_STRING,
    der,
    der_integer,
    der_time,
    read_der,
    read_time,
)

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_SHA256_WITH_ECDSA = der(SEQUENCE, der(OID, bytes.fromhex("2a8648ce3d040302")))
_ORGANIZATION = der(SEQUENCE, der(OID, bytes.fromhex("55040a")), der(UTF8_STRING, b"mockidp"))
_SUBJECT_KEY_ID, _AUTHORITY_KEY_ID = bytes.fromhex("551d0e"), bytes.fromhex("551d23")
_KEY_USAGE, _EXTENDED_KEY_USAGE = bytes.fromhex("551d0f"), bytes.fromhex("551d25")
_BASIC_CONSTRAINTS, _NAME_CONSTRAINTS = bytes.fromhex("551d13"), bytes.fromhex("551d1e")
_ALTERNATIVE_NAMES = bytes.fromhex("551d11")
_TRUE = der(BOOLEAN, b"\xff")
_SERVER = der(SEQUENCE, der(OID, bytes.fromhex("2b06010505070301")))
_SIGNS_CERTIFICATES, _SIGNS_HANDSHAKES = (
    der(BIT_STRING, bytes.fromhex(bits)) for bits in ("0106", "0780")
)
_KEY_ID_TAG, _VERSION_TAG, _EXTENSIONS_TAG = 0x80, 0xA0, 0xA3


@frozen
class CaCertificate:
    """The fields of a CA's certificate that are needed to sign and to detect an outdated one.

    Attributes:
        subject: The name, encoded.
        public_key: The public key, encoded as SubjectPublicKeyInfo.
        key_id: The subject key identifier.
        begins: Start of the validity, in seconds since 1970.
        ends: End of the validity.
        permitted: The names and networks for which the CA may sign; empty for a certificate of
            another program, or of an early version of mockidp, which had no constraints.
    """

    subject: bytes
    public_key: bytes
    key_id: bytes
    begins: float
    ends: float
    permitted: tuple[str, ...]

    @property
    def is_of_mockidp(self) -> bool:
        """Whether mockidp made it."""
        return _ORGANIZATION in self.subject

    @classmethod
    def parse(cls, encoded: bytes) -> Self:
        """Parse a certificate.

        Raises:
            ValueError: It is not a certificate, or it is damaged.
        """
        [certificate] = read_der(encoded)
        signed, *_ = read_der(certificate.content)
        fields = [one for one in read_der(signed.content) if one.tag != _VERSION_TAG]
        _serial, _algorithm, _issuer, validity, subject, public_key, *rest = fields
        begins, ends = read_der(validity.content)
        extensions: dict[bytes, bytes] = {}
        for one in (field for field in rest if field.tag == _EXTENSIONS_TAG):
            [listed] = read_der(one.content)
            for extension in read_der(listed.content):
                name, *_, value = read_der(extension.content)
                extensions[name.content] = value.content
        key_id = extensions.get(_SUBJECT_KEY_ID)
        constraints = extensions.get(_NAME_CONSTRAINTS)
        is_of_mockidp = _ORGANIZATION in subject.encoded
        return cls(
            subject=subject.encoded,
            public_key=public_key.encoded,
            key_id=_content(key_id) if key_id else _key_id(public_key.encoded),
            begins=read_time(begins),
            ends=read_time(ends),
            permitted=read_constraints(constraints) if constraints and is_of_mockidp else (),
        )


def make_ca_certificate(
    key: ec.EllipticCurvePrivateKey, *, permitted: Iterable[str], begins: float, ends: float
) -> bytes:
    """Return the certificate of a CA with name constraints, as DER.

    Args:
        key: The CA's key.
        permitted: The names and networks for which it may sign.
        begins: Start of the validity, in seconds since 1970.
        ends: End of the validity.
    """
    public_key = encode_public_key(key)
    key_id = _key_id(public_key)
    subject = _subject(f"mockidp CA {key_id.hex()[:8]}")
    return _sign(
        key,
        issuer=subject,
        begins=begins,
        ends=ends,
        subject=subject,
        public_key=public_key,
        extensions=[
            _extension(
                _BASIC_CONSTRAINTS, der(SEQUENCE, _TRUE, der(INTEGER, b"\0")), critical=True
            ),
            _extension(_KEY_USAGE, _SIGNS_CERTIFICATES, critical=True),
            _extension(_EXTENDED_KEY_USAGE, _SERVER),
            _extension(_NAME_CONSTRAINTS, der_constraints(permitted), critical=True),
            _extension(_SUBJECT_KEY_ID, der(OCTET_STRING, key_id)),
        ],
    )


def make_server_certificate(
    ca: CaCertificate,
    ca_key: PrivateKey,
    public_key: bytes,
    *,
    names: Iterable[str],
    begins: float,
    ends: float,
) -> bytes:
    """Return a server's certificate, as DER.

    Args:
        ca: The CA's certificate.
        ca_key: The CA's key.
        public_key: The server's key, encoded as SubjectPublicKeyInfo.
        names: The host names and addresses of the server, normalized.
        begins: Start of the validity, in seconds since 1970.
        ends: End of the validity.
    """
    return _sign(
        ca_key,
        issuer=ca.subject,
        begins=begins,
        ends=ends,
        subject=_subject("localhost"),
        public_key=public_key,
        extensions=[
            _extension(_BASIC_CONSTRAINTS, der(SEQUENCE), critical=True),
            _extension(_KEY_USAGE, _SIGNS_HANDSHAKES, critical=True),
            _extension(_EXTENDED_KEY_USAGE, _SERVER),
            _extension(_ALTERNATIVE_NAMES, der_names(names)),
            _extension(_AUTHORITY_KEY_ID, der(SEQUENCE, der(_KEY_ID_TAG, ca.key_id))),
            _extension(_SUBJECT_KEY_ID, der(OCTET_STRING, _key_id(public_key))),
        ],
    )


def encode_public_key(key: PrivateKey) -> bytes:
    """Return the public part of a key as SubjectPublicKeyInfo."""
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _sign(
    key: PrivateKey,
    *,
    issuer: bytes,
    begins: float,
    ends: float,
    subject: bytes,
    public_key: bytes,
    extensions: list[bytes],
) -> bytes:
    validity = der(SEQUENCE, der_time(begins), der_time(ends))
    algorithm = SHA256_WITH_RSA if isinstance(key, rsa.RSAPrivateKey) else _SHA256_WITH_ECDSA
    extension_list = der(_EXTENSIONS_TAG, der(SEQUENCE, *extensions))
    # Unique, because every certificate has another key.
    serial = der_integer(int.from_bytes(hashlib.sha256(public_key).digest()[:16]) | 1)
    fields = (VERSION, serial, algorithm, issuer, validity, subject, public_key, extension_list)
    signed = der(SEQUENCE, *fields)
    if isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    else:
        signature = key.sign(signed, ec.ECDSA(hashes.SHA256()))
    return der(SEQUENCE, signed, algorithm, der(BIT_STRING, b"\0", signature))


def _subject(common_name: str) -> bytes:
    named = der(SEQUENCE, der(OID, COMMON_NAME), der(UTF8_STRING, common_name.encode()))
    return der(SEQUENCE, der(SET, _ORGANIZATION), der(SET, named))


def _extension(name: bytes, value: bytes, *, critical: bool = False) -> bytes:
    return der(SEQUENCE, der(OID, name), _TRUE if critical else b"", der(OCTET_STRING, value))


def _content(encoded: bytes) -> bytes:
    [element] = read_der(encoded)
    return element.content


def _key_id(public_key: bytes) -> bytes:
    """Return the SHA-1 of the key's bits (RFC 5280 4.2.1.2, method 1)."""
    [info] = read_der(public_key)
    _algorithm, bits = read_der(info.content)
    return hashlib.sha1(bits.content[1:], usedforsecurity=False).digest()
