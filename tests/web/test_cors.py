"""The answers that pages of other origins can read."""

import pytest

from helpers.acme import ACME, with_client
from helpers.tenant_client import TenantClient

EXPOSED = "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"
LISTED = ("/oauth/token", "/oauth/revoke")
OPEN = ("/userinfo", "/.well-known/jwks.json", "/.well-known/openid-configuration")


def cors_of(answer):
    return {name: v for name, v in answer.headers.items() if name.startswith("Access-Control-")}


@pytest.mark.parametrize("path", LISTED)
@pytest.mark.parametrize("origin", ["http://localhost:3000", "https://app.example"])
def test_listed_origins_may_read_a_token_response_and_an_error(idp, path, origin):
    answer = idp.post(path, headers={"Origin": origin})
    assert answer.status_code == 400
    assert cors_of(answer) == {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": EXPOSED,
    }
    assert answer.headers["Vary"] == "Accept-Encoding, Origin"


def test_the_origin_of_a_callback_is_listed():
    callback = "https://cb.example/a/b?c"
    idp = TenantClient(with_client(ACME, "web", callbacks=(callback,)))
    answer = idp.post("/oauth/token", headers={"Origin": "https://cb.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "https://cb.example"


@pytest.mark.parametrize("path", LISTED)
@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://localhost:3001", "http://localhost:3000/", "", "ü"],
)
def test_other_origins_may_not_read_a_response(idp, path, origin):
    for answer in (
        idp.post(path, headers={"Origin": origin}),
        idp.request("OPTIONS", path, headers={"Origin": origin}),
    ):
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert answer.headers["Vary"] == "Accept-Encoding, Origin"


@pytest.mark.parametrize("path", OPEN)
def test_documents_and_userinfo_are_open_to_all_without_cookies(idp, path):
    answer = idp.get(path, headers={"Origin": "https://any.example"})
    assert cors_of(answer) == {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Credentials": "false",
        "Access-Control-Expose-Headers": EXPOSED,
    }


@pytest.mark.parametrize(
    ("path", "origin", "methods"),
    [
        ("/oauth/token", "http://localhost:3000", "POST"),
        ("/oauth/revoke", "http://localhost:3000", "POST"),
        ("/userinfo", "*", "GET, POST"),
        ("/.well-known/jwks.json", "*", "GET"),
    ],
)
def test_a_preflight_is_answered(idp, path, origin, methods):
    headers = {
        "Origin": "http://localhost:3000",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, auth0-client, content-type",
    }
    answer = idp.request("OPTIONS", path, headers=headers)
    assert (answer.status_code, answer.get_data()) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert answer.headers["Access-Control-Allow-Methods"] == methods
    allowed = answer.headers["Access-Control-Allow-Headers"].split(", ")
    assert {"authorization", "auth0-client", "content-type", "dpop"} <= set(allowed)
    assert answer.headers["Access-Control-Max-Age"] == "600"


@pytest.mark.parametrize("path", ["/authorize", "/u/login", "/v2/logout", "/oidc/logout"])
def test_pages_are_not_open_to_other_origins(idp, path):
    answer = idp.get(path, headers={"Origin": "http://localhost:3000"})
    assert cors_of(answer) == {}
    assert idp.request("OPTIONS", path).status_code == 404
