"""Public keys of credentials, and signatures with them: EdDSA, ES256 and RS256.

Spec: RFC 9053 2 and 7, RFC 8812 2; Web Authentication Level 2, 5.8.5 and 6.5.1.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

from mockidp.protocol.webauthn.cbor import decode_cbor, encode_cbor
from mockidp.protocol.webauthn.ceremony import EDDSA, ES256, RS256

PublicKey = EllipticCurvePublicKey | Ed25519PublicKey | RSAPublicKey
_KTY, _ALG, _CRV, _X, _Y = 1, 3, -1, -2, -3
_N, _E = -1, -2
_OKP, _EC2, _RSA = 1, 2, 3
_P256, _ED25519 = 1, 6
_COORDINATE = 32


def algorithm_of(key: Any) -> int | None:
    """Return the algorithm of a COSE key; None if it has none."""
    found = key.get(_ALG) if isinstance(key, Mapping) else None
    return found if isinstance(found, int) else None


def read_public_key(key: Mapping[int, Any]) -> PublicKey:
    """Return the public key in a COSE key.

    Raises:
        ValueError: It is no key of the three algorithms.
    """
    try:
        return _READERS[key[_ALG]](key)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"is not a COSE key of EdDSA, ES256 or RS256 ({error!r:.80})") from None


def _read_okp(key: Mapping[int, Any]) -> PublicKey:
    _expect(key, {_KTY: _OKP, _CRV: _ED25519})
    return Ed25519PublicKey.from_public_bytes(key[_X])


def _read_ec2(key: Mapping[int, Any]) -> PublicKey:
    _expect(key, {_KTY: _EC2, _CRV: _P256})
    x, y = (int.from_bytes(key[name]) for name in (_X, _Y))
    return EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()


def _read_rsa(key: Mapping[int, Any]) -> PublicKey:
    _expect(key, {_KTY: _RSA})
    e, n = int.from_bytes(key[_E]), int.from_bytes(key[_N])
    return RSAPublicNumbers(e, n).public_key()


def _expect(key: Mapping[int, Any], values: Mapping[int, int]) -> None:
    for name, value in values.items():
        if key[name] != value:
            raise ValueError(f"parameter {name} is {key[name]!r:.20}")


_READERS = {EDDSA: _read_okp, ES256: _read_ec2, RS256: _read_rsa}


def load_public_key(encoded: bytes) -> PublicKey:
    """Return the public key in an encoded COSE key.

    Raises:
        ValueError: It is no key of the three algorithms.
    """
    key, rest = decode_cbor(encoded)
    if rest or not isinstance(key, Mapping):
        raise ValueError("is not a single map in CBOR")
    return read_public_key(key)


def dump_public_key(key: PublicKey) -> bytes:
    """Encode a public key as COSE key."""
    if isinstance(key, Ed25519PublicKey):
        return encode_cbor({_KTY: _OKP, _ALG: EDDSA, _CRV: _ED25519, _X: key.public_bytes_raw()})
    if isinstance(key, EllipticCurvePublicKey):
        point = key.public_numbers()
        x, y = point.x.to_bytes(_COORDINATE), point.y.to_bytes(_COORDINATE)
        return encode_cbor({_KTY: _EC2, _ALG: ES256, _CRV: _P256, _X: x, _Y: y})
    numbers = key.public_numbers()
    n, e = (one.to_bytes((one.bit_length() + 7) // 8) for one in (numbers.n, numbers.e))
    return encode_cbor({_KTY: _RSA, _ALG: RS256, _N: n, _E: e})


def is_signed(key: PublicKey, signature: bytes, data: bytes) -> bool:
    """Return whether a signature of the data is by the owner of a public key."""
    try:
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, data)
        elif isinstance(key, EllipticCurvePublicKey):
            key.verify(signature, data, ECDSA(SHA256()))
        else:
            key.verify(signature, data, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True
