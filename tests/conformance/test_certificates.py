"""The certificate of the signing key in the formats that Auth0 offers for download."""

import hashlib
import subprocess

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs7

from helpers.tenant_client import header_of, hint

CERTIFICATE = "-----BEGIN CERTIFICATE-----"


@pytest.fixture
def der(idp):
    """The certificate that the JWKS has for the key which signs tokens."""
    kid = header_of(idp.tokens()["id_token"])["kid"]
    key = next(one for one in idp.get("/.well-known/jwks.json").json["keys"] if one["kid"] == kid)
    return jwt.utils.base64url_decode(key["x5c"][0].replace("+", "-").replace("/", "_"))


@pytest.mark.parametrize("path", ["/pem", "/rawpem"])
def test_auth0_certificates__pem(idp, der, path):
    answer = idp.get(path)
    assert answer.status_code == 200
    assert answer.text.startswith(CERTIFICATE)
    assert x509.load_pem_x509_certificate(answer.data) == x509.load_der_x509_certificate(der)
    assert hint(answer) == ""


def test_auth0_certificates__cer_is_the_der_encoding(idp, der):
    answer = idp.get("/cer")
    assert answer.data == der
    assert answer.content_type == "application/pkix-cert"


def test_auth0_certificates__pb7_is_a_pkcs7_container_with_the_certificate(idp, der):
    answer = idp.get("/pb7")
    assert answer.text.startswith("-----BEGIN PKCS7-----")
    [certificate] = pkcs7.load_pem_pkcs7_certificates(answer.data)
    assert certificate == x509.load_der_x509_certificate(der)


def test_auth0_certificates__fingerprint_is_that_of_openssl(idp, der):
    shown = subprocess.run(
        ["openssl", "x509", "-inform", "DER", "-noout", "-fingerprint", "-sha1"],
        input=der, capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    answer = idp.get("/fingerprint")
    assert answer.text == shown.strip().partition("=")[2]
    assert answer.text.replace(":", "") == hashlib.sha1(der).hexdigest().upper()


@pytest.mark.parametrize(
    ("path", "disposition"),
    [
        ("/pem", 'attachment; filename="mockidp.pem"'),
        ("/cer", 'attachment; filename="mockidp.cer"'),
        ("/pb7", 'attachment; filename="mockidp.pb7"'),
        ("/rawpem", None),
        ("/fingerprint", None),
    ],
)
def test_auth0_certificates__files_are_downloaded_and_texts_are_shown(idp, path, disposition):
    answer = idp.get(path)
    assert answer.headers.get("Content-Disposition") == disposition
    assert answer.content_type.startswith("text/plain") is (disposition is None)


def test_auth0_certificates__after_a_rotation_the_certificate_is_that_of_the_new_key(idp, der):
    idp.tenant.rotate_keys()
    rotated = idp.get("/cer").data
    assert rotated != der
    assert rotated == idp.tenant.keys.current.certificate


def test_auth0_certificates__the_certificate_verifies_tokens(idp):
    key = x509.load_pem_x509_certificate(idp.get("/pem").data).public_key()
    claims = jwt.decode(idp.tokens()["id_token"], key, algorithms=["RS256"], audience="web")
    assert claims["sub"] == "auth0|alice"


def test_auth0_certificates__the_certificate_of_connections_is_named_in_a_hint(idp, der):
    answer = idp.get("/cer?cert=connection")
    assert answer.data == der
    assert hint(answer) == (
        "Auth0 answers `cert=connection` with the certificate of the key that signs requests to "
        "SAML identity providers. There is no such key in mockidp. This is the certificate of the "
        "key that signs tokens."
    )
    assert hint(idp.get("/cer?connection=adfs")) == ""


@pytest.mark.parametrize("path", ["/pem", "/rawpem", "/cer", "/pb7", "/fingerprint"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_auth0_certificates__other_methods_are_404(idp, path, method):
    assert idp.request(method, path).status_code == 404
