"""auth0 2 and 3 for Node with the endpoints of Auth0's legacy pipeline."""

from urllib.parse import urlsplit

import pytest
import requests

from helpers.client_facts import facts
from helpers.legacy import GINA, GOOGLE, GOOGLE_TOKEN
from helpers.tenant_client import claims_of
from mockidp.protocol.oauth.grant_types import LEGACY

FLAGS = {
    "allow_legacy_ro_grant_types": True,
    "allow_legacy_delegation_grant_types": True,
    "allow_legacy_tokeninfo_endpoint": True,
}
ALICE = {"username": "alice@acme.example", "password": "Passw0rd!"}
WORKS = ("/oauth/ro", "/oauth/access_token", "/delegation", "/tokeninfo")
REFUSED = {
    "wrong password": (401, "invalid_user_password", "Wrong email or password."),
    "unknown connection": (400, "invalid_request", "the connection was not found"),
    "unknown token of Google": (401, "invalid_request", "invalid access_token: invalid_token"),
    "unknown ID token": (401, None, None),  # the body is text
    "unknown target of a delegation": (403, "unauthorized_client", "invalid target"),
}


@pytest.fixture(scope="module")
def legacy_app(remote):
    """Allow the legacy endpoints to the client `old`."""
    tenant = {"tenant": {"flags": FLAGS}}
    requests.patch(f"{remote.url}/_mockidp/v1/tenant", json=tenant, timeout=10).raise_for_status()
    for client in ("old", "old-api"):
        remote.add_client(client, oidc_conformant=False, grant_types=list(LEGACY))
    remote.add_connection(GOOGLE, strategy=GOOGLE)
    remote.add_user(
        GINA.user_id, connection=GOOGLE, email=GINA.email, identities=list(GINA.identities)
    )


@pytest.mark.parametrize(
    "sdk",
    [
        pytest.param(
            f"auth0-{major}", marks=facts(f"auth0 {major}", *WORKS, refuses=REFUSED, over="https")
        )
        for major in (3, 2)
    ],
)
def test_auth0_uses_the_legacy_endpoints(node, acme, legacy_app, sdk):
    done = node(
        "legacy.cjs",
        {
            "sdk": sdk,
            "domain": urlsplit(acme.tls_url).netloc,
            "clientId": "old",
            "target": "old-api",
            "user": ALICE,
            "social": {"access_token": GOOGLE_TOKEN, "connection": GOOGLE},
        },
        ca_file=acme.ca_file,
    )
    assert claims_of(done["ro"])["email"] == "alice@acme.example"
    assert claims_of(done["social"])["sub"] == GINA.user_id
    assert done["info"]["user_id"] == "auth0|alice"
    delegated = claims_of(done["delegated"])
    assert (delegated["aud"], delegated["azp"]) == ("old-api", "old")
    refused = {
        name: (error["status"], error.get("error"), error.get("description"))
        for name, answer in done["refused"].items()
        for error in [answer["refused"]]
    }
    assert refused == REFUSED
