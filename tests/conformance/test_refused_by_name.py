"""WS-Fed, SAML, CIBA and DPoP are refused by name, and not announced."""

import json
from dataclasses import replace

import pytest

from helpers.acme import ACME, with_client, with_tenant
from helpers.tenant_client import TenantClient, bearer, hint, sent_to_callback

CIBA = "urn:openid:params:grant-type:ciba"
PROOF = {"DPoP": "eyJ0eXAiOiJkcG9wK2p3dCJ9.e30.x"}
PUSHED = replace(with_tenant(ACME, pushed_authorization_requests_supported=True))


@pytest.fixture
def idp():
    return TenantClient(PUSHED)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("path", "feature"),
    [
        ("/samlp/web", "SAML"),
        ("/samlp/web/logout", "SAML"),
        ("/samlp/metadata/web", "SAML"),
        ("/wsfed/web", "WS-Federation"),
        ("/wsfed/FederationMetadata/2007-06/FederationMetadata.xml", "WS-Federation"),
        ("/bc-authorize", "Client-initiated backchannel authentication (CIBA)"),
    ],
)
def test_endpoints_are_refused(idp, method, path, feature):
    answer = idp.request(method, path)
    assert answer.status_code == 501
    assert answer.json == {
        "error": "not_implemented",
        "error_description": f"{method} {path} is not implemented by mockidp",
    }
    assert f"Auth0 has this endpoint ({feature}), but" in hint(answer)


def test_the_grant_type_of_ciba_is_refused(idp):
    answer = idp.post(
        "/oauth/token", client_id="web", client_secret="web-secret", grant_type=CIBA,
        auth_req_id="x",
    )  # fmt: skip
    assert (answer.status_code, answer.json["error"]) == (501, "unsupported_grant_type")
    assert "Client-initiated backchannel authentication (CIBA)" in hint(answer)


def test_a_client_with_the_grant_type_of_ciba_is_refused_as_well(idp):
    idp.edit(with_client(PUSHED, "web", grant_types=(CIBA,)))
    answer = idp.post("/oauth/token", client_id="web", client_secret="web-secret", grant_type=CIBA)
    assert answer.status_code == 501


def test_rfc9449__a_proof_is_refused_at_the_token_endpoint(idp):
    form = {"client_id": "web", "client_secret": "web-secret", "grant_type": "refresh_token"}
    answer = idp.post("/oauth/token", headers=PROOF, **form, refresh_token="x")
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_dpop_proof")


def test_rfc9449_10_1__a_proof_is_refused_when_a_request_is_pushed(idp):
    form = {"client_id": "web", "client_secret": "web-secret", "response_type": "code"}
    answer = idp.post("/oauth/par", headers=PROOF, **form)
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_dpop_proof")
    assert "Switch DPoP off in the client." in hint(answer)


def test_rfc9449_10__dpop_jkt_is_refused(idp):
    answer = idp.authorize(dpop_jkt="0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")
    assert sent_to_callback(answer)["error"] == "invalid_request"
    assert "Leave out `dpop_jkt`" in hint(answer)


def test_rfc9449_7_1__the_scheme_of_bound_tokens_is_refused(idp):
    token = idp.password_token(scope="openid").json["access_token"]
    assert idp.get("/userinfo", headers=bearer(token)).status_code == 200
    answer = idp.get("/userinfo", headers={"Authorization": f"DPoP {token}", **PROOF})
    assert answer.status_code == 401
    assert "has the scheme DPoP, but Bearer is expected" in hint(answer)


@pytest.mark.parametrize(
    "path", ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"]
)
def test_discovery_announces_none_of_them(idp, path):
    document = json.dumps(idp.get(path).json).lower()
    for name in ("samlp", "wsfed", "bc-authorize", "backchannel_authentication", "ciba", "dpop"):
        assert name not in document
