"""Hashes of imported passwords, compared with published ones.

Auth0's: examples of its documentation. Others: RFC 6070, OpenLDAP's FAQ, and the reference
implementation of Argon2.
"""

import hashlib
from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.kdf import argon2

from mockidp.protocol.passwords import hash_rules as password_hash_rules
from mockidp.protocol.passwords.hash import matches
from mockidp.protocol.passwords.hash_rules import mistakes_in_hash
from mockidp.resources.password_hash import (
    HashedPassword,
    HashValue,
    HmacKey,
    PasswordHash,
    Salt,
)

SHA1 = "5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8"  # of "password"
ARGON2 = "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"
ARGON2_TEXT = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$" + (
    b64encode(bytes.fromhex(ARGON2)).decode().rstrip("=")
)
PBKDF2 = "SwB5AbdlSJq+rUnZJvch0GWkKcE"
BCRYPT = "$2b$10$nFguVi9LsCAcvTZFKQlRKeLVydo8ETv483lkNsSFI/Wl1Rz1Ypo1K"  # of "hello", by Auth0
KEY = HmacKey(value="736868", encoding="hex")
HMAC = {"digest": "sha1", "key": KEY}
SCRYPT = {
    "value": "097f6197e1b41538f723e32aa7a68e8d76227d8e432ce5faa4882a913032db29",
    "encoding": "hex",
}


def stored(algorithm, value, encoding="utf8", *, digest=None, key=None, **options):
    held = HashValue(value=value, encoding=encoding, digest=digest, key=key)
    return PasswordHash(algorithm=algorithm, hash=held, **options)


def scrypt(**options):
    return stored("scrypt", **SCRYPT, **{"keylen": 32, "cost": 4096, **options})


@pytest.mark.parametrize(
    ("password", "one"),
    [
        ("password", stored("sha1", SHA1, "hex")),
        ("password", stored("sha1", b64encode(bytes.fromhex(SHA1)).decode(), "base64")),
        (
            "password",
            stored("md5", "67A1E09BB1F83F5007DC119C14D663AA", "hex", salt=Salt(value="salt")),
        ),
        # Node's Buffer.from(text, "ucs2") and the salt behind it; base64 for URLs.
        (
            "P\u00e4ss",
            stored(
                "sha256",
                "RpZHL-ZDokKp8PSjnB9-RTTKPWpzBUPAXyeuN7qifY4",
                "base64",
                salt=Salt(value="c2FsdA==", encoding="base64", position="suffix"),
                password=HashedPassword(encoding="ucs2"),
            ),
        ),
        ("test", stored("hmac", "cg7f42jH39/2EaAU4wNd4s2lKIk=", "base64", **HMAC)),
        ("password", scrypt(salt=Salt(value="abc123"))),
        ("secret", stored("ldap", "{SSHA}DkMTwBl+a/3DQTxCYEApdUtNXGgdUac3")),
        ("secret", stored("ldap", "{md5}Xr4ilOzQ4PCOq3aQ0qbuaQ==")),
        ("password", stored("pbkdf2", f"$pbkdf2-sha1$i=4096,l=20$c2FsdA${PBKDF2}")),
        ("password", stored("pbkdf2", f"$pbkdf2-RSA-SHA1-2$l=20,i=4096$c2FsdA${PBKDF2}")),
        ("password", stored("argon2", ARGON2_TEXT)),
    ],
)
def test_a_password_has_its_published_hash(password, one):
    assert list(mistakes_in_hash(one)) == []
    assert matches(one, password)
    assert not matches(one, password + "x")


def test_passwords_are_encoded_as_by_node():
    latin = stored(
        "sha1",
        hashlib.sha1(b"\xe9\xac").hexdigest(),
        "hex",
        password=HashedPassword(encoding="latin1"),
    )
    assert matches(latin, "\u00e9\u20ac")


