"""The hash of a password that a user is imported with: `custom_password_hash` of Auth0's import."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from mockidp.frozen import frozen
from mockidp.resources.record import Record

Encoding = Literal["base64", "hex", "utf8"]


@frozen
class HmacKey(Record):
    """The key of an HMAC."""

    value: str
    """The key."""
    encoding: Encoding = "utf8"
    """How the key is written."""


@frozen
class HashValue(Record):
    """A hash, as it is written."""

    value: str
    """The hash."""
    encoding: Encoding = "utf8"
    """How the hash is written. `base64` may be that of URLs."""
    digest: (
        Literal[
            "md4", "md5", "ripemd160", "sha1", "sha224", "sha256", "sha384", "sha512", "whirlpool"
        ]
        | None
    ) = None
    """The hash function of an HMAC."""
    key: HmacKey | None = None
    """The key of an HMAC."""


@frozen
class Salt(Record):
    """What was hashed with the password."""

    value: str
    """The salt."""
    encoding: Encoding = "utf8"
    """How the salt is written."""
    position: Literal["prefix", "suffix"] = "prefix"
    """Whether the salt comes before or after the password."""


@frozen
class HashedPassword(Record):
    """The password that was hashed."""

    encoding: Literal["ascii", "utf8", "utf16le", "ucs2", "latin1", "binary"] = "utf8"
    """The encoding of the password that was hashed."""


@frozen
class PasswordHash(Record):
    """The hash of a password, in the format of Auth0's bulk import."""

    algorithm: Literal[
        "argon2", "bcrypt", "hmac", "ldap", "md4", "md5", "sha1", "sha256", "sha512", "pbkdf2",
        "scrypt",
    ]  # fmt: skip
    """The algorithm. `bcrypt` needs the extra `passwords`."""
    hash: HashValue
    """The hash."""
    salt: Salt | None = None
    """The salt, unless it is part of the hash."""
    password: HashedPassword | None = None
    """The encoding of the password."""
    keylen: int | None = None
    """The length of a hash with `scrypt`, in bytes."""
    cost: int = 16384
    """The cost of `scrypt`, a power of two."""
    block_size: int = field(default=8, metadata={"name": "blockSize"})
    """The block size of `scrypt`."""
    parallelization: int = 1
    """The parallelization of `scrypt`."""
