"""The public keys that a client registers, to verify what it signs.

Spec: RFC 7517; RFC 7523 2.2 (client assertions), RFC 9101 (request objects).
Auth0: RS256, RS384 and PS256 for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from mockidp.errors import MockIdPError

_RSA_ALGS = ("RS256", "RS384", "PS256")
_EC_ALGS = ("ES256",)
ALGS = (*_RSA_ALGS, *_EC_ALGS)
_MIN_KEY_SIZE = 2048
_PRIVATE = {"d", "dp", "dq", "k", "oth", "p", "q", "qi"}
"""Members of private and symmetric keys (RFC 7518 6)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientKey:
    """A public key of a client."""

    kid: str | None
    algs: tuple[str, ...]
    """The algorithms whose signatures it may verify."""
    public_key: RSAPublicKey | EllipticCurvePublicKey


class ClientKeys:
    """All public keys of a client."""

    no_such_key = "No key of this client has the `kid` {}."

    def __init__(self, keys: Iterable[ClientKey]) -> None:
        self._keys = tuple(keys)

    def find(self, kid: object) -> ClientKey | None:
        """Return the key with an id. A token without `kid` belongs to the only key, if it is one.

        Spec: OpenID Connect Core 10.1.
        """
        if kid is None and len(self._keys) == 1:
            return self._keys[0]
        return next((key for key in self._keys if kid is not None and key.kid == kid), None)


def parse_client_key(jwk: Mapping[str, Any], *, source: str) -> ClientKey:
    """Return the public key that a JWK contains.

    Raises:
        MockIdPError: It is malformed, private, too small, or of a type that is not supported.
    """
    from jwt import PyJWK, PyJWTError  # noqa: PLC0415 - 10 to 40 ms

    if private := sorted(_PRIVATE & jwk.keys()):
        raise MockIdPError(
            f"{source}: this is a private or secret key: it has {', '.join(private)}. Register the "
            "public key"
        )
    alg = jwk.get("alg")
    try:
        key = PyJWK({name: value for name, value in jwk.items() if name != "alg"}).key
    except (PyJWTError, ValueError, TypeError, KeyError) as error:
        raise MockIdPError(f"{source}: not a usable JWK: {error}") from None
    supported = _supported(key, source)
    if alg is not None and alg not in supported:
        raise MockIdPError(f"{source}: alg is {alg!r}; this key can verify {', '.join(supported)}")
    if jwk.get("use", "sig") != "sig":
        raise MockIdPError(f"{source}: use is {jwk['use']!r}; `sig` is expected")
    return ClientKey(kid=jwk.get("kid"), algs=(alg,) if alg else supported, public_key=key)


def _supported(key: object, source: str) -> tuple[str, ...]:
    """Return the algorithms that a key can verify."""
    if isinstance(key, RSAPublicKey):
        if key.key_size < _MIN_KEY_SIZE:
            raise MockIdPError(
                f"{source}: the key has {key.key_size} bits; at least {_MIN_KEY_SIZE} are required"
            )
        return _RSA_ALGS
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return _EC_ALGS
    raise MockIdPError(f"{source}: an RSA key or a key on the curve P-256 is expected")
