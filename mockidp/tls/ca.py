"""A CA: its key and its certificate, and the certificates that it signs."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterable
from typing import Self

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from mockidp.frozen import frozen
from mockidp.tls.certificate import (
    CaCertificate,
    PrivateKey,
    encode_public_key,
    make_ca_certificate,
    make_server_certificate,
)
from mockidp.tls.names import LOCAL_NAMES, add_names

_DAY = 86400
_CA_LIFETIME = 730 * _DAY
SERVER_LIFETIME = 90 * _DAY
RENEW_BEFORE = 30 * _DAY
"""How long before its expiry a CA is replaced."""
_BACKDATED = _DAY
"""So that a client whose clock is slow, as in a virtual machine, accepts a new certificate."""
_CERTIFICATE = re.compile(
    rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\r?\n?", re.DOTALL
)


@frozen
class Ca:
    """A CA.

    Attributes:
        key: The private key.
        certificate: The parsed certificate.
        certificate_pem: The certificate as PEM.
    """

    key: PrivateKey
    certificate: CaCertificate
    certificate_pem: bytes

    @classmethod
    def make(cls, names: Iterable[str], *, now: float) -> Self:
        """Create a CA for local names and the given normalized names."""
        key = ec.generate_private_key(ec.SECP256R1())
        begins = now - _BACKDATED
        encoded = make_ca_certificate(
            key, permitted=add_names(LOCAL_NAMES, names), begins=begins, ends=begins + _CA_LIFETIME
        )
        return cls(key=key, certificate=CaCertificate.parse(encoded), certificate_pem=_pem(encoded))

    @classmethod
    def from_pem(cls, pem: bytes) -> Self:
        """Parse a private key, and the first certificate after or before it.

        Raises:
            ValueError: Key or certificate is missing or damaged, or they do not match.
        """
        found = _CERTIFICATE.search(pem)
        if found is None:
            raise ValueError("no certificate")
        key = serialization.load_pem_private_key(pem, None)
        if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            raise ValueError("the key is neither an RSA key nor one of an elliptic curve")  # noqa: TRY004
        encoded = ssl.PEM_cert_to_DER_cert(found.group().decode("ascii"))
        certificate = CaCertificate.parse(encoded)
        if certificate.public_key != encode_public_key(key):
            raise ValueError("the key belongs to another certificate")
        return cls(key=key, certificate=certificate, certificate_pem=_pem(encoded))

    @property
    def pem(self) -> bytes:
        """The private key and the certificate."""
        return _key_pem(self.key) + self.certificate_pem

    def issue(self, names: Iterable[str], *, now: float) -> bytes:
        """Return a new private key and a certificate for a server, as PEM.

        Args:
            names: Host names and addresses, normalized.
            now: The time, in seconds since 1970.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        encoded = make_server_certificate(
            self.certificate,
            self.key,
            encode_public_key(key),
            names=names,
            begins=max(now - _BACKDATED, self.certificate.begins),
            ends=min(now + SERVER_LIFETIME, self.certificate.ends),
        )
        return _key_pem(key) + _pem(encoded)


def _key_pem(key: PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _pem(encoded: bytes) -> bytes:
    return ssl.DER_cert_to_PEM_cert(encoded).encode()
