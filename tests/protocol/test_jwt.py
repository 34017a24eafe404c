"""Tokens are signed and verified with PyJWT's algorithms; joserfc and PyJWT are the oracles."""

import json
import subprocess
import sys

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from mockidp.errors import MockIdPError
from mockidp.protocol.client_keys import ALGS, ClientKeys, parse_client_key
from mockidp.protocol.foreign_key import foreign_private_key
from mockidp.protocol.jwt import InvalidToken, UnsignedToken, make_token, verify, verify_symmetric
from mockidp.protocol.keys import KeySet, SigningKey, generate_private_key

CLAIMS = {"sub": "auth0|alice", "iss": "client"}
RSA_KEY = generate_private_key()
EC_KEY = ec.generate_private_key(ec.SECP256R1())
TENANT_KEYS = KeySet(
    SigningKey(RSA_KEY, kid="current", made_at=0.0),
    SigningKey(foreign_private_key(), kid="next", made_at=0.0),
)


def private_key(alg):
    return EC_KEY if alg == "ES256" else RSA_KEY


def jwk_of(key, **members):
    to_jwk = (
        RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey | rsa.RSAPublicKey) else ECAlgorithm
    ).to_jwk
    return json.loads(to_jwk(key)) | members


def client_key(key, **members):
    return parse_client_key(jwk_of(key.public_key(), **members), source="jwks")


def refusal(token, keys, algs=ALGS):
    with pytest.raises(InvalidToken) as refused:
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
        "The token is signed with none instead of RS256 or RS384 or PS256 or ES256."
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


@pytest.mark.parametrize("alg", ALGS)
@pytest.mark.parametrize("named", [True, False])
def test_a_client_assertion_of_pyjwt_verifies_with_the_registered_jwk(alg, named):
    members = {"alg": alg, "use": "sig"} if named else {}
    keys = ClientKeys([client_key(private_key(alg), kid="k1", **members)])
    for header in ({"kid": "k1"}, {}):
        token = jwt.encode(CLAIMS, private_key(alg), algorithm=alg, headers=header)
        assert verify(token, keys, algs=ALGS) == CLAIMS
        other = jwt.encode(
            CLAIMS | {"sub": "auth0|bob"}, private_key(alg), algorithm=alg, headers=header
        )
        mixed = other.rpartition(".")[0] + "." + token.rpartition(".")[2]
        assert refusal(mixed, keys) == (
            "The signature does not match the content, which was changed."
        )


def test_a_token_without_kid_is_refused_where_a_client_has_two_keys():
    keys = ClientKeys([client_key(RSA_KEY, kid="k1"), client_key(EC_KEY, kid="k2")])
    token = jwt.encode(CLAIMS, EC_KEY, algorithm="ES256")
    assert refusal(token, keys) == "No key of this client has the `kid` None."
    token = jwt.encode(CLAIMS, EC_KEY, algorithm="ES256", headers={"kid": "k3"})
    assert refusal(token, keys) == "No key of this client has the `kid` 'k3'."
    token = jwt.encode(CLAIMS, EC_KEY, algorithm="ES256", headers={"kid": "k2"})
    assert verify(token, keys, algs=ALGS) == CLAIMS


def test_a_registered_alg_excludes_the_others():
    keys = ClientKeys([client_key(RSA_KEY, kid="k1", alg="RS384")])
    token = jwt.encode(CLAIMS, RSA_KEY, algorithm="RS256", headers={"kid": "k1"})
    assert refusal(token, keys) == "The token is signed with RS256, but key 'k1' is for RS384."


def test_a_key_of_another_type_is_refused_before_it_is_used():
    keys = ClientKeys([client_key(RSA_KEY, kid="k1")])
    token = jwt.encode(CLAIMS, EC_KEY, algorithm="ES256", headers={"kid": "k1"})
    assert refusal(token, keys) == (
        "The token is signed with ES256, but key 'k1' is for RS256 or RS384 or PS256."
    )


EXPECTED = "jwks: an RSA key or a key on the curve P-256 is expected"
PRIVATE = "jwks: this is a private or secret key: it has {}. Register the public key"


@pytest.mark.parametrize(
    ("jwk", "message"),
    [
        ({}, "jwks: not a usable JWK: "),
        ({"kty": "RSA"}, "jwks: not a usable JWK: "),
        ({"kty": "RSA", "n": 1, "e": "AQAB"}, "jwks: not a usable JWK: "),
        ({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}, "jwks: not a usable JWK: "),
        ({"kty": "unheard-of"}, "jwks: not a usable JWK: Unsupported kty: unheard-of"),
        (
            jwk_of(RSA_KEY.public_key(), alg="RSA1"),
            "jwks: alg is 'RSA1'; this key can verify RS256, RS384, PS256",
        ),
        (jwk_of(RSA_KEY), PRIVATE.format("d, dp, dq, p, q, qi")),
        (jwk_of(EC_KEY), PRIVATE.format("d")),
        (jwk_of(ec.generate_private_key(ec.SECP384R1()).public_key()), EXPECTED),
        ({"kty": "oct", "k": "c2VjcmV0"}, PRIVATE.format("k")),
        (
            jwk_of(rsa.generate_private_key(65537, 1024).public_key()),
            "jwks: the key has 1024 bits; at least 2048 are required",
        ),
        (
            jwk_of(RSA_KEY.public_key(), alg="RS512"),
            "jwks: alg is 'RS512'; this key can verify RS256, RS384, PS256",
        ),
        (jwk_of(RSA_KEY.public_key(), use="enc"), "jwks: use is 'enc'; `sig` is expected"),
    ],
)
def test_a_jwk_that_cannot_verify_is_refused_with_the_reason(jwk, message):
    with pytest.raises(MockIdPError) as refused:
        parse_client_key(jwk, source="jwks")
    assert str(refused.value).startswith(message)


def test_the_app_and_the_command_line_start_without_importing_pyjwt():
    code = (
        "import sys, mockidp, mockidp.cli.group, mockidp.cli.start, mockidp.web.app, "
        "mockidp.tenant.tenant, mockidp.pytest_plugin, mockidp.protocol.client_keys\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] == 'jwt'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[]\n"
