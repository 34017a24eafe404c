"""Blacklisted tokens, which the mock's own endpoints refuse."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, API
from helpers.tenant_client import bearer, claims_of, hint
from mockidp.protocol.tokens.jwt import make_token

PATH = "/blacklists/tokens"
RFC9068 = "rfc9068_profile"


@pytest.fixture
def idp(make_idp):
    """A tenant whose API has tokens with a `jti`."""
    apis = [
        replace(one, token_dialect=RFC9068)
        for one in ACME.resource_servers
        if one.identifier == API
    ]
    others = [one for one in ACME.resource_servers if one.identifier != API]
    return make_idp(document=replace(ACME, resource_servers=(*apis, *others)))


def with_jti(idp, audience, **claims):
    """Return an access token of user alice with a `jti`, which Auth0's own APIs do not add."""
    now = int(idp.tenant.now())
    times = {"iat": now, "exp": now + 60}
    return make_token(
        {"iss": f"{idp.url}/", "sub": "auth0|alice", "aud": audience, "jti": "one"}
        | times
        | claims,
        key=idp.tenant.keys.current,
    ).sign()


@pytest.mark.parametrize(
    ("audience", "path"),
    [("/api/v2/", "/api/v2/blacklists/tokens"), ("/mfa/", "/mfa/authenticators")],
)
def test_auth0s_own_apis_refuse_a_blacklisted_token(idp, audience, path):
    scope = "blacklist:tokens read:authenticators"
    token = with_jti(idp, idp.url + audience, azp="web", scope=scope)
    assert idp.get(path, headers=bearer(token)).status_code == 200
    assert idp.call("POST", PATH, {"jti": "one"}).status_code == 204
    refused = idp.get(path, headers=bearer(token))
    assert refused.status_code == 401
    assert "blacklisted with POST /api/v2/blacklists/tokens, by its `jti` one" in hint(refused)


@pytest.mark.parametrize("names_audience", [False, True])
def test_userinfo_refuses_a_blacklisted_token(idp, names_audience):
    token = idp.tokens(audience=API)["access_token"]
    claims = claims_of(token)
    assert idp.get("/userinfo", headers=bearer(token)).status_code == 200
    body = {"jti": claims["jti"]} | ({"aud": API} if names_audience else {})
    assert "accepts it until it expires" in hint(idp.call("POST", PATH, body))
    refused = idp.get("/userinfo", headers=bearer(token))
    assert refused.status_code == 401
    assert "blacklisted" in hint(refused)


@pytest.mark.parametrize("aud", ["https://other", "manager"])
def test_the_audience_has_to_be_that_of_the_token_or_its_client(idp, aud):
    token = idp.tokens(audience=API)["access_token"]
    idp.call("POST", PATH, {"jti": claims_of(token)["jti"], "aud": aud})
    assert idp.get("/userinfo", headers=bearer(token)).status_code == 200


def test_the_list_is_filtered_by_audience(idp):
    for body in ({"jti": "1", "aud": "a"}, {"jti": "2", "aud": "b"}, {"jti": "3"}):
        idp.call("POST", PATH, body)
    assert idp.call("GET", PATH, aud="a").json == [{"aud": "a", "jti": "1"}]
    assert idp.call("GET", PATH).json == [
        {"aud": "a", "jti": "1"}, {"aud": "b", "jti": "2"}, {"jti": "3"},
    ]  # fmt: skip


@pytest.mark.parametrize("body", [{}, {"jti": ""}, {"jti": 1}, {"jti": "1", "aud": 1}])
def test_a_wrong_body_is_refused(idp, body):
    answer = idp.call("POST", PATH, body)
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")
