"""The certificate with which a client proves who it is, or binds its access tokens.

Spec: RFC 8705 2 and 3.1.
Auth0: a proxy sends it in a header, with the result of its own checks (docs/fidelity.md, "Mutual
TLS").
"""

from __future__ import annotations

import hashlib
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from mockidp.frozen import frozen
from mockidp.protocol.tokens.base64url import base64url
from mockidp.x509.subject import is_self_issued, subject_of

THUMBPRINT = "x5t#S256"
_MAX_HEADER = 4096
_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


@frozen(kw_only=False)
class ClientCertificate:
    """A certificate, and whether an authority has signed it."""

    der: bytes
    is_ca_verified: bool

    @property
    def thumbprint(self) -> str:
        """The SHA-256 thumbprint, as base64url (RFC 8705 3.1)."""
        return thumbprint_of(self.der)

    @property
    def subject(self) -> str:
        """The subject, with an attribute in each line."""
        return subject_of(self.der)

    def describe(self) -> str:
        """Describe it for a hint."""
        by = "signed by an authority" if self.is_ca_verified else "self-signed"
        return (
            f"the {by} certificate with the subject {one_line(self.subject)} and the thumbprint "
            f"{self.thumbprint}"
        )


def thumbprint_of(der: bytes) -> str:
    """Return the SHA-256 thumbprint of a certificate, as base64url."""
    return base64url(hashlib.sha256(der).digest())


def one_line(subject: str) -> str:
    """Return a subject in a single line, for a hint."""
    return ", ".join(subject.split("\n"))


def der_of(pem: str) -> bytes:
    """Return the first certificate in a PEM text, as DER.

    Raises:
        ValueError: The text has no certificate.
    """
    _, begin, rest = pem.partition(_BEGIN)
    encoded, end, _ = rest.partition(_END)
    if not begin or not end:
        raise ValueError("it is not a PEM certificate")
    try:
        der = b64decode("".join(encoded.split()), validate=True)
    except NotBase64:
        raise ValueError("its base64 is wrong") from None
    subject_of(der)
    return der


def from_handshake(der: bytes) -> ClientCertificate:
    """Return a certificate of a TLS handshake, which the server has accepted."""
    return ClientCertificate(der, is_ca_verified=not is_self_issued(der))


def from_headers(sent: str, verified: str | None) -> ClientCertificate:
    """Return a certificate that a proxy has sent.

    Args:
        sent: The header `client-certificate`: percent-encoded PEM.
        verified: The header `client-certificate-ca-verified`: `SUCCESS`, or `FAILED` and a reason.

    Raises:
        ValueError: A header is wrong. The message is a sentence.
    """
    if len(sent) > _MAX_HEADER:
        raise ValueError(
            f"Header `client-certificate` has {len(sent)} characters. Auth0 accepts {_MAX_HEADER}: "
            "send only the first certificate of the chain."
        )
    word = (verified or "").partition(":")[0].strip()
    if word not in ("SUCCESS", "FAILED"):
        raise ValueError(
            f"Header `client-certificate-ca-verified` is {(verified or '')[:100]!r}. Send SUCCESS "
            "if an authority has signed the certificate, or FAILED."
        )
    try:
        der = der_of(unquote(sent))
    except ValueError as error:
        raise ValueError(
            f"Header `client-certificate` cannot be read, because {error}. Send the certificate as "
            "PEM, percent-encoded."
        ) from None
    return ClientCertificate(der, is_ca_verified=word == "SUCCESS")


def bound_thumbprint(claims: Mapping[str, Any]) -> str:
    """Return the thumbprint to which the claims of a token bind it; empty for none."""
    confirmation = claims.get("cnf")
    return str(confirmation.get(THUMBPRINT, "")) if isinstance(confirmation, dict) else ""
