"""auth0-python 3 and 5 with the endpoints of Auth0's legacy pipeline."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from helpers.client_facts import facts
from helpers.legacy import GOOGLE_TOKEN
from helpers.tenant_client import claims_of

TENANT = Path(__file__).parent / "legacy_tenant.yaml"
REFUSED = {
    "unknown token of Google": [401, "invalid_request"],
    "unknown connection": [400, "invalid_request"],
    "unknown ID token": [400, "invalid_grant"],
    "delegation for Firebase": [501, "not_implemented"],
    "unknown access token": [401, "a0.sdk.internal.unknown"],
    "SAML metadata": [501, "not_implemented"],
    "WS-Federation metadata": [501, "not_implemented"],
}
WORKS = ("/oauth/access_token", "/delegation", "/userinfo")


@pytest.fixture(scope="module")
def server(serving, tmp_path_factory):
    """The running tenant."""
    with serving(tmp_path_factory.mktemp("legacy"), TENANT, example=None) as server:
        yield server


@pytest.mark.parametrize(
    "major",
    [
        pytest.param(
            major, marks=facts(f"auth0-python {major}", *works, refuses=REFUSED, over="http")
        )
        for major, works in {3: (*WORKS, "/tokeninfo"), 5: WORKS}.items()
    ],
)
def test_auth0_python_uses_the_legacy_endpoints(old_auth0_python, server, major):
    done = old_auth0_python(
        {
            "major": major,
            "domain": urlsplit(server.url).netloc,
            "protocol": "http",
            "token": GOOGLE_TOKEN,
        },
        program="old_auth0_python_legacy.py",
    )
    assert done["refused"] == REFUSED
    claims = claims_of(done["idToken"])
    assert (claims["sub"], claims["aud"]) == ("google-oauth2|1234", "old-api")
    assert done["profile"]["sub"] == "google-oauth2|1234"
    if major == 3:
        assert done["info"]["user_id"] == "google-oauth2|1234"
