"""openid-client 6 with pushed authorization requests (PAR) and signed request objects (JAR)."""

import pytest
import requests

from helpers.assertions import OTHER_KEY, private_pem, public_pem
from helpers.client_facts import shows
from mockidp import RemoteIdP

CALLBACK = "http://localhost:3000/callback"
API = "https://api.acme.example/"


@pytest.fixture(scope="module", autouse=True)
def pusher(acme):
    """A client of the running tenant that may push its requests, and signs them."""
    remote = RemoteIdP(acme.url)
    remote.add_client(
        "pusher",
        client_secret="pusher-secret",
        callbacks=[CALLBACK],
        signed_request_object={"credentials": [{"pem": public_pem()}]},
    )
    yield
    remote.remove_client("pusher")


@pytest.fixture
def enabled(acme):
    """Let the running tenant accept pushed requests, as its file could say."""
    url = f"{acme.url}/_mockidp/v1/tenant"
    before = requests.get(url, timeout=10).json()
    settings = before["tenant"] | {"pushed_authorization_requests_supported": True}
    requests.put(url, json=before | {"tenant": settings}, timeout=10).raise_for_status()
    yield
    requests.put(url, json=before, timeout=10).raise_for_status()


@shows(
    "openid-client 6",
    "pushed authorization request",
    "signed authorization request",
    refuses=["pushed request with a wrong callback", "pushed request for an unknown API"],
    over="http, https",
)
@pytest.mark.parametrize("url", ["url", "tls_url"])
def test_openid_client_pushes_and_signs(node, acme, enabled, url):
    done = node(
        "pushed-and-signed.mjs",
        {
            "issuer": getattr(acme, url) + "/",
            "clientId": "pusher",
            "clientSecret": "pusher-secret",
            "callback": CALLBACK,
            "audience": API,
            "username": "alice@acme.example",
            "password": "Passw0rd!",
            "key": private_pem(),
            "otherKey": private_pem(OTHER_KEY),
        },
        ca_file=acme.ca_file,
    )
    for kind in ("pushed", "signed", "both"):
        assert done[kind]["claims"]["sub"] == "auth0|alice"
    assert sorted(done["pushed"]["names"]) == ["client_id", "request_uri"]
    assert sorted(done["signed"]["names"]) == ["client_id", "request"]
    assert "Invalid or expired request_uri" in done["again"]["refused"]["message"]
    assert "Invalid request object" in done["wrongKey"]["refused"]["message"]
    for refused, status, error in (
        ("wrongCallback", 403, "unauthorized_client"),
        ("wrongAudience", 403, "access_denied"),
    ):
        assert done[refused]["refused"]["status"] == status
        assert done[refused]["refused"]["error"] == error
