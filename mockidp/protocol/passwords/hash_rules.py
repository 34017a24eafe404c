"""Check the hash of a password that is imported: its format, its limits and its algorithm.

Auth0: the algorithms and their parameters are those of the bulk import. Source: docs/fidelity.md.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from typing import NamedTuple

from mockidp.protocol.passwords.hash import (
    ARGON2,
    BCRYPT,
    LDAP,
    PBKDF2,
    argon2_class,
    parse_ldap,
    parse_pbkdf2,
    variant_of,
)
from mockidp.resources.password_hash import PasswordHash
from mockidp.resources.rules import Misfit

_HEX, _BASE64 = re.compile(r"([0-9A-Fa-f]{2})+"), re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
MAX_ROUNDS, MAX_LENGTH, MAX_MEMORY = 10_000_000, 1024, 2**30
"""The largest PBKDF2 iterations, length of a key, and memory in bytes. Beyond them, a login would
take minutes."""
NEEDS_BCRYPT = 'bcrypt needs the extra `passwords` (pip install "mockidp-server[passwords]")'
NEEDS_ARGON2 = "argon2 needs the package cryptography 47 or later with OpenSSL 3.2 or later"
_DIGESTS = frozenset(
    {
        "md4", "md5", "mdc2", "ripemd160", "sha1", "sha224", "sha256", "sha384", "sha512",
        "whirlpool",
    }
)  # fmt: skip
"""The hash functions of PBKDF2."""


class _Text(NamedTuple):
    """A hash that has its parameters in its text."""

    form: re.Pattern[str]
    example: str


_TEXTS = {
    "argon2": _Text(ARGON2, "a string such as $argon2id$v=19$m=65536,t=2,p=1$SALT$HASH"),
    "bcrypt": _Text(BCRYPT, "a string such as $2b$10$..., with a cost from 04 to 16"),
    "ldap": _Text(LDAP, "a string such as {SSHA256}HASH, with md5, smd5, sha* or ssha*"),
    "pbkdf2": _Text(PBKDF2, "a string such as $pbkdf2-sha512$i=100000,l=64$SALT$HASH"),
}
"""The algorithms whose hash is a text, by their names."""


def mistakes_in_hash(stored: PasswordHash) -> Iterator[Misfit]:
    """Yield a contradiction in a hash, or that its algorithm is not available."""
    for checks in (_encodings, _salts, _formats, _limits, _missing):
        if found := next(checks(stored), None):
            yield found
            return


def _encodings(stored: PasswordHash) -> Iterator[Misfit]:
    """Check that each value has its encoding, and the hash one that its algorithm allows."""
    has_text, encoding = stored.algorithm in _TEXTS, stored.hash.encoding
    if has_text is not (encoding == "utf8"):
        expected = "utf8" if has_text else "hex or base64"
        yield Misfit(
            "hash", f"the encoding {encoding}", f"`encoding` {expected} with {stored.algorithm}"
        )
    for place, one in (("hash", stored.hash), ("hash", stored.hash.key), ("salt", stored.salt)):
        if one is not None and not _is_encoded(one.value, one.encoding):
            yield Misfit(place, "another text", f"a value in {one.encoding}")


def _salts(stored: PasswordHash) -> Iterator[Misfit]:
    if stored.salt is not None and stored.algorithm in ("argon2", "ldap", "pbkdf2"):
        yield Misfit("salt", "a salt", f"no salt, which is part of the hash of {stored.algorithm}")


def _formats(stored: PasswordHash) -> Iterator[Misfit]:
    """Check the format of a hash that has its own parameters."""
    found = _TEXTS.get(stored.algorithm)
    if found and not found.form.fullmatch(stored.hash.value):
        yield Misfit("hash", "another text", found.example)
    elif stored.algorithm == "pbkdf2" and _digest_of(stored) not in _DIGESTS:
        yield Misfit("hash", "another hash function", "a hash function such as sha512")
    if stored.algorithm == "hmac" and not (stored.hash.digest and stored.hash.key):
        yield Misfit("hash", "neither or one of them", "`digest` and `key`")
    if stored.algorithm == "scrypt" and stored.keylen is None:
        yield Misfit("keylen", "no value", "the length of the key, required with scrypt")


def _limits(stored: PasswordHash) -> Iterator[Misfit]:
    """Check the parameters that decide how long a login takes."""
    if stored.algorithm == "scrypt":
        yield from _limits_of_scrypt(stored)
    elif stored.algorithm == "pbkdf2":
        one = parse_pbkdf2(stored.hash.value)
        if not (1 <= one.rounds <= MAX_ROUNDS and 1 <= one.length <= MAX_LENGTH):
            yield Misfit("hash", "larger numbers", f"i up to {MAX_ROUNDS}, l up to {MAX_LENGTH}")
    elif stored.algorithm == "argon2":
        memory, passes, lanes = ARGON2.fullmatch(stored.hash.value).group(2, 3, 4)  # type: ignore[union-attr]
        if not 8 * int(lanes) <= int(memory) <= MAX_MEMORY // 1024 or not (
            int(passes) and int(lanes)
        ):
            yield Misfit(
                "hash", "other numbers", f"m up to {MAX_MEMORY // 1024}, at least 8 times p"
            )


def _limits_of_scrypt(stored: PasswordHash) -> Iterator[Misfit]:
    cost, size, lanes = stored.cost, stored.block_size, stored.parallelization
    if cost < 2 or cost & (cost - 1):  # noqa: PLR2004 - the smallest power of two above one
        yield Misfit("cost", str(cost), "a power of two above one")
    if size < 1 or lanes < 1 or 128 * size * (cost + lanes) > MAX_MEMORY:
        yield Misfit("blockSize", str(size), f"numbers that need at most {MAX_MEMORY} bytes")
    if not 1 <= (stored.keylen or 0) <= MAX_LENGTH:
        yield Misfit("keylen", str(stored.keylen), f"1 to {MAX_LENGTH} bytes")


def _missing(stored: PasswordHash) -> Iterator[Misfit]:
    """Check that the algorithm, or the hash function that it uses, is available."""
    if reason := _why_missing(stored):
        yield Misfit(
            "algorithm", stored.algorithm, f"an algorithm that is available here: {reason}"
        )


def _why_missing(stored: PasswordHash) -> str:
    if stored.algorithm == "bcrypt":
        return "" if find_spec("bcrypt") else NEEDS_BCRYPT
    if stored.algorithm == "argon2":
        return "" if _has_argon2(variant_of(stored)) else NEEDS_ARGON2
    digest = _digest_of(stored)
    try:
        hashlib.new(digest, usedforsecurity=False)
    except ValueError:
        return f"the OpenSSL of this Python does not have {digest}"
    return ""


def _digest_of(stored: PasswordHash) -> str:
    """Return the hash function that an algorithm uses."""
    match stored.algorithm:
        case "hmac":
            return stored.hash.digest or ""
        case "ldap":
            return parse_ldap(stored.hash.value)[0]
        case "pbkdf2":
            return parse_pbkdf2(stored.hash.value).digest
        case "scrypt":
            return "sha256"
    return stored.algorithm


def _is_encoded(value: str, encoding: str) -> bool:
    forms = {"hex": _HEX, "base64": _BASE64}
    return encoding not in forms or forms[encoding].fullmatch(value) is not None


@cache
def _has_argon2(variant: str) -> bool:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415

    try:
        kdf = argon2_class(variant)(salt=bytes(8), length=4, iterations=1, lanes=1, memory_cost=8)
        kdf.derive(b"")
    except (ImportError, AttributeError, UnsupportedAlgorithm):
        return False
    return True
