"""openid-client 6 with the device flow."""

import re

import pytest

from helpers.client_facts import shows
from mockidp import RemoteIdP


@pytest.fixture
def clock(acme):
    """The clock of the running tenant, which is right again after the test."""
    clock = RemoteIdP(acme.url).clock
    yield clock
    clock.offset(0)


@shows(
    "openid-client 6",
    "device flow",
    refuses=["used device code", "denied device", "expired device code", "unknown API"],
    over="https",
)
def test_openid_client_logs_a_device_in(node, acme, clock):
    base_url = acme.tls_url
    done = node(
        "device.mjs",
        {
            "issuer": f"{base_url}/",
            "clientId": "acme-native",
            "control": f"{acme.url}/_mockidp/v1",
            "audience": "https://api.acme.example/",
        },
        ca_file=acme.ca_file,
    )
    assert re.fullmatch(r"[A-Z]{4}-[A-Z]{4}", done["codes"]["user_code"])
    assert done["codes"]["verification_uri"] == f"{base_url}/activate"
    assert done["seen"] == [
        [403, "authorization_pending"], [429, "slow_down"], [200, "tokens"],
    ]  # fmt: skip
    assert done["claims"]["sub"] == "auth0|alice"
    assert {"access_token", "id_token", "refresh_token"} <= set(done["names"])
    refused = {name: one["refused"] for name, one in done["refused"].items()}
    assert {name: (one["status"], one["error"]) for name, one in refused.items()} == {
        "used": (403, "invalid_grant"),
        "denied": (403, "access_denied"),
        "expired": (403, "expired_token"),
        "audience": (403, "access_denied"),
        "secret": (403, "unauthorized_client"),
    }
    assert refused["denied"]["error_description"] == "User cancelled the confirmation prompt."
