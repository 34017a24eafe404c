"""A client's public keys; PyJWT signs, and joserfc computes thumbprints."""

import datetime as dt

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc.jwk import RSAKey

from helpers.assertions import KEY, OTHER_KEY, private_pem, public_pem
from mockidp.errors import MockIdPError
from mockidp.protocol.clients.keys import ALGS, ClientKeys, load_client_key
from mockidp.protocol.tokens.jwt import InvalidJwt

CLAIMS = {"sub": "signer"}
EC_KEY = ec.generate_private_key(ec.SECP256R1())
EXPECTED = "a PEM public key or certificate of an RSA key"


def keys(*loaded):
    return ClientKeys(
        load_client_key(public_pem(key), alg=alg, kid=kid) for key, alg, kid in loaded
    )


def sign(key=KEY, alg="RS256", **header):
    return jwt.encode(CLAIMS, key, algorithm=alg, headers=header)


def refusal(verifier, token):
    with pytest.raises(InvalidJwt) as refused:
        verifier.verify(token)
    return str(refused.value)


@pytest.mark.parametrize("alg", ALGS)
@pytest.mark.parametrize("header", [{}, {"kid": "k1"}])
def test_a_token_of_pyjwt_verifies(alg, header):
    assert keys((KEY, alg, "k1")).verify(sign(alg=alg, **header)) == CLAIMS


def test_a_token_without_kid_may_be_signed_with_any_of_the_keys():
    verifier = keys((OTHER_KEY, "RS256", None), (KEY, "PS256", None), (KEY, "RS256", "k3"))
    for alg in ("RS256", "PS256"):
        assert verifier.verify(sign(alg=alg)) == CLAIMS
    assert refusal(verifier, sign(alg="RS384")).endswith("but key 'k3' is for RS256.")


def test_a_kid_chooses_the_key():
    verifier = keys((OTHER_KEY, "RS256", "k1"), (KEY, "RS256", "k2"))
    assert verifier.verify(sign(kid="k2")) == CLAIMS
    assert refusal(verifier, sign(kid="k1")) == (
        "The signature does not match the content, which was changed."
    )
    assert refusal(verifier, sign(kid="k3")) == "No key of the client has the `kid` 'k3'."


def test_other_algorithms_are_refused():
    verifier = keys((KEY, "RS256", None))
    for token in (sign(alg="RS512"), sign("s" * 32, "HS256"), sign(EC_KEY, "ES256")):
        alg = jwt.get_unverified_header(token)["alg"]
        assert refusal(verifier, token) == (
            f"The token is signed with {alg} instead of RS256 or RS384 or PS256."
        )


def test_a_changed_token_is_refused():
    header, _, signature = sign().split(".")
    payload = jwt.encode({"sub": "other"}, KEY, algorithm="RS256").split(".")[1]
    assert refusal(keys((KEY, "RS256", None)), f"{header}.{payload}.{signature}") == (
        "The signature does not match the content, which was changed."
    )


def test_without_keys_nothing_verifies():
    assert refusal(keys(), sign()) == "The client has no key to verify the signature with."
    assert refusal(keys(), sign(kid="k1")) == "No key of the client has the `kid` 'k1'."


def test_rfc7638__the_kid_is_the_thumbprint_by_default():
    pem = public_pem()
    expected = RSAKey.import_key(pem).thumbprint()
    assert load_client_key(pem, alg="RS256", kid=None).kid == expected
    assert load_client_key(pem, alg="RS256", kid="own").kid == "own"


def test_a_certificate_has_the_key():
    now = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "signer")])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(KEY.public_key()).serial_number(1)
        .not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
        .sign(KEY, hashes.SHA256())
    )  # fmt: skip
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    loaded = load_client_key(f"\n{pem}", alg="RS256", kid=None)
    assert loaded == load_client_key(public_pem(), alg="RS256", kid=None)


@pytest.mark.parametrize(
    ("pem", "message"),
    [
        ("", EXPECTED),
        ("ssh-rsa AAAA", EXPECTED),
        (public_pem()[:100], EXPECTED),
        (public_pem(EC_KEY), EXPECTED),
        (private_pem(), f"{EXPECTED}, not the private key"),
        (public_pem(rsa.generate_private_key(public_exponent=65537, key_size=1024)),
         f"{EXPECTED} with at least 2048 bits, not 1024"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", EXPECTED),
        ("-----BEGIN CERTIFICATE-----\nMAIwAA==\n-----END CERTIFICATE-----\n", EXPECTED),
        ("-----BEGIN CERTIFICATE-----\nMAA", EXPECTED),
        ("-----BEGIN PUBLIC KEY-----\nMAswBQYDKgMEAwIAYQ==\n-----END PUBLIC KEY-----\n", EXPECTED),
        ("-----BEGIN CERTIFICATE-----\nMAQwAqAA\n-----END CERTIFICATE-----\n", EXPECTED),
    ],
    ids=["empty", "ssh", "cut", "ec", "private", "small", "bad", "empty fields", "no end", "unknown type", "version"],
)  # fmt: skip
def test_a_pem_that_cannot_verify_is_refused_with_the_reason(pem, message):
    with pytest.raises(MockIdPError) as refused:
        load_client_key(pem, alg="RS256", kid=None)
    assert str(refused.value) == message
