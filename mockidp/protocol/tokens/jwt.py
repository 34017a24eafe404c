"""JSON Web Tokens: sign, decode, verify.

Signatures come from PyJWT's algorithm objects, not from `jwt.encode` and `jwt.decode`: a test
needs tokens that `encode` refuses to make, and `decode` compares times with the machine's clock
instead of the tenant's.

Spec: RFC 7515, RFC 7518 3, RFC 7519.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard

from mockidp.frozen import frozen
from mockidp.protocol.compact_json import compact_json
from mockidp.protocol.tokens.base64url import base64url, unbase64url

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
    from jwt.algorithms import Algorithm

    from mockidp.protocol.tokens.keys import TenantKey

_MAX_NUMBER = 2**53


class PublicKey(Protocol):
    """A public key that verifies signatures."""

    @property
    def kid(self) -> str | None:
        """The key id that a token's header names."""
        ...

    @property
    def algs(self) -> Sequence[str]:
        """The algorithms whose signatures the key may verify."""
        ...

    @property
    def public_key(self) -> RSAPublicKey:
        """The key itself."""
        ...


class PublicKeys(Protocol):
    """A set of keys, of a tenant or of a client."""

    no_such_key: str
    """The hint if a token has the unknown kid `{}`."""

    def find(self, kid: object, /) -> PublicKey | None:
        """Return the key with an id."""
        ...


@frozen
class UnsignedToken:
    """A JWT before it is signed. In a deliberately wrong one the header names another algorithm."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    alg: str
    """The algorithm that signs: RS256, PS256, HS256 or none."""
    private_key: RSAPrivateKey | None = None
    secret: bytes = b""
    is_broken: bool = False
    """Whether to invert the signature, so that it matches no key."""

    def sign(self) -> str:
        """Return the JWT."""
        signed = f"{base64url(compact_json(self.header))}.{base64url(compact_json(self.claims))}"
        key = self.secret if self.alg.startswith("HS") else self.private_key
        signature = _algorithm(self.alg).sign(signed.encode(), key)
        if self.is_broken:
            signature = bytes(255 - byte for byte in signature)
        return f"{signed}.{base64url(signature)}"


def make_token(
    claims: Mapping[str, Any],
    *,
    key: TenantKey | None = None,
    secret: str | bytes | None = None,
    alg: str = "RS256",
    typ: str = "JWT",
) -> UnsignedToken:
    """Return a JWT to be signed: with `key` for RS256 and PS256, with `secret` for HS256."""
    header = {"alg": alg, "typ": typ}
    if key is not None and not alg.startswith("HS"):
        header["kid"] = key.kid
    return UnsignedToken(
        header=header,
        claims=claims,
        alg=alg,
        private_key=key.private_key if key else None,
        secret=_bytes(secret or ""),
    )


class InvalidJwt(Exception):  # noqa: N818 - the RFC's name for it
    """A JWT cannot be accepted. The message is the reason, in sentences for a hint."""


def decode(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims of a JWT without verifying anything.

    Raises:
        InvalidToken: It does not have the shape of a signed JWT.
    """
    parts = token.split(".")
    if len(parts) != 3:  # noqa: PLR2004 - header, payload, signature
        raise InvalidJwt(f"A JWT has three parts, but this has {len(parts)}.")
    try:
        header, claims = (_parse(unbase64url(part)) for part in parts[:2])
    except (ValueError, RecursionError):
        raise InvalidJwt("Header or payload is not base64url JSON.") from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise InvalidJwt("Header or payload is not a JSON object.")
    return header, claims


def verify(
    token: str, keys: PublicKeys, *, algs: Sequence[str] = ("RS256", "PS256")
) -> dict[str, Any]:
    """Verify the signature of a JWT and return its claims. Times are not checked.

    Raises:
        InvalidToken: Another algorithm, an unknown `kid`, or a signature of another key.
    """
    header, claims = decode(token)
    alg = header.get("alg")
    if not isinstance(alg, str) or alg not in algs:
        raise InvalidJwt(f"The token is signed with {alg} instead of {' or '.join(algs)}.")
    kid = header.get("kid")
    key = keys.find(kid)
    if key is None and kid is None:
        raise InvalidJwt("The token has no `kid`, which names the key that it is signed with.")
    if key is None:
        raise InvalidJwt(keys.no_such_key.format(repr(kid)))
    if alg not in key.algs:
        raise InvalidJwt(
            f"The token is signed with {alg}, but key {key.kid!r} is for {' or '.join(key.algs)}."
        )
    if not _is_signed(token, alg, key.public_key):
        raise InvalidJwt("The signature does not match the content, which was changed.")
    return claims


def verify_symmetric(token: str, secret: str | bytes) -> bool:
    """Return whether a secret signed this HS256 JWT."""
    return _is_signed(token, "HS256", _bytes(secret))


def expiry(claims: Mapping[str, Any]) -> float | None:
    """Return `exp` in seconds since 1970 (RFC 7519 4.1.4), or None if the token has none.

    Raises:
        InvalidToken: It is not a number.
    """
    exp = claims.get("exp")
    if exp is None and "exp" not in claims:
        return None
    if not is_numeric_date(exp):
        raise InvalidJwt(f"Claim `exp` is {str(exp)[:40]!r} instead of a number of seconds.")
    return exp


def is_numeric_date(value: object) -> TypeGuard[float]:
    """Return whether a claim is a NumericDate (RFC 7519 2), and not infinite."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= _MAX_NUMBER


def _parse(data: bytes) -> Any:
    """Parse JSON. It allows half a surrogate pair, which cannot be encoded, so that is refused."""
    value = json.loads(data)
    if b"\\u" in data:
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _is_signed(token: str, alg: str, key: object) -> bool:
    signed, _, encoded = token.rpartition(".")
    try:
        signature = unbase64url(encoded)
    except ValueError:
        return False
    return _algorithm(alg).verify(signed.encode(), key, signature)


def _algorithm(name: str) -> Algorithm:
    return _algorithms()[name]


@cache
def _algorithms() -> dict[str, Algorithm]:
    from jwt.algorithms import get_default_algorithms  # noqa: PLC0415 - 10 to 40 ms

    return get_default_algorithms()


def _bytes(secret: str | bytes) -> bytes:
    return secret.encode() if isinstance(secret, str) else secret
