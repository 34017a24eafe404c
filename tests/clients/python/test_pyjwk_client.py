"""An API that verifies tokens with PyJWT's `PyJWKClient`."""

import functools
import time
from types import SimpleNamespace

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask, request

from helpers.client_facts import shows
from mockidp.cli.serving.example import example_file
from mockidp.server import Server, parse_address
from mockidp.tenant.config.load import load_tenant
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

client = functools.partial(shows, "PyJWT", over="http")
API = "https://api.acme.example/"
REPORTS = "https://reports.acme.example/"


class Api(Flask):
    """An API for one audience, whose response says why it refuses a token."""

    def __init__(self, url, *, issuer=None, **options):
        super().__init__("api")
        self.issuer = issuer or f"{url}/"
        self.keys = jwt.PyJWKClient(f"{url}/.well-known/jwks.json", **options)
        self.add_url_rule("/", view_func=self.items)

    def items(self):
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            key = self.keys.get_signing_key_from_jwt(token)
            claims = jwt.decode(token, key, algorithms=["RS256"], audience=API, issuer=self.issuer)
        except jwt.PyJWTError as error:
            return type(error).__name__, 401
        return claims["sub"]

    def call(self, token):
        answer = self.test_client().get("/", headers={"Authorization": f"Bearer {token}"})
        return answer.status_code, answer.text


ACCEPTED = (200, "acme-m2m@clients")


def get_machine_token(url, audience=API):
    body = {
        "grant_type": "client_credentials", "client_id": "acme-m2m",
        "client_secret": "acme-m2m-secret", "audience": audience,
    }  # fmt: skip
    return requests.post(f"{url}/oauth/token", json=body, timeout=10).json()["access_token"]


def mint_token(url, **body):
    return requests.post(f"{url}/_mockidp/v1/tokens", json=body, timeout=10).json()["access_token"]


@pytest.fixture
def api(acme):
    return Api(acme.url)


@pytest.fixture
def sign(acme, signing_key):
    """Return a function that signs a changed machine token with the tenant's key."""
    token = get_machine_token(acme.url)
    claims = jwt.decode(token, options={"verify_signature": False})

    def sign(key=signing_key, **changes):
        key_id = jwt.get_unverified_header(token)["kid"]
        return jwt.encode(claims | changes, key, "RS256", headers={"kid": key_id})

    return sign


@pytest.fixture
def other():
    """Serve another tenant, whose clock and keys a test can change."""
    tenant = Tenant(load_tenant(example_file("acme")))
    paths = []
    app = create_app(tenant)

    def recorder(environ, start_response):
        paths.append(environ["PATH_INFO"])
        return app(environ, start_response)

    with Server(recorder, listen=[parse_address("127.0.0.1:0")]) as server:
        yield SimpleNamespace(
            url=server.url,
            tenant=tenant,
            key_fetches=lambda: paths.count("/.well-known/jwks.json"),
        )


@client("access tokens")
def test_a_token_for_the_api_is_accepted(api, acme):
    assert api.call(get_machine_token(acme.url)) == ACCEPTED


@shows("PyJWT", "access tokens", over="https")
@shows("PyJWT", refuses=["untrusted certificate"], over="https")
def test_https_needs_the_ca(acme, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", acme.ca_file)
    monkeypatch.setenv("SSL_CERT_FILE", acme.ca_file)
    assert Api(acme.tls_url).call(get_machine_token(acme.tls_url)) == ACCEPTED
    monkeypatch.delenv("SSL_CERT_FILE")
    assert Api(acme.tls_url).call(get_machine_token(acme.tls_url)) == (
        401, "PyJWKClientConnectionError",
    )  # fmt: skip


def test_a_users_token_is_accepted(api, acme):
    assert api.call(mint_token(acme.url, audience=API, user="alice")) == (
        200, "auth0|alice",
    )  # fmt: skip


@client(refuses=["opaque token"])
def test_an_opaque_token_is_refused(api, acme):
    opaque = mint_token(acme.url, user="alice")
    assert api.call(opaque) == (401, "DecodeError")


def test_a_missing_token_is_refused(api):
    assert api.call("") == (401, "DecodeError")


@client(refuses=["wrong audience"])
def test_a_token_for_another_audience_is_refused(api, acme):
    token = mint_token(acme.url, audience=REPORTS, client="acme-m2m")
    assert api.call(token) == (401, "InvalidAudienceError")


@client(refuses=["wrong issuer"])
def test_a_token_from_the_tenants_other_origin_is_refused(api, acme, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", acme.ca_file)
    token = get_machine_token(acme.tls_url)
    assert api.call(token) == (401, "InvalidIssuerError")
    assert Api(acme.url, issuer=f"{acme.tls_url}/").call(token) == ACCEPTED


def test_each_wrong_claim_is_refused(api, sign):
    assert api.call(sign()) == ACCEPTED
    assert api.call(sign(exp=int(time.time()) - 1)) == (401, "ExpiredSignatureError")
    assert api.call(sign(aud=REPORTS)) == (401, "InvalidAudienceError")
    assert api.call(sign(iss="https://acme.example/")) == (401, "InvalidIssuerError")


@client(refuses=["wrong signature"])
def test_a_token_signed_with_another_key_is_refused(api, sign):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    assert api.call(sign(pem)) == (401, "InvalidSignatureError")
    assert api.call(sign()) == ACCEPTED


@client(refuses=["unknown key"])
def test_a_token_of_another_tenant_is_refused(api, acme, other):
    token = get_machine_token(other.url)
    assert api.call(token) == (401, "PyJWKClientError")
    assert Api(other.url).call(token) == ACCEPTED
    assert Api(other.url).call(get_machine_token(acme.url)) == (401, "PyJWKClientError")


@client(refuses=["expired token"])
def test_an_expired_token_is_refused(other):
    other.tenant.clock.advance(-86_400 - 60)
    assert Api(other.url).call(get_machine_token(other.url)) == (401, "ExpiredSignatureError")
    other.tenant.clock.advance(120)
    assert Api(other.url).call(get_machine_token(other.url)) == ACCEPTED


@client("key rotation")
def test_the_next_key_is_published_before_it_signs(other):
    api = Api(other.url)
    assert api.call(get_machine_token(other.url)) == ACCEPTED
    other.tenant.rotate_keys()
    assert api.call(get_machine_token(other.url)) == ACCEPTED
    assert other.key_fetches() == 1


def test_an_unknown_key_is_fetched_without_a_cooldown(other):
    api = Api(other.url, cooldown_duration=0)
    with_cooldown = Api(other.url)
    old = get_machine_token(other.url)
    assert (api.call(old), with_cooldown.call(old)) == (ACCEPTED, ACCEPTED)
    other.tenant.rotate_keys()
    other.tenant.rotate_keys()
    fetched = other.key_fetches()
    token = get_machine_token(other.url)
    assert with_cooldown.call(token) == (401, "PyJWKClientError")
    assert api.call(token) == ACCEPTED
    assert other.key_fetches() == fetched + 1
