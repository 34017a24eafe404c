"""docs/reference/endpoints.md agrees with discovery and with the answers of the mock."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from helpers.acme import with_tenant
from helpers.tenant_client import TenantClient
from mockidp.tenant.content.tenant_settings import TenantFlags

PAGE = (Path(__file__).parents[2] / "docs/reference/endpoints.md").read_text()
ANNOUNCED_BY_AUTH0 = {
    "/authorize": "authorization_endpoint",
    "/oauth/token": "token_endpoint",
    "/oauth/device/code": "device_authorization_endpoint",
    "/userinfo": "userinfo_endpoint",
    "/mfa/challenge": "mfa_challenge_endpoint",
    "/.well-known/jwks.json": "jwks_uri",
    "/oidc/register": "registration_endpoint",
    "/oauth/revoke": "revocation_endpoint",
    "/oidc/logout": "end_session_endpoint",
    "/bc-authorize": "backchannel_authentication_endpoint",
    "/oauth/par": "pushed_authorization_request_endpoint",
    "/oauth/global-token-revocation/connection/{id}": "global_token_revocation_endpoint",
}


def _here(heading):
    """Return the column `here` of a section, by the first column."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    words = "works|simplified|refused|not accepted"
    rows = re.findall(rf"^\| `(.*?)` \|(?: [^|]* \|)?? ({words}) \|", section, re.MULTILINE)
    assert rows
    return dict(rows)


@pytest.fixture(scope="module")
def idp():
    flags = TenantFlags(enable_dynamic_client_registration=True)
    return TenantClient(with_tenant(pushed_authorization_requests_supported=True, flags=flags))


@pytest.fixture(scope="module")
def discovery(idp):
    return idp.get("/.well-known/openid-configuration").json


def test_discovery_announces_exactly_the_endpoints_that_work(discovery):
    here = _here("Endpoints and pages")
    expected = {path: key for path, key in ANNOUNCED_BY_AUTH0.items() if here[path] != "refused"}
    urls = {key: url for key, url in discovery.items() if key.endswith(("_endpoint", "_uri"))}
    paths = {
        urlsplit(url).path.replace("{connectionName}", "{id}"): key for key, url in urls.items()
    }
    assert paths == expected


@pytest.mark.parametrize(
    ("heading", "announced", "more"),
    [
        ("Response types", "response_types_supported", set()),
        ("Response modes", "response_modes_supported", {"web_message"}),
        ("Client authentication", "token_endpoint_auth_methods_supported", {"none"}),
    ],
)
def test_discovery_announces_exactly_the_values_that_work(discovery, heading, announced, more):
    working = {name for name, here in _here(heading).items() if here == "works"}
    assert working == {*discovery[announced]} | more


def test_only_refused_endpoints_answer_that_they_are_not_implemented(idp):
    for path, here in _here("Endpoints and pages").items():
        answer = idp.get(path.replace("...", "x").replace("{id}", "x"))
        assert (answer.status_code == 501) == (here == "refused"), path
        if here == "not accepted":
            assert answer.status_code == 404, path


def test_only_refused_grant_types_are_unsupported(idp):
    for grant_type, here in _here("Grant types").items():
        answer = idp.post("/oauth/token", client_id="spa", grant_type=grant_type)
        is_unsupported = answer.json["error"] == "unsupported_grant_type"
        assert is_unsupported == (here == "refused"), grant_type
