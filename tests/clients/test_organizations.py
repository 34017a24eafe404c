"""auth0 for Node with organizations: client credentials, and its check of ID tokens."""

from urllib.parse import urlsplit

import jwt
import pytest

from helpers.client_facts import shows
from helpers.served_organizations import API, two_organizations

CALLBACK = "http://localhost:3000/callback"
OF_ORGANIZATIONS = ["machine of another organization", "ID token without org_id"]


@pytest.fixture(scope="module")
def organizations(acme):
    with two_organizations(acme.url) as ids:
        yield ids


@shows("auth0 6", "organizations", refuses=OF_ORGANIZATIONS, over="https")
@shows("auth0 4", "organizations", refuses=OF_ORGANIZATIONS, over="https")
@pytest.mark.parametrize("sdk", ["auth0-6", "auth0-4"])
def test_auth0_gets_and_checks_tokens_of_an_organization(node, acme, organizations, sdk):
    red, blue = organizations
    done = node(
        "organizations.mjs",
        {
            "sdk": sdk,
            "domain": urlsplit(acme.tls_url).netloc,
            "audience": API,
            "callback": CALLBACK,
            "machine": {"clientId": "acme-m2m", "clientSecret": "acme-m2m-secret"},
            "web": {"clientId": "acme-web", "clientSecret": "acme-web-secret"},
            "username": "alice@acme.example",
            "password": "Passw0rd!",
            "organization": red,
            "other": blue,
            "name": "red",
        },
        ca_file=acme.ca_file,
    )
    assert claims_of(done["machine"]["access_token"])["org_id"] == red
    for kind in ("exchanged", "byName"):
        claims = claims_of(done[kind]["id_token"])
        assert (claims["org_id"], claims["org_name"]) == (red, "red")
    for refused, status, description in (
        ("machineWithout", 400, "parameter organization is required for this client"),
        ("machineInOther", 403, f"client acme-m2m is not part of the {blue} organization"),
        ("machineUnknown", 400, "parameter organization is invalid"),
    ):
        error = done[refused]["refused"]
        assert (error["status"], error["error_description"]) == (status, description)
    for refused, message in (
        ("withoutId", "Organization Id (org_id) claim must be a string present in the ID token"),
        ("withoutName", "Organization Name (org_name) claim must be a string present in"),
        ("notAMember", f"user auth0|alice is not part of the {blue} organization"),
    ):
        assert message in done[refused]["refused"]["message"]


def claims_of(token):
    return jwt.decode(token, options={"verify_signature": False})
