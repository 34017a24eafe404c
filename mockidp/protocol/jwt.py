"""JSON Web Tokens: signed, taken apart, verified.

Made with the primitives of `cryptography`, so that a wrong token can be made on purpose, and
judged without a clock: times are for the caller, who has the tenant's.

Spec: RFC 7515, RFC 7518 3, RFC 7519.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from mockidp.protocol.base64url import base64url, unbase64url
from mockidp.protocol.keys import KeySet, SigningKey

_SHA256 = SHA256()
_MAX_NUMBER = 2**53
_PADDINGS: dict[str, padding.AsymmetricPadding] = {
    "RS256": padding.PKCS1v15(),
    "PS256": padding.PSS(mgf=padding.MGF1(_SHA256), salt_length=_SHA256.digest_size),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class UnsignedToken:
    """A JWT before it is signed. What the header says and what is done may differ."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    alg: str
    """What is really done: RS256, PS256, HS256 or none."""
    private_key: rsa.RSAPrivateKey | None = None
    secret: bytes = b""
    is_broken: bool = False
    """Whether the signature does not fit in the end."""

    def sign(self) -> str:
        """Return the JWT."""
        signed = f"{base64url(_compact(self.header))}.{base64url(_compact(self.claims))}"
        signature = self._signature(signed.encode())
        if self.is_broken:
            signature = bytes(255 - byte for byte in signature)
        return f"{signed}.{base64url(signature)}"

    def _signature(self, signed: bytes) -> bytes:
        if self.alg == "none":
            return b""
        if self.private_key is not None and self.alg in _PADDINGS:
            return self.private_key.sign(signed, _PADDINGS[self.alg], _SHA256)
        return hmac.digest(self.secret, signed, hashlib.sha256)


def make_token(
    claims: Mapping[str, Any],
    *,
    key: SigningKey | None = None,
    secret: str | bytes | None = None,
    alg: str = "RS256",
    typ: str = "JWT",
) -> UnsignedToken:
    """Make a JWT to be signed. RS256 and PS256 take `key`; HS256 takes `secret`; text as UTF-8."""
    header = {"alg": alg, "typ": typ}
    if key is not None and alg in _PADDINGS:
        header["kid"] = key.kid
    return UnsignedToken(
        header=header,
        claims=claims,
        alg=alg,
        private_key=key.private_key if key else None,
        secret=_key(secret or ""),
    )


class InvalidToken(Exception):  # noqa: N818 - the RFC's name for it
    """A JWT that is not one of ours; the text says why, in a developer's words."""


def decode(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Take a JWT apart and check nothing: header and claims.

    Raises:
        InvalidToken: It does not have the shape of a signed JWT.
    """
    parts = token.split(".")
    if len(parts) != 3:  # noqa: PLR2004 - header, payload, signature
        raise InvalidToken(f"a JWT has three parts, this has {len(parts)}")
    try:
        header, claims = (json.loads(unbase64url(part)) for part in parts[:2])
    except (ValueError, RecursionError):
        raise InvalidToken("header or payload is not base64url JSON") from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise InvalidToken("header or payload is not a JSON object")
    return header, claims


def verify(token: str, keys: KeySet, *, algs: Sequence[str] = tuple(_PADDINGS)) -> dict[str, Any]:
    """Check that one of these keys signed a JWT, and return its claims. Times are not judged.

    Raises:
        InvalidToken: Another algorithm, an unknown `kid`, or a signature that does not fit.
    """
    header, claims = decode(token)
    alg = header.get("alg")
    if alg not in algs:
        raise InvalidToken(f"it is signed with {alg}; expected {' or '.join(algs)}")
    key = keys.find(header.get("kid"))
    if key is None:
        raise InvalidToken(
            f"no key of this tenant has the kid {header.get('kid')!r}: the token was made "
            "elsewhere, before a restart, or with a key that was revoked"
        )
    signed, _, signature = token.rpartition(".")
    try:
        key.public_key.verify(unbase64url(signature), signed.encode(), _PADDINGS[str(alg)], _SHA256)
    except (ValueError, InvalidSignature):
        raise InvalidToken("the signature does not belong to the content: it was changed") from None
    return claims


def expiry(claims: Mapping[str, Any]) -> float | None:
    """Return `exp` in seconds since 1970 (RFC 7519 4.1.4); None where the token has none.

    Raises:
        InvalidToken: It is not a number.
    """
    exp = claims.get("exp")
    if exp is None and "exp" not in claims:
        return None
    if isinstance(exp, bool) or not isinstance(exp, int | float) or not abs(exp) <= _MAX_NUMBER:
        raise InvalidToken(f"its exp is {str(exp)[:40]!r}, and a number of seconds is expected")
    return exp


def verify_symmetric(token: str, secret: str | bytes) -> bool:
    """Return whether a secret signed this HS256 JWT."""
    signed, _, signature = token.rpartition(".")
    try:
        given = unbase64url(signature)
    except ValueError:
        return False
    return hmac.compare_digest(hmac.digest(_key(secret), signed.encode(), hashlib.sha256), given)


def _key(secret: str | bytes) -> bytes:
    return secret.encode() if isinstance(secret, str) else secret


def _compact(value: Mapping[str, Any]) -> bytes:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text.encode(errors="replace")
