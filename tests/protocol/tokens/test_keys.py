"""Keys from PEM files."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from mockidp.errors import MockIdPError
from mockidp.protocol.tokens.keys import TenantKey, generate_private_key, load_private_keys


def pem(key, *, password=None, traditional=False):
    formats = serialization.PrivateFormat
    encryption = (
        serialization.BestAvailableEncryption(password)
        if password
        else serialization.NoEncryption()
    )
    return key.private_bytes(
        serialization.Encoding.PEM,
        formats.TraditionalOpenSSL if traditional else formats.PKCS8,
        encryption,
    )


@pytest.mark.parametrize("traditional", [False, True])
def test_one_or_more_keys_are_read_from_a_pem_file(traditional):
    made = [generate_private_key() for _ in range(2)]
    text = b"a comment\n" + b"\n".join(pem(key, traditional=traditional) for key in made)
    read = load_private_keys(text, source="keys.pem")
    assert [key.private_numbers() for key in read] == [key.private_numbers() for key in made]


@pytest.mark.parametrize("text", [b"", b"-----BEGIN", b"not a key", b"\xff\x00"])
def test_a_file_without_a_key_says_how_to_make_one(text):
    with pytest.raises(
        MockIdPError, match=r"^keys.pem: no PEM private key found\. Make one: openssl"
    ):
        load_private_keys(text, source="keys.pem")


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (pem(ec.generate_private_key(ec.SECP256R1())), "the key is not RSA"),
        (
            pem(rsa.generate_private_key(65537, 1024)),
            "the key has 1024 bits, but clients require 2048",
        ),
        (pem(generate_private_key(), password=b"x"), "not an unencrypted PEM private key"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "not an unencrypted"),
    ],
    ids=["elliptic", "small", "encrypted", "broken"],
)
def test_a_key_that_cannot_be_used_is_named(text, cause):
    with pytest.raises(MockIdPError, match=f"^keys.pem: {cause}"):
        load_private_keys(text, source="keys.pem")


def test_keys_are_equal_if_key_and_id_are_equal():
    made = generate_private_key()
    one = TenantKey(made, kid="k", made_at=1.0)
    again = TenantKey(load_private_keys(pem(made), source="x")[0], kid="k", made_at=1.0)
    assert one == again
    assert {one, again} == {one}
    assert one != TenantKey(made, kid="other", made_at=1.0)
    assert one != TenantKey(made, kid="k", made_at=2.0)
    assert one != TenantKey(generate_private_key(), kid="k", made_at=1.0)
    assert one != "k"
