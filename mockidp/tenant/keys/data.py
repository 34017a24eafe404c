"""The keys of a tenant as plain data, for snapshots and data directories."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mockidp.codec.wire import expect, from_wire
from mockidp.errors import MockIdPError
from mockidp.frozen import frozen
from mockidp.protocol.tokens.keys import KeySet, TenantKey, load_private_keys
from mockidp.tenant.clock import LATEST
from mockidp.tenant.keys.signing import Signing

_MIN_KEYS = 2  # the current and the next


@frozen
class KeyData:
    """A signing key; the private key is PEM text."""

    kid: str
    made_at: float
    private_key: str


@frozen
class _SigningData:
    keys: tuple[KeyData, ...]
    spare_keys: tuple[KeyData, ...]
    bewit_key: str


def signing_data(signing: Signing) -> dict[str, Any]:
    """Return the plain data of all keys of a tenant."""
    return {
        "keys": keys_data(signing.keys.published),
        "spare_keys": keys_data(signing.spare),
        "bewit_key": signing.bewit_key,
    }


def signing_from(data: Any) -> Signing:
    """Return the keys of plain data.

    Raises:
        MockIdPError: The data is not valid. The text names the place.
    """
    read = from_wire(_SigningData, data)
    check_keys(read.keys, read.spare_keys)
    return Signing(
        keys=KeySet(*keys_from("/keys", read.keys)),
        spare=keys_from("/spare_keys", read.spare_keys),
        bewit_key=read.bewit_key,
    )


def keys_data(keys: Iterable[TenantKey]) -> list[dict[str, Any]]:
    """Return the plain data of signing keys."""
    return [
        {"kid": key.kid, "made_at": key.made_at, "private_key": _pem(key.private_key)}
        for key in keys
    ]


def check_keys(keys: tuple[KeyData, ...], spare: tuple[KeyData, ...]) -> None:
    """Check that there are enough keys, and that their ids are unique.

    Raises:
        MockIdPError: There are too few keys, or an id occurs twice.
    """
    expect(len(keys) >= _MIN_KEYS, "/keys", "two keys or more")
    kids = [key.kid for key in (*keys, *spare)]
    expect(len(set(kids)) == len(kids), "/keys", "each kid once, including those of spare_keys")


def keys_from(path: str, keys: tuple[KeyData, ...]) -> tuple[TenantKey, ...]:
    """Return signing keys.

    Raises:
        MockIdPError: A key is not valid. The text names the place.
    """
    return tuple(_key(f"{path}/{index}", key) for index, key in enumerate(keys))


def _key(path: str, data: KeyData) -> TenantKey:
    expect(0 <= data.made_at <= LATEST, f"{path}/made_at", "seconds since 1970, to the year 9999")
    try:
        private_key = _private_key(data.private_key)
    except (MockIdPError, ValueError) as error:
        raise MockIdPError(f"{path}/private_key: expected an RSA key as PEM; {error}") from None
    return TenantKey(private_key, kid=data.kid, made_at=data.made_at)


@lru_cache(maxsize=32)
def _private_key(pem: str) -> rsa.RSAPrivateKey:
    """Parse a key. Cached, because it takes a millisecond, and most snapshots share keys."""
    private_key, *_more = load_private_keys(pem.encode(), source="it")
    private_key.sign(b"", PKCS1v15(), SHA256())  # which a damaged key cannot do
    return private_key


@lru_cache(maxsize=32)
def _pem(private_key: rsa.RSAPrivateKey) -> str:
    pem = private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem.decode()
