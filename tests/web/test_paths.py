"""Paths and methods: what is there, what Auth0 has and we have not, and what nobody has."""

import pytest

from helpers.tenant_client import hint
from mockidp.web.endpoints.unmatched import PATHS, PREFIXES

NOT_FOUND = {"error": "not_found", "error_description": "Not Found"}


@pytest.mark.parametrize("path", ["/", "/nowhere", "/oauth", "/%00", "/%ff", "/x" * 2000, "/.well-known"])  # fmt: skip
def test_a_path_that_nobody_has_is_404(idp, path):
    answer = idp.request("GET", path)
    assert answer.status_code == 404
    assert answer.json == NOT_FOUND
    assert hint(answer) == "neither Auth0 nor this mock has such an endpoint"


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/oauth2/token", "/oauth/token"),
        ("/oauth/tokens", "/oauth/token"),
        ("/oauth/token/x", "/oauth/token"),
        ("/oauth/Token", "/oauth/token"),
        ("/oauth2/v1/authorize", "/authorize"),
        ("/authorise", "/authorize"),
        ("/login", "/authorize"),
        ("/v1/userinfo", "/userinfo"),
        ("/user_info", "/userinfo"),
        ("/oidc/end-session", "/oidc/logout"),
        ("/logout/", "/v2/logout"),
        ("/oauth/revocation", "/oauth/revoke"),
        ("/.well-known/jwks", "/.well-known/jwks.json"),
        ("/oauth2/v3/certs", "/.well-known/jwks.json"),
        ("/.well-known/openid_configuration", "/.well-known/openid-configuration"),
        ("/realms/acme/.well-known/openid-configuration", "/.well-known/openid-configuration"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_a_path_that_is_nearly_an_endpoint_names_it(idp, method, path, near):
    answer = idp.request(method, path)
    assert (answer.status_code, answer.json) == (404, NOT_FOUND)
    assert hint(answer) == (
        f"neither Auth0 nor this mock has such an endpoint; did you mean {near}?"
    )
    assert idp.tenant.journal.last().hint == hint(answer)


def test_a_script_at_a_wrong_path_is_told_of_the_path_only(idp):
    headers = {"Origin": "http://localhost:3000", "Sec-Fetch-Mode": "cors"}
    answer = idp.post("/oauth/tokens", headers=headers)
    assert hint(answer).endswith("did you mean /oauth/token?")


def test_what_controls_the_mock_is_not_compared_with_endpoints(idp):
    answer = idp.get("/_mockidp/v1/token")
    assert (answer.status_code, answer.json["status"]) == (404, 404)
    assert "did you mean" not in hint(answer)


@pytest.mark.parametrize(
    "path",
    [
        "//authorize?client_id=web",
        "//.well-known/openid-configuration",
        "/.well-known//jwks.json",
        "/u//login?state=x",
        "/userinfo//",
        "/users/auth0%7Calice//impersonate",
        "//pem",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_a_path_with_a_doubled_slash_is_404_on_every_endpoint(idp, method, path):
    # The client library takes what follows the slashes for a host, so the target is set as sent.
    environ = {"REQUEST_URI": path, "PATH_INFO": path.partition("?")[0]}
    answer = idp.request(method, "/", environ_overrides=environ)
    assert answer.status_code == 404
    assert answer.json == NOT_FOUND
    assert "two slashes in a row" in hint(answer)


def test_a_doubled_slash_in_a_query_or_escaped_is_not_part_of_the_path(idp):
    assert idp.get("/.well-known/jwks.json", x="http://a//b").status_code == 200
    assert "two slashes" not in hint(idp.get("/users/http%3A%2F%2Fx/impersonate"))


@pytest.mark.parametrize(
    ("method", "path", "methods"),
    [
        ("GET", "/oauth/token", "OPTIONS, POST"),
        ("PUT", "/userinfo", "GET, HEAD, OPTIONS, POST"),
        ("DELETE", "/u/login", "GET, HEAD, POST"),
        ("POST", "/v2/logout", "GET, HEAD"),
        ("BREW", "/authorize", "GET, HEAD, POST"),
    ],
)
def test_a_method_that_a_path_has_not_is_404_too(idp, method, path, methods):
    answer = idp.request(method, path)
    assert answer.status_code == 404
    assert answer.json == NOT_FOUND
    assert hint(answer) == f"this path answers {methods} only"


@pytest.mark.parametrize("path", [*sorted(PATHS), *(f"{prefix}x/y" for prefix in PREFIXES)])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_endpoint_of_auth0s_that_is_not_built_is_501_and_names_itself(idp, method, path):
    answer = idp.request(method, path)
    text = f"{method} {path} is not implemented by mockidp"
    assert answer.status_code == 501
    if path.startswith("/api/"):
        assert answer.json == {
            "statusCode": 501,
            "error": "Not Implemented",
            "message": text,
            "errorCode": "not_implemented",
        }
    else:
        assert answer.json == {"error": "not_implemented", "error_description": text}
    assert "Auth0 has this endpoint" in hint(answer)


def test_a_slash_at_the_end_does_not_matter(idp):
    assert idp.get("/.well-known/jwks.json/").status_code == 200


def test_every_answer_says_that_it_is_a_mock(idp):
    for answer in (
        idp.get("/nowhere"),
        idp.get("/authorize"),
        idp.post("/oauth/token"),
        idp.request("OPTIONS", "/userinfo"),
        idp.get("/pem"),
    ):
        assert answer.headers["Server"] == "mockidp"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert len(answer.headers["X-Auth0-RequestId"]) == 32


def test_no_two_requests_have_one_id(idp):
    ids = {idp.get("/nowhere").headers["X-Auth0-RequestId"] for _ in range(20)}
    assert len(ids) == 20
