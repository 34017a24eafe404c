"""auth0-python with organizations: client credentials, and its verifier of ID tokens."""

import functools
from urllib.parse import urlencode

import jwt
import pytest
from auth0.authentication import GetToken
from auth0.authentication.exceptions import Auth0Error, TokenValidationError
from auth0.authentication.token_verifier import AsymmetricSignatureVerifier, TokenVerifier
from flask import Flask

from helpers.client_facts import shows
from helpers.served_organizations import API, two_organizations

sdk = functools.partial(shows, "auth0-python 6", over="http, https")
CALLBACK = "http://localhost:3000/callback"


@pytest.fixture(scope="module")
def organizations(acme):
    with two_organizations(acme.url) as ids:
        yield ids


@pytest.fixture
def machine(tenant):
    return GetToken(tenant.domain, "acme-m2m", "acme-m2m-secret", protocol=tenant.protocol)


@pytest.fixture
def id_token(tenant, user_of):
    """Return a function that logs alice in to an organization and returns her ID token."""
    web = GetToken(tenant.domain, "acme-web", "acme-web-secret", protocol=tenant.protocol)

    def id_token(organization):
        query = {
            "response_type": "code", "client_id": "acme-web", "redirect_uri": CALLBACK,
            "scope": "openid", "organization": organization,
        }  # fmt: skip
        alice = user_of(Flask("application"))
        alice.session.cookies.clear()
        answer = alice.visit(f"{tenant.url}/authorize?{urlencode(query)}")
        code = alice.get_callback_parameters(answer)["code"]
        return web.authorization_code(code, CALLBACK)["id_token"]

    return id_token


@pytest.fixture
def verifier(tenant):
    signature = AsymmetricSignatureVerifier(f"{tenant.url}/.well-known/jwks.json")
    return TokenVerifier(signature, issuer=tenant.issuer, audience="acme-web")


@sdk("organizations")
def test_a_machine_gets_a_token_for_an_organization(machine, organizations):
    red, _ = organizations
    token = machine.client_credentials(API, organization=red)["access_token"]
    assert jwt.decode(token, options={"verify_signature": False})["org_id"] == red


@sdk(refuses=["organization that the client may not use"])
@pytest.mark.parametrize(
    ("sent", "status", "description"),
    [
        (None, 400, "parameter organization is required for this client"),
        ("org_unknown", 400, "parameter organization is invalid"),
        ("blue", 403, "client acme-m2m is not part of the {} organization"),
    ],
)
def test_a_machine_is_refused(machine, organizations, sent, status, description):
    _, blue = organizations
    with pytest.raises(Auth0Error) as refused:
        machine.client_credentials(API, organization=sent)
    assert refused.value.status_code == status
    assert refused.value.message == description.format(blue)


def test_the_verifier_accepts_the_requested_organization(id_token, verifier, organizations):
    red, _ = organizations
    token = id_token("red")
    assert verifier.verify(token, organization=red)["org_id"] == red
    assert verifier.verify(token, organization="RED")["org_name"] == "red"


@sdk(refuses=["ID token of another organization"])
def test_the_verifier_refuses_another_organization(id_token, verifier, organizations):
    _, blue = organizations
    token = id_token("red")
    for other, message in ((blue, "Organization"), ("blue", "Organization")):
        with pytest.raises(TokenValidationError, match=message):
            verifier.verify(token, organization=other)


def test_the_verifier_refuses_a_token_without_an_organization(id_token, verifier, organizations):
    red, _ = organizations
    with pytest.raises(TokenValidationError, match="Organization"):
        verifier.verify(id_token(""), organization=red)
