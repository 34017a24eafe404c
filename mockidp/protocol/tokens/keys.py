"""Signing keys, and the JWKS that publishes them.

Spec: RFC 7517, RFC 7518 6.3.
Auth0: `kid` has 21 characters. The JWKS contains `x5t`, `x5c`, and the next key after the current
one.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from mockidp.errors import MockIdPError
from mockidp.protocol.tokens.base64url import base64url
from mockidp.x509.certificate import make_certificate

_KEY_SIZE = 2048
_EXPONENT = 65537
CERTIFICATE_NAME = "mockidp"
"""The common name in the certificates of keys."""
_CERTIFICATE_LIFETIME = 13 * 365 * 86400.0


class TenantKey:
    """An RSA key of a tenant. Keep the object: parsing a PEM is slow."""

    algs = ("RS256", "PS256")
    """The algorithms that the key can sign with."""

    def __init__(self, private_key: rsa.RSAPrivateKey, *, kid: str, made_at: float) -> None:
        self.private_key = private_key
        self.public_key = private_key.public_key()
        self.kid = kid
        self.made_at = made_at

    def __eq__(self, other: object) -> bool:
        """Return whether both are the same key with the same id."""
        if not isinstance(other, TenantKey):
            return NotImplemented
        return (self.kid, self.made_at, self.public_key) == (
            other.kid, other.made_at, other.public_key,
        )  # fmt: skip

    def __hash__(self) -> int:
        return hash(self.kid)

    @cached_property
    def jwk(self) -> dict[str, Any]:
        """The public key as a JWK, in Auth0's key order."""
        numbers = self.public_key.public_numbers()
        der = self.certificate
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
    def certificate(self) -> bytes:
        """A certificate for the key, as DER."""
        digest = hashlib.sha1(self.kid.encode(), usedforsecurity=False).digest()
        return make_certificate(
            self.private_key,
            name=CERTIFICATE_NAME,
            serial=int.from_bytes(digest[:8]) | 1,
            begins=self.made_at,
            ends=self.made_at + _CERTIFICATE_LIFETIME,
        )


def generate_private_key() -> rsa.RSAPrivateKey:
    """Generate an RSA key. Nothing else in `protocol` is random."""
    return rsa.generate_private_key(public_exponent=_EXPONENT, key_size=_KEY_SIZE)


def load_private_keys(pem: bytes, *, source: str) -> list[rsa.RSAPrivateKey]:
    """Read one or more unencrypted PEM private keys.

    Raises:
        MockIdPError: There is no key, or a key is encrypted, not RSA, or too small.
    """
    begin, end = b"-----BEGIN", b"-----END"
    blocks = [begin + block for block in pem.split(begin)[1:] if end in block]
    if not blocks:
        raise MockIdPError(
            f"{source}: no PEM private key found. Make one: openssl genrsa -out key.pem 2048"
        )
    return [_load_private_key(block, source) for block in blocks]


def _load_private_key(block: bytes, source: str) -> rsa.RSAPrivateKey:
    try:
        # The key is trusted, since the user supplied it. Checking its primes takes 36 ms.
        key = serialization.load_pem_private_key(
            block, password=None, unsafe_skip_rsa_key_validation=True
        )
    except (ValueError, TypeError) as error:
        raise MockIdPError(f"{source}: not an unencrypted PEM private key: {error}") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise MockIdPError(f"{source}: the key is not RSA, but tokens are signed with RS256")
    if key.key_size < _KEY_SIZE:
        raise MockIdPError(f"{source}: the key has {key.key_size} bits, but clients require 2048")
    return key


class KeySet:
    """The published keys of a tenant: current, next, and previous ones until they are revoked.

    Immutable: a rotation returns another set.
    """

    no_such_key = (
        "No key of this tenant has the `kid` {}. The token was made elsewhere, before a restart, "
        "or with a key that was revoked."
    )

    def __init__(self, current: TenantKey, following: TenantKey, *previous: TenantKey) -> None:
        self.current = current
        """The key that signs."""
        self.following = following
        """The key that will sign after a rotation."""
        self.published = (current, following, *previous)
        """The keys of the JWKS: current, next, previous."""

    def rotated(self, following: TenantKey) -> KeySet:
        """Return a set whose current key is the next one. Earlier signatures stay verifiable."""
        return KeySet(self.following, following, self.current, *self.published[2:])

    def without(self, kid: str) -> KeySet:
        """Return a set without a previous key, so that its tokens are refused.

        Returns the same set if no previous key has that id.
        """
        current, following, *previous = self.published
        kept = [key for key in previous if key.kid != kid]
        return self if len(kept) == len(previous) else KeySet(current, following, *kept)

    def find(self, kid: object) -> TenantKey | None:
        """Return the published key with that id."""
        return next((key for key in self.published if key.kid == kid), None)

    @cached_property
    def jwks_json(self) -> bytes:
        """The JWK set as JSON (RFC 7517 5)."""
        return json.dumps(self.jwks()).encode()

    def jwks(self, *, without: str = "") -> dict[str, Any]:
        """Return the JWK set, optionally without one member of each key."""
        keys = [{k: v for k, v in key.jwk.items() if k != without} for key in self.published]
        return {"keys": keys}


def _base64url_number(number: int) -> str:
    return base64url(number.to_bytes((number.bit_length() + 7) // 8))
