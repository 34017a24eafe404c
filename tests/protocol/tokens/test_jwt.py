"""Tokens are signed and verified with PyJWT's algorithms; joserfc and PyJWT are the oracles."""

import subprocess
import sys

import jwt
import pytest

from mockidp.protocol.clients.keys import ALGS
from mockidp.protocol.tokens.foreign_key import foreign_private_key
from mockidp.protocol.tokens.jwt import (
    InvalidJwt,
    UnsignedToken,
    make_token,
    verify,
    verify_symmetric,
)
from mockidp.protocol.tokens.keys import KeySet, TenantKey, generate_private_key

CLAIMS = {"sub": "auth0|alice", "iss": "client"}
RSA_KEY = generate_private_key()
TENANT_KEYS = KeySet(
    TenantKey(RSA_KEY, kid="current", made_at=0.0),
    TenantKey(foreign_private_key(), kid="next", made_at=0.0),
)


def refusal(token, keys, algs=ALGS):
    with pytest.raises(InvalidJwt) as refused:
        verify(token, keys, algs=algs)
    return str(refused.value)


@pytest.mark.parametrize("alg", ["RS256", "PS256"])
def test_a_token_of_the_tenant_verifies_with_its_keys_and_in_pyjwt(alg):
    token = make_token(CLAIMS, key=TENANT_KEYS.current, alg=alg).sign()
    assert verify(token, TENANT_KEYS) == CLAIMS
    assert jwt.decode(token, RSA_KEY.public_key(), algorithms=[alg]) == CLAIMS
    assert jwt.get_unverified_header(token) == {"alg": alg, "typ": "JWT", "kid": "current"}


def test_a_token_signed_with_a_secret_verifies_with_it_and_in_pyjwt():
    secret = "a secret with ünicode and enough length"
    token = make_token(CLAIMS, secret=secret, alg="HS256").sign()
    assert verify_symmetric(token, secret)
    assert verify_symmetric(token, secret.encode())
    assert not verify_symmetric(token, secret + "x")
    assert not verify_symmetric(token + "=", secret)
    assert jwt.decode(token, secret, algorithms=["HS256"]) == CLAIMS


def test_a_token_may_be_unsigned_broken_or_signed_with_the_public_key():
    unsigned = UnsignedToken(header={"alg": "none"}, claims=CLAIMS, alg="none").sign()
    assert unsigned.endswith(".")
    assert refusal(unsigned, TENANT_KEYS) == (
        "The token is signed with none instead of RS256 or RS384 or PS256."
    )
    broken = make_token(CLAIMS, key=TENANT_KEYS.current)
    broken = UnsignedToken(
        header=broken.header, claims=CLAIMS, alg="RS256", private_key=RSA_KEY, is_broken=True
    ).sign()
    assert refusal(broken, TENANT_KEYS) == (
        "The signature does not match the content, which was changed."
    )
    confused = UnsignedToken(
        header={"alg": "RS256", "kid": "current"}, claims=CLAIMS, alg="HS256", secret=b"pem"
    ).sign()
    assert refusal(confused, TENANT_KEYS) == (
        "The signature does not match the content, which was changed."
    )


def test_the_header_may_name_another_algorithm_than_the_one_that_signed():
    token = UnsignedToken(
        header={"alg": "PS256", "kid": "current"}, claims=CLAIMS, alg="RS256", private_key=RSA_KEY
    ).sign()
    assert refusal(token, TENANT_KEYS) == (
        "The signature does not match the content, which was changed."
    )


@pytest.mark.parametrize("alg", ["ES256", None, ["RS256"], {}, 1])
def test_an_algorithm_that_is_not_expected_is_refused_whatever_its_type(alg):
    token = UnsignedToken(
        header={"alg": alg, "kid": "current"}, claims=CLAIMS, alg="RS256", private_key=RSA_KEY
    ).sign()
    assert refusal(token, TENANT_KEYS, ("RS256", "PS256")) == (
        f"The token is signed with {alg} instead of RS256 or PS256."
    )


def test_an_algorithm_that_the_key_does_not_have_is_refused():
    token = make_token(CLAIMS, key=TENANT_KEYS.current, alg="RS384").sign()
    assert refusal(token, TENANT_KEYS) == (
        "The token is signed with RS384, but key 'current' is for RS256 or PS256."
    )


@pytest.mark.parametrize("padded", ["=", "==", "\n", "+"])
def test_a_signature_has_to_be_strict_base64url(padded):
    token = make_token(CLAIMS, key=TENANT_KEYS.current).sign() + padded
    assert refusal(token, TENANT_KEYS) == (
        "The signature does not match the content, which was changed."
    )


def test_the_app_and_the_command_line_start_without_importing_pyjwt():
    code = (
        "import sys, mockidp, mockidp.cli.group, mockidp.cli.serving.start, mockidp.web.app, "
        "mockidp.tenant.tenant, mockidp.pytest_plugin, mockidp.protocol.clients.keys\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] == 'jwt'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[]\n"
