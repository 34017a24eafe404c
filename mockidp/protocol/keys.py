"""Signing keys, the JWKS that publishes them, and JWTs signed with them.

Spec: RFC 7515, RFC 7517, RFC 7518.
Auth0: `kid` is 21 characters; the JWKS carries `x5t` and `x5c`, and the next key beside the
current one.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from mockidp.errors import MockIdPError

_KEY_SIZE = 2048
_EXPONENT = 65537
_CERTIFICATE_YEARS = 13
_ASYMMETRIC = ("RS256", "PS256")


def base64url(data: bytes) -> str:
    """Encode without padding (RFC 7515 2)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def unbase64url(text: str) -> bytes:
    """Decode with or without padding.

    Raises:
        ValueError: The text is not base64url.
    """
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))


class SigningKey:
    """One RSA key of a tenant. One object lives as long as the process: parsing a PEM is slow."""

    def __init__(self, private_key: rsa.RSAPrivateKey, *, kid: str, made_at: float) -> None:
        self.private_key = private_key
        self.public_key = private_key.public_key()
        self.kid = kid
        self._made_at = made_at

    @cached_property
    def jwk(self) -> dict[str, Any]:
        """The public key as a JWK, in Auth0's key order."""
        numbers = self.public_key.public_numbers()
        der = self._certificate.public_bytes(serialization.Encoding.DER)
        return {
            "kty": "RSA",
            "use": "sig",
            "n": _base64url_number(numbers.n),
            "e": _base64url_number(numbers.e),
            "kid": self.kid,
            "x5t": base64url(hashlib.sha1(der, usedforsecurity=False).digest()),
            "x5c": [b64encode(der).decode()],
            "alg": "RS256",
        }

    @cached_property
    def _certificate(self) -> x509.Certificate:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mockidp")])
        begins = datetime.fromtimestamp(self._made_at, UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.public_key)
            .serial_number(int.from_bytes(hashlib.sha1(self.kid.encode()).digest()[:8]) | 1)  # noqa: S324 - a number
            .not_valid_before(begins)
            .not_valid_after(begins + timedelta(days=365 * _CERTIFICATE_YEARS))
            .sign(self.private_key, hashes.SHA256())
        )


def generate_private_key() -> rsa.RSAPrivateKey:
    """Make an RSA key: the only randomness of this floor."""
    return rsa.generate_private_key(public_exponent=_EXPONENT, key_size=_KEY_SIZE)


def load_private_keys(pem: bytes, *, source: str) -> list[rsa.RSAPrivateKey]:
    """Read one or more unencrypted PEM private keys.

    Raises:
        MockIdPError: No key, an encrypted one, one that is not RSA, or one that is too small.
    """
    begin, end = b"-----BEGIN", b"-----END"
    blocks = [begin + block for block in pem.split(begin)[1:] if end in block]
    if not blocks:
        raise MockIdPError(
            f"{source}: no PEM private key found. Make one: openssl genrsa -out {source} 2048"
        )
    return [_load_private_key(block, source) for block in blocks]


def _load_private_key(block: bytes, source: str) -> rsa.RSAPrivateKey:
    try:
        # The key is our user's own: checking its primes would cost 36 ms.
        key = serialization.load_pem_private_key(
            block, password=None, unsafe_skip_rsa_key_validation=True
        )
    except (ValueError, TypeError) as error:
        raise MockIdPError(f"{source}: not an unencrypted PEM private key: {error}") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise MockIdPError(f"{source}: the key is not RSA, and tokens are signed with RS256")
    if key.key_size < _KEY_SIZE:
        raise MockIdPError(f"{source}: the key has {key.key_size} bits; clients ask for 2048")
    return key


class KeySet:
    """A tenant's signing keys: current, next, and previous ones until they are revoked."""

    def __init__(self, current: SigningKey, following: SigningKey, *previous: SigningKey) -> None:
        self.current = current
        self.following = following
        self.previous = previous

    @property
    def published(self) -> tuple[SigningKey, ...]:
        """The keys that the JWKS has."""
        return (self.current, self.following, *self.previous)

    def rotate(self, following: SigningKey) -> None:
        """Make the next key the current one; what it signed before stays verifiable."""
        self.previous = (self.current, *self.previous)
        self.current, self.following = self.following, following
        self.__dict__.pop("jwks_json", None)

    def revoke(self, kid: str) -> bool:
        """Withdraw a previous key; its tokens are no good from now on. True if it was there."""
        kept = tuple(key for key in self.previous if key.kid != kid)
        revoked = len(kept) < len(self.previous)
        self.previous = kept
        self.__dict__.pop("jwks_json", None)
        return revoked

    def find(self, kid: object) -> SigningKey | None:
        """Return the published key with that id."""
        return next((key for key in self.published if key.kid == kid), None)

    @cached_property
    def jwks_json(self) -> bytes:
        """The JWK set (RFC 7517 5), made anew only when the keys change."""
        return json.dumps({"keys": [key.jwk for key in self.published]}).encode()


def sign(
    claims: Mapping[str, Any],
    *,
    key: SigningKey | None = None,
    secret: str | None = None,
    alg: str = "RS256",
    typ: str = "JWT",
) -> str:
    """Make a JWT. RS256 and PS256 take `key`; HS256 takes `secret`, as UTF-8 bytes."""
    header = {"alg": alg, "typ": typ}
    if alg in _ASYMMETRIC:
        assert key is not None  # noqa: S101 - the caller's promise, for the type checker
        header["kid"] = key.kid
        signing_key: Any = key.private_key
    else:
        signing_key = (secret or "").encode()
    signed = f"{base64url(_compact(header))}.{base64url(_compact(claims))}".encode()
    signature = jwt.get_algorithm_by_name(alg).sign(signed, signing_key)
    return f"{signed.decode()}.{base64url(signature)}"


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


def verify(token: str, keys: KeySet, *, algs: Sequence[str] = _ASYMMETRIC) -> dict[str, Any]:
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
        good = jwt.get_algorithm_by_name(str(alg)).verify(
            signed.encode(), key.public_key, unbase64url(signature)
        )
    except ValueError:
        good = False
    if not good:
        raise InvalidToken("the signature does not belong to the content: it was changed")
    return claims


def verify_symmetric(token: str, secret: str) -> bool:
    """Tell whether a secret signed this HS256 JWT."""
    signed, _, signature = token.rpartition(".")
    algorithm = jwt.get_algorithm_by_name("HS256")
    try:
        return bool(algorithm.verify(signed.encode(), secret.encode(), unbase64url(signature)))
    except ValueError:
        return False


def _compact(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _base64url_number(number: int) -> str:
    return base64url(number.to_bytes((number.bit_length() + 7) // 8))