def test_bcrypt_reads_72_bytes():
    bcrypt = pytest.importorskip("bcrypt")
    assert matches(stored("bcrypt", BCRYPT), "hello")
    assert not matches(stored("bcrypt", BCRYPT), "hallo")
    salted = bcrypt.hashpw(b"salt" + b"p" * 68, bcrypt.gensalt(4)).decode().replace("$2b", "$2y")
    assert matches(stored("bcrypt", salted, salt=Salt(value="salt")), "p" * 80)


def test_a_missing_package_or_hash_function_is_named(monkeypatch):
    monkeypatch.setattr(password_hash_rules, "find_spec", lambda _name: None)
    (bcrypt,) = mistakes_in_hash(stored("bcrypt", BCRYPT))
    assert 'pip install "mockidp-server[passwords]"' in bcrypt.expected
    monkeypatch.setattr(password_hash_rules, "find_spec", lambda _name: object())
    assert list(mistakes_in_hash(stored("bcrypt", BCRYPT))) == []

    password_hash_rules._has_argon2.cache_clear()  # it is measured once for a process
    monkeypatch.delattr(argon2, "Argon2id")
    (found,) = mistakes_in_hash(stored("argon2", ARGON2_TEXT))
    assert "cryptography 47" in found.expected
    password_hash_rules._has_argon2.cache_clear()

    def refuse(name, **_options):
        raise ValueError(name)

    monkeypatch.setattr(hashlib, "new", refuse)
    for one, name in (
        (stored("md4", "00", "hex"), "md4"),
        (stored("hmac", "00", "hex", **HMAC), "sha1"),
        (stored("ldap", "{SSHA}AAAA"), "sha1"),
        (stored("pbkdf2", "$pbkdf2-whirlpool$AAAA$AAAA"), "whirlpool"),
        (scrypt(), "sha256"),
    ):
        (found,) = mistakes_in_hash(one)
        assert (found.field, found.expected.rpartition(" ")[2]) == ("algorithm", name)


@pytest.mark.parametrize(
    ("one", "field", "expected"),
    [
        (stored("md5", "00"), "hash", "`encoding` hex or base64 with md5"),
        (stored("bcrypt", BCRYPT, "base64"), "hash", "`encoding` utf8 with bcrypt"),
        (stored("md5", "0", "hex"), "hash", "a value in hex"),
        (
            stored("sha1", "00", "hex", salt=Salt(value="*", encoding="base64")),
            "salt",
            "a value in base64",
        ),
        (stored("argon2", ARGON2_TEXT, salt=Salt(value="a")), "salt", "no salt"),
        (stored("argon2", "$argon2id$"), "hash", "a string such as $argon2id$"),
        (stored("argon2", ARGON2_TEXT.replace("m=256", "m=7")), "hash", "m up to 1048576"),
        (stored("argon2", ARGON2_TEXT.replace("t=2", "t=0")), "hash", "m up to 1048576"),
        (stored("bcrypt", BCRYPT.replace("$2b", "$2x")), "hash", "a string such as $2b$10$"),
        (stored("ldap", "{CRYPT}AAAA"), "hash", "a string such as {SSHA256}HASH"),
        (stored("pbkdf2", "$pbkdf2-shake128$AAAA$AAAA"), "hash", "a hash function"),
        (stored("pbkdf2", "$pbkdf2-sha1$i=99999999$AAAA$AAAA"), "hash", "i up to 10000000"),
        (stored("hmac", "00", "hex", digest="sha1"), "hash", "`digest` and `key`"),
        (scrypt(keylen=None), "keylen", "the length of the key"),
        (scrypt(keylen=0), "keylen", "1 to 1024 bytes"),
        (scrypt(cost=1000), "cost", "a power of two"),
        (scrypt(cost=2**20), "blockSize", "numbers that need at most 1073741824"),
    ],
)
def test_a_hash_that_no_password_can_have_is_refused(one, field, expected):
    (found,) = mistakes_in_hash(one)
    assert (found.field, found.expected[: len(expected)]) == (field, expected)
