"""Compare a password with a hash that was imported.

Spec: RFC 2307 5.3 (`ldap`), RFC 7914 (`scrypt`), RFC 8018 5.2 (PBKDF2), RFC 9106 (Argon2), and the
PHC string format for the last two.
Auth0: the algorithms and their parameters are those of the bulk import. Source: docs/fidelity.md.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from mockidp.resources.password_hash import PasswordHash

BCRYPT = re.compile(r"\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]{53}")
ARGON2 = re.compile(
    r"\$argon2(id|i|d)\$v=19\$m=([0-9]{1,7}),t=([0-9]{1,3}),p=([0-9]{1,3})"
    r"\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{6,}"
)
PBKDF2 = re.compile(
    r"\$pbkdf2-([A-Za-z0-9-]+)(?:\$([il]=[0-9]{1,8}(?:,[il]=[0-9]{1,8})?))?"
    r"\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)"
)
LDAP = re.compile(
    r"\{S?(MD5|SHA1?|SHA224|SHA256|SHA384|SHA512)\}([A-Za-z0-9+/]+={0,2})", re.IGNORECASE
)
_ROUNDS, _LENGTH = 100_000, 64
_BCRYPT_BYTES = 72
_MAX_MEMORY = 2**31 - 1
"""The most that `hashlib.scrypt` can be allowed, in bytes. The rules for hashes allow less."""
_DIGEST_NOISE = re.compile(r"^rsa-|withrsa(encryption)?$|^ssl3-|-2$")
"""What the name of a hash function of PBKDF2 may have in addition."""
_DIGEST_ALIASES = {"ripemd": "ripemd160", "rmd160": "ripemd160", "sha": "sha1"}


class Pbkdf2(NamedTuple):
    """A hash with PBKDF2, and its parameters."""

    digest: str
    rounds: int
    length: int
    salt: bytes
    key: bytes


def matches(stored: PasswordHash, password: str) -> bool:
    """Return whether a password has a hash. The hash has no mistakes."""
    return _VERIFY[stored.algorithm](stored, _encoded(stored, password))


def _decode(value: str, encoding: str) -> bytes:
    if encoding == "hex":
        return bytes.fromhex(value)
    return _from_base64(value) if encoding == "base64" else value.encode()


def _from_base64(text: str) -> bytes:
    """Decode base64, also that of URLs. As in Node, a single last character is ignored."""
    text = text.rstrip("=").replace("-", "+").replace("_", "/")
    whole = text[: len(text) - (len(text) % 4 == 1)]
    return b64decode(whole + "=" * (-len(whole) % 4))


def _encoded(stored: PasswordHash, password: str) -> bytes:
    """Return a password in the encoding that was hashed, as Node does."""
    encoding = stored.password.encoding if stored.password else "utf8"
    if encoding == "utf8":
        return password.encode("utf-8", "replace")
    units = password.encode("utf-16-le", "surrogatepass")
    return units if encoding in ("utf16le", "ucs2") else units[::2]


def _salted(stored: PasswordHash, password: bytes) -> bytes:
    if stored.salt is None:
        return password
    salt = _salt(stored)
    return salt + password if stored.salt.position == "prefix" else password + salt


def _salt(stored: PasswordHash) -> bytes:
    return _decode(stored.salt.value, stored.salt.encoding) if stored.salt else b""


def _value(stored: PasswordHash) -> bytes:
    return _decode(stored.hash.value, stored.hash.encoding)


def _verify_digest(stored: PasswordHash, password: bytes) -> bool:
    made = hashlib.new(stored.algorithm, _salted(stored, password), usedforsecurity=False).digest()
    return hmac.compare_digest(made, _value(stored))


def _verify_hmac(stored: PasswordHash, password: bytes) -> bool:
    held = stored.hash
    key = _decode(held.key.value, held.key.encoding) if held.key else b""
    made = hmac.digest(key, _salted(stored, password), held.digest or "")
    return hmac.compare_digest(made, _value(stored))


def _verify_ldap(stored: PasswordHash, password: bytes) -> bool:
    digest, value = parse_ldap(stored.hash.value)
    size = hashlib.new(digest, usedforsecurity=False).digest_size
    made = hashlib.new(digest, password + value[size:], usedforsecurity=False).digest()
    return hmac.compare_digest(made, value[:size])


def parse_ldap(text: str) -> tuple[str, bytes]:
    """Return the hash function, and the hash with the salt behind it."""
    found = LDAP.fullmatch(text)
    name, value = found.groups() if found else ("", "")
    return _DIGEST_ALIASES.get(name.lower(), name.lower()), _from_base64(value)


def _verify_pbkdf2(stored: PasswordHash, password: bytes) -> bool:
    one = parse_pbkdf2(stored.hash.value)
    made = hashlib.pbkdf2_hmac(one.digest, password, one.salt, one.rounds, one.length)
    return hmac.compare_digest(made, one.key)


def parse_pbkdf2(text: str) -> Pbkdf2:
    """Return the parts of a hash, which has the format."""
    found = PBKDF2.fullmatch(text)
    name, parameters, salt, key = found.groups() if found else ("", "", "", "")
    sent = dict(one.split("=") for one in (parameters or "").split(",") if one)
    digest = _DIGEST_NOISE.sub("", name.lower())
    return Pbkdf2(
        digest=_DIGEST_ALIASES.get(digest, digest),
        rounds=int(sent.get("i", _ROUNDS)),
        length=int(sent.get("l", _LENGTH)),
        salt=_from_base64(salt),
        key=_from_base64(key),
    )


def _verify_scrypt(stored: PasswordHash, password: bytes) -> bool:
    made = hashlib.scrypt(
        password, salt=_salt(stored), n=stored.cost, r=stored.block_size,
        p=stored.parallelization, dklen=stored.keylen or 0, maxmem=_MAX_MEMORY,
    )  # fmt: skip
    return hmac.compare_digest(made, _value(stored))


def _verify_argon2(stored: PasswordHash, password: bytes) -> bool:
    from cryptography.exceptions import InvalidKey  # noqa: PLC0415

    try:
        argon2_class(variant_of(stored)).verify_phc_encoded(password, stored.hash.value)
    except (InvalidKey, ValueError):
        return False
    return True


def argon2_class(variant: str) -> Any:
    """Return the class for `argon2id`, `argon2i` or `argon2d`."""
    from cryptography.hazmat.primitives.kdf import argon2  # noqa: PLC0415

    return getattr(argon2, variant.capitalize())


def variant_of(stored: PasswordHash) -> str:
    """Return the variant of Argon2: `argon2id`, `argon2i` or `argon2d`."""
    return stored.hash.value.split("$")[1]


def _verify_bcrypt(stored: PasswordHash, password: bytes) -> bool:
    import bcrypt  # noqa: PLC0415

    sent = _salted(stored, password)[:_BCRYPT_BYTES]
    return bool(bcrypt.checkpw(sent, stored.hash.value.encode()))


_VERIFY: Mapping[str, Callable[[PasswordHash, bytes], bool]] = {
    "argon2": _verify_argon2,
    "bcrypt": _verify_bcrypt,
    "hmac": _verify_hmac,
    "ldap": _verify_ldap,
    **dict.fromkeys(("md4", "md5", "sha1", "sha256", "sha512"), _verify_digest),
    "pbkdf2": _verify_pbkdf2,
    "scrypt": _verify_scrypt,
}
