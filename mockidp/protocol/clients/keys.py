"""The public keys of a client, to verify what it signs.

Spec: RFC 7468; RFC 7523 2.2 (client assertions), RFC 9101 (request objects).
Auth0: RSA keys, for RS256, RS384 and PS256.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from mockidp.errors import MockIdPError
from mockidp.frozen import frozen
from mockidp.protocol.tokens.base64url import base64url
from mockidp.protocol.tokens.jwt import InvalidJwt, decode, verify
from mockidp.x509.formats import public_key_of

ALGS = ("RS256", "RS384", "PS256")
_MIN_KEY_SIZE = 2048
_CERTIFICATE = "-----BEGIN CERTIFICATE-----"
_EXPECTED = "a PEM public key or certificate of an RSA key"


@frozen
class ClientKey:
    """A public key of a client."""

    kid: str
    algs: tuple[str, ...]
    """The algorithm whose signatures it verifies."""
    public_key: RSAPublicKey


class ClientKeys:
    """All public keys of a client."""

    no_such_key = "No key of the client has the `kid` {}."

    def __init__(self, keys: Iterable[ClientKey]) -> None:
        self._keys = tuple(keys)

    def find(self, kid: object) -> ClientKey | None:
        """Return the key with an id. Without an id, return the only key, if there is only one.

        Spec: OpenID Connect Core 10.1.
        """
        if kid is None and len(self._keys) == 1:
            return self._keys[0]
        return next((key for key in self._keys if key.kid == kid), None)

    def verify(self, token: str) -> dict[str, Any]:
        """Verify the signature of a JWT and return its claims. Times are not checked.

        A token without `kid` may be signed with any of the keys.

        Raises:
            InvalidToken: It is malformed, or no key of the client has signed it.
        """
        if decode(token)[0].get("kid") is not None:
            return verify(token, self, algs=ALGS)
        refused = InvalidJwt("The client has no key to verify the signature with.")
        for key in self._keys:
            try:
                return verify(token, ClientKeys([key]), algs=ALGS)
            except InvalidJwt as error:
                refused = error
        raise refused


class OneKey(ClientKeys):
    """A single key, which verifies tokens with any `kid`."""

    def __init__(self, key: ClientKey) -> None:
        super().__init__([key])

    def find(self, kid: object) -> ClientKey | None:  # noqa: ARG002 - any is accepted
        """Return the key."""
        return self._keys[0]


def verify_with_pem(pem: str, token: str) -> dict[str, Any]:
    """Verify the signature of a JWT with a single key, whatever its `kid`. Return its claims.

    Raises:
        InvalidToken: It is malformed, or another key signed it.
    """
    alg = decode(token)[0].get("alg")
    key = load_client_key(pem, alg=alg if alg in ALGS else ALGS[0], kid=None)
    return verify(token, OneKey(key), algs=ALGS)


@lru_cache(maxsize=256)
def load_client_key(pem: str, *, alg: str, kid: str | None) -> ClientKey:
    """Return the public key in a PEM document.

    Args:
        pem: A public key (SubjectPublicKeyInfo) or an X.509 certificate.
        alg: The algorithm whose signatures it verifies.
        kid: Its key id; by default its thumbprint (RFC 7638).

    Raises:
        MockIdPError: What is expected instead, such as a public key instead of a private one.
    """
    if "PRIVATE KEY-----" in pem:
        raise MockIdPError(f"{_EXPECTED}, not the private key")
    try:
        key = _load(pem.strip())
    except (ValueError, UnsupportedAlgorithm):
        raise MockIdPError(_EXPECTED) from None
    if not isinstance(key, RSAPublicKey):
        raise MockIdPError(_EXPECTED)
    if key.key_size < _MIN_KEY_SIZE:
        raise MockIdPError(f"{_EXPECTED} with at least {_MIN_KEY_SIZE} bits, not {key.key_size}")
    return ClientKey(kid=kid or _thumbprint(key), algs=(alg,), public_key=key)


def _load(pem: str) -> object:
    if pem.startswith(_CERTIFICATE):
        return serialization.load_der_public_key(public_key_of(pem))
    return serialization.load_pem_public_key(pem.encode())


def _thumbprint(key: RSAPublicKey) -> str:
    numbers = key.public_numbers()
    e, n = (
        base64url(number.to_bytes((number.bit_length() + 7) // 8))
        for number in (numbers.e, numbers.n)
    )
    canonical = json.dumps({"e": e, "kty": "RSA", "n": n}, separators=(",", ":"))
    return base64url(hashlib.sha256(canonical.encode()).digest())
