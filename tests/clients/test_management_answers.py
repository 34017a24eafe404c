"""Answers of the Management API that Auth0's SDKs check against their models."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from helpers.assertions import public_pem
from helpers.client_facts import facts
from mockidp import MockIdP

DATABASE = "Username-Password-Authentication"
CALLBACK = "http://localhost:3000/callback"
DOCUMENT = {
    "clients": [
        {
            "client_id": "web",
            "name": "Web",
            "client_secret": "web-secret",
            "callbacks": [CALLBACK],
            "initiate_login_uri": "https://app.example/login",
            "organization_usage": "allow",
        },
        {"client_id": "manager", "grant_types": ["client_credentials"]},
    ],
    "databases": [{"name": DATABASE, "strategy": "auth0"}],
    "users": [{"user_id": "auth0|alice", "email": "alice@acme.example", "password": "Passw0rd!"}],
}
DONE = {
    "client": "Web",
    "connection": "auth0",
    "clients of the connection": ["manager", "web"],
    "credentials": ["key"],
    "credential": "RS256",
    "organization": "Acme",
    "roles of the member": ["Reader"],
    "invitations": ["guest@acme.example"],
    "discovery domains": ["acme.example"],
    "session": ["auth0|alice", "web"],
    "refresh token": ["web", False],
    "sessions afterwards": 0,
    "methods": ["totp"],
    "method": "App",
    "recovery code": 24,
    "blocks": [],
    "grants": 1,
    "job": "verification_email",
    "custom domain": "ready",
    "custom domains": ["login.acme.example"],
    "profile": "urn:acme:legacy",
    "active users": 1,
    "key": True,
    "settings": ["en"],
}
WORKS = (
    "sessions, second factors and jobs of the Management API",
    "custom domains and token exchange profiles of the Management API",
)


@pytest.fixture
def idp(record_calls):
    """A tenant in which alice has logged in, with a refresh token."""
    with MockIdP(DOCUMENT, tls=True) as idp:
        idp.sign_in_as("alice")
        request = {
            "client_id": "web",
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "scope": "openid offline_access",
        }
        answer = requests.get(
            f"{idp.url}/authorize", params=request, allow_redirects=False, timeout=10
        )
        form = {
            "grant_type": "authorization_code",
            "code": parse_qs(urlsplit(answer.headers["Location"]).query)["code"],
            "redirect_uri": CALLBACK,
            "client_id": "web",
            "client_secret": "web-secret",
        }
        answer = requests.post(f"{idp.url}/oauth/token", data=form, timeout=10)
        assert "refresh_token" in answer.json()
        yield idp
        record_calls(idp)


@pytest.fixture
def given(idp):
    """What the programs get."""
    return {
        "domain": urlsplit(idp.tls_url).netloc,
        "token": idp.management_token(client="manager", url=idp.tls_url),
        "user": "auth0|alice",
        "client": "web",
        "connection": idp.get_connection(DATABASE).id,
        "pem": public_pem(),
    }


def check(done, given):
    """Check what a program returned."""
    assert done == DONE | {
        "connections of the client": [given["connection"]],
        "connections of the organization": [given["connection"]],
        "ticket": f"https://{given['domain']}/u/reset-password",
    }


@pytest.mark.parametrize(
    "major",
    [
        pytest.param(6, marks=facts("auth0-python 6", *WORKS, over="https")),
        pytest.param(5, marks=facts("auth0-python 5", *WORKS, over="https")),
    ],
)
def test_auth0_python_reads_many_answers(old_auth0_python, idp, given, major):
    program = "management_answers.py"
    done = old_auth0_python({"major": major, **given}, program=program, ca_file=idp.ca_file)
    check(done, given)


@pytest.mark.parametrize(
    "package",
    [
        pytest.param("auth0-7", marks=facts("auth0 7", *WORKS, over="https")),
        pytest.param("auth0-6", marks=facts("auth0 6", *WORKS, over="https")),
        pytest.param("auth0-5", marks=facts("auth0 5", *WORKS, over="https")),
    ],
)
def test_generated_auth0_for_node_reads_many_answers(node, idp, given, package):
    done = node("management-answers.mjs", {"sdk": package, **given}, ca_file=idp.ca_file)
    check(done, given)
