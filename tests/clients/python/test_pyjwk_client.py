"""PyJWT's `PyJWKClient` guards an API, as the documentation of most APIs has it."""

import time
from types import SimpleNamespace

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask, request

from mockidp.cli.example import example_file
from mockidp.server import Server, parse_address
from mockidp.tenant.config.load import load_tenant
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

API = "https://api.acme.example/"
REPORTS = "https://reports.acme.example/"


class Api(Flask):
    """An API for one audience, which answers why it refuses a token."""

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

    def called_with(self, token):
        answer = self.test_client().get("/", headers={"Authorization": f"Bearer {token}"})
        return answer.status_code, answer.text


GOOD = (200, "acme-m2m@clients")


def machines_token(url, audience=API):
    body = {
        "grant_type": "client_credentials", "client_id": "acme-m2m",
        "client_secret": "acme-m2m-secret", "audience": audience,
    }  # fmt: skip
    return requests.post(f"{url}/oauth/token", json=body, timeout=10).json()["access_token"]


def minted_token(url, **body):
    return requests.post(f"{url}/_mockidp/v1/tokens", json=body, timeout=10).json()["access_token"]


@pytest.fixture
def api(acme):
    return Api(acme.url)


@pytest.fixture
def signed(acme, signing_key):
    """Give a function that signs a machine's token again, as the tenant does, with changes."""
    token = machines_token(acme.url)
    claims = jwt.decode(token, options={"verify_signature": False})

    def signed(key=signing_key, **changes):
        key_id = jwt.get_unverified_header(token)["kid"]
        return jwt.encode(claims | changes, key, "RS256", headers={"kid": key_id})

    return signed


@pytest.fixture
def other():
    """Another tenant in this process, whose clock and keys a test can turn."""
    tenant = Tenant(load_tenant(example_file("acme")))
    asked = []
    app = create_app(tenant)

    def counted(environ, start_response):
        asked.append(environ["PATH_INFO"])
        return app(environ, start_response)

    with Server(counted, listen=[parse_address("127.0.0.1:0")]) as server:
        yield SimpleNamespace(
            url=server.url,
            tenant=tenant,
            key_fetches=lambda: asked.count("/.well-known/jwks.json"),
        )


def test_a_token_for_the_api_is_taken(api, acme):
    assert api.called_with(machines_token(acme.url)) == GOOD


def test_over_https_too(acme, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", acme.ca_file)
    monkeypatch.setenv("SSL_CERT_FILE", acme.ca_file)
    assert Api(acme.tls_url).called_with(machines_token(acme.tls_url)) == GOOD
    monkeypatch.delenv("SSL_CERT_FILE")
    assert Api(acme.tls_url).called_with(machines_token(acme.tls_url)) == (
        401, "PyJWKClientConnectionError",
    )  # fmt: skip


def test_a_users_token_is_taken(api, acme):
    assert api.called_with(minted_token(acme.url, audience=API, user="alice")) == (
        200, "auth0|alice",
    )  # fmt: skip


def test_an_opaque_token_is_refused(api, acme):
    opaque = minted_token(acme.url, user="alice")
    assert api.called_with(opaque) == (401, "DecodeError")


def test_no_token_is_refused(api):
    assert api.called_with("") == (401, "DecodeError")


def test_a_token_for_another_audience_is_refused(api, acme):
    token = minted_token(acme.url, audience=REPORTS, client="acme-m2m")
    assert api.called_with(token) == (401, "InvalidAudienceError")


def test_a_token_of_the_tenants_other_origin_is_refused(api, acme, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", acme.ca_file)
    token = machines_token(acme.tls_url)
    assert api.called_with(token) == (401, "InvalidIssuerError")
    assert Api(acme.url, issuer=f"{acme.tls_url}/").called_with(token) == GOOD


def test_a_token_signed_as_the_tenant_signs_is_taken_unless_it_is_changed(api, signed):
    assert api.called_with(signed()) == GOOD
    assert api.called_with(signed(exp=int(time.time()) - 1)) == (401, "ExpiredSignatureError")
    assert api.called_with(signed(aud=REPORTS)) == (401, "InvalidAudienceError")
    assert api.called_with(signed(iss="https://acme.example/")) == (401, "InvalidIssuerError")


def test_a_token_under_the_tenants_kid_with_another_key_is_refused(api, signed):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    assert api.called_with(signed(pem)) == (401, "InvalidSignatureError")
    assert api.called_with(signed()) == GOOD


def test_a_token_of_another_tenant_is_refused(api, acme, other):
    token = machines_token(other.url)
    assert api.called_with(token) == (401, "PyJWKClientError")
    assert Api(other.url).called_with(token) == GOOD
    assert Api(other.url).called_with(machines_token(acme.url)) == (401, "PyJWKClientError")


def test_a_token_that_the_tenant_made_long_ago_is_refused(other):
    other.tenant.clock.advance(-86_400 - 60)
    assert Api(other.url).called_with(machines_token(other.url)) == (401, "ExpiredSignatureError")
    other.tenant.clock.advance(120)
    assert Api(other.url).called_with(machines_token(other.url)) == GOOD


def test_the_next_key_is_known_before_it_signs(other):
    api = Api(other.url)
    assert api.called_with(machines_token(other.url)) == GOOD
    other.tenant.rotate_keys()
    assert api.called_with(machines_token(other.url)) == GOOD
    assert other.key_fetches() == 1


def test_an_unknown_key_is_fetched_once_it_signs(other):
    api = Api(other.url, cooldown_duration=0)
    hasty = Api(other.url)
    old = machines_token(other.url)
    assert (api.called_with(old), hasty.called_with(old)) == (GOOD, GOOD)
    other.tenant.rotate_keys()
    other.tenant.rotate_keys()
    fetched = other.key_fetches()
    token = machines_token(other.url)
    assert hasty.called_with(token) == (401, "PyJWKClientError")
    assert api.called_with(token) == GOOD
    assert other.key_fetches() == fetched + 1
