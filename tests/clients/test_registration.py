"""openid-client 6 registers a client at /oidc/register and logs in with it."""

import jwt
import pytest
import requests

from helpers.client_facts import shows
from mockidp import RemoteIdP

CALLBACK = "http://localhost:3000/callback"
API = "https://api.acme.example/"


@pytest.fixture
def open_tenant(acme):
    """Let apps register at the running tenant, and give their clients a default permission."""
    url = f"{acme.url}/_mockidp/v1/tenant"
    before = requests.get(url, timeout=10).json()
    flags = before["tenant"].get("flags", {}) | {"enable_dynamic_client_registration": True}
    requests.put(
        url, json=before | {"tenant": before["tenant"] | {"flags": flags}}, timeout=10
    ).raise_for_status()
    remote = RemoteIdP(acme.url)
    remote.patch_connection("Username-Password-Authentication", is_domain_connection=True)
    remote.add_client_grant(
        audience=API,
        default_for="third_party_clients",
        subject_type="user",
        scope=["read:items"],
    )
    yield
    requests.put(url, json=before, timeout=10).raise_for_status()


@shows(
    "openid-client 6",
    "dynamic client registration",
    refuses=["registration with a wrong redirect URI"],
    over="http, https",
)
@pytest.mark.parametrize("url", ["url", "tls_url"])
def test_openid_client_registers_and_logs_in(node, acme, open_tenant, url):
    done = node(
        "registration.mjs",
        {
            "issuer": getattr(acme, url) + "/",
            "callback": CALLBACK,
            "audience": API,
            "username": "alice@acme.example",
            "password": "Passw0rd!",
        },
        ca_file=acme.ca_file,
    )
    assert done["client"]["client_id"].startswith("tpc_")
    assert done["client"]["grant_types"] == ["authorization_code", "refresh_token"]
    claims = jwt.decode(done["accessToken"], options={"verify_signature": False})
    assert (claims["azp"], claims["scope"]) == (done["client"]["client_id"], "read:items")
    refused = done["wrongUri"]["refused"]
    assert (refused["status"], refused["error"]) == (400, "invalid_redirect_uri")
