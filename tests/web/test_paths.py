"""Paths and methods: which exist, which only Auth0 has, and which do not exist."""

import logging

import pytest

from helpers.acme import with_tenant
from helpers.tenant_client import TenantClient, hint
from mockidp.tenant.content.tenant_settings import ErrorPage
from mockidp.tenant.tenant import Tenant
from mockidp.web.endpoints.unmatched import PATHS, PREFIXES

NOT_FOUND = {"error": "not_found", "error_description": "Not Found"}


@pytest.mark.parametrize("path", ["/", "/nowhere", "/oauth", "/%00", "/%ff", "/x" * 2000, "/.well-known"])  # fmt: skip
def test_a_path_that_does_not_exist_is_404(idp, path):
    answer = idp.request("GET", path)
    assert answer.status_code == 404
    assert answer.json == NOT_FOUND
    assert hint(answer) == "Neither Auth0 nor this mock has such an endpoint."


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/oauth2/token", "/oauth/token"),
        ("/oauth/tokens", "/oauth/token"),
        ("/oauth/token/x", "/oauth/token"),
        ("/oauth/Token", "/oauth/token"),
        ("/oauth2/v1/authorize", "/authorize"),
        ("/authorise", "/authorize"),
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
def test_the_hint_at_a_misspelled_path_names_the_endpoint(idp, method, path, near):
    answer = idp.request(method, path)
    assert (answer.status_code, answer.json) == (404, NOT_FOUND)
    assert hint(answer) == f"Neither Auth0 nor this mock has such an endpoint. Did you mean {near}?"
    assert idp.tenant.journal.last().hint == hint(answer)


def test_a_script_at_a_wrong_path_gets_the_hint_about_the_path_only(idp):
    headers = {"Origin": "http://localhost:3000", "Sec-Fetch-Mode": "cors"}
    answer = idp.post("/oauth/tokens", headers=headers)
    assert hint(answer).endswith(" Did you mean /oauth/token?")


def test_paths_of_the_control_api_are_not_compared_with_endpoints(idp):
    answer = idp.get("/_mockidp/v1/token")
    assert (answer.status_code, answer.json["status"]) == (404, 404)
    assert "Did you mean" not in hint(answer)


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
    # The client library would parse the rest as a host, so the target is set directly.
    environ = {"REQUEST_URI": path, "PATH_INFO": path.partition("?")[0]}
    answer = idp.request(method, "/", environ_overrides=environ)
    assert answer.status_code == 404
    assert answer.json == NOT_FOUND
    assert "The path has two slashes in a row" in hint(answer)


def test_a_doubled_slash_in_a_query_or_escaped_is_not_part_of_the_path(idp):
    assert idp.get("/.well-known/jwks.json", x="http://a//b").status_code == 200
    assert "two slashes" not in hint(idp.get("/users/http%3A%2F%2Fx/impersonate"))


@pytest.mark.parametrize(
    ("method", "path", "methods"),
    [
        ("GET", "/oauth/token", "POST"),
        ("PUT", "/userinfo", "GET or POST"),
        ("DELETE", "/u/login", "GET or POST"),
        ("GET", "/oauth/revoke", "POST"),
        ("POST", "/v2/logout", "GET"),
        ("OPTIONS", "/v2/logout", "GET"),
        ("BREW", "/authorize", "GET or POST"),
        ("POST", "/favicon.ico", "GET"),
    ],
)
def test_a_method_that_a_path_does_not_accept_is_404_and_the_hint_names_the_right_one(
    idp, method, path, methods
):
    answer = idp.request(method, path)
    assert answer.status_code == 404
    assert answer.json == NOT_FOUND
    assert hint(answer) == f"This path does not accept {method}. Use {methods}."


@pytest.mark.parametrize("path", [*sorted(PATHS), *(f"{prefix}x/y" for prefix in PREFIXES)])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_endpoint_of_auth0_that_is_not_implemented_is_501_and_named(idp, method, path):
    answer = idp.request(method, path)
    text = f"{method} {path} is not implemented by mockidp"
    assert answer.status_code == 501
    assert answer.json == {"error": "not_implemented", "error_description": text}
    assert "Auth0 has this endpoint" in hint(answer)


@pytest.mark.parametrize(
    ("method", "path", "call"),
    [
        ("GET", "users", "GET /api/v2/users"),
        ("POST", "users/", "POST /api/v2/users"),
        ("DELETE", "users/auth0%7Calice", "DELETE /api/v2/users/{id}"),
        ("PUT", "users/auth0%7Calice/metadata", "PATCH /api/v2/users/{id}"),
        ("POST", "users/x/send_verification_email", "POST /api/v2/jobs/verification-email"),
        ("POST", "users/x/change_password_ticket", "POST /api/v2/tickets/password-change"),
        ("DELETE", "users/x/refresh_tokens/y", "DELETE /api/v2/device-credentials/{id}"),
        ("POST", "users/x/publickey", "POST /api/v2/device-credentials"),
        ("GET", "connections/acme/users", 'GET /api/v2/users?q=identities.connection:"{name}"'),
        ("GET", "socialconnections/users", "GET /api/v2/users?q=identities.isSocial:true"),
        ("PUT", "connections/acme", "PATCH /api/v2/connections/{id}"),
        ("PATCH", "clients/web", "PATCH /api/v2/clients/{id}"),
        ("GET", "logs", "GET /api/v2/logs"),
        ("GET", "nothing", "a call of v2"),
        ("GET", "", "a call of v2"),
    ],
)
def test_auth0_paths__the_management_api_v1_is_gone_and_the_hint_names_the_call_of_v2(
    idp, method, path, call
):
    answer = idp.request(method, f"/api/{path}")
    assert answer.status_code == 404
    assert answer.json == {"statusCode": 404, "error": "Not Found", "message": "Not Found"}
    assert hint(answer) == (
        "The Management API v1, which Auth0 removed in 2020, had the paths below /api/. "
        f"Use {call} instead."
    )


HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("path", "status", "described", "why"),
    [
        ("/oauth2/authorize", 404, "not_found: Not Found",
         "Neither Auth0 nor this mock has such an endpoint. Did you mean /authorize?"),
        ("/oauth/token", 404, "not_found: Not Found", "This path does not accept GET. Use POST."),
        ("/bc-authorize", 501, "not_implemented: GET /bc-authorize is not implemented by mockidp",
         "Auth0 has this endpoint (Client-initiated backchannel authentication (CIBA)), but mockidp does not have it. See "),
        ("/_mockidp/nope", 404, "not_found: Not Found",
         "Neither Auth0 nor this mock has such an endpoint."),
    ],
)  # fmt: skip
def test_a_browser_at_a_wrong_path_sees_a_page_with_the_hint(idp, path, status, described, why):
    answer = idp.request("GET", path, headers=HTML)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["X-Frame-Options"] == "deny"
    assert described in answer.text.replace("<strong>", "").replace("</strong>", "")
    assert f"HTTP status {status}" in answer.text
    assert why in answer.text
    assert hint(answer).startswith(why)
    assert ("TRACKING ID" in answer.text) is (not path.startswith("/_mockidp/"))
    head = idp.request("HEAD", path, headers=HTML)
    assert head.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/bc-authorize", {"Accept": "application/json"}),
        ("GET", "/bc-authorize", {"Accept": "*/*"}),
        ("GET", "/bc-authorize", {}),
        ("POST", "/bc-authorize", HTML),
    ],
)
def test_an_api_client_at_a_wrong_path_gets_json(idp, method, path, headers):
    answer = idp.request(method, path, headers=headers)
    assert answer.status_code == 501
    assert "not_implemented" in answer.json.values()


def test_a_browser_at_the_management_api_v1_gets_json_too(idp):
    answer = idp.request("GET", "/api/users", headers=HTML)
    assert (answer.status_code, answer.mimetype) == (404, "application/json")


@pytest.mark.parametrize("path", ["/", "/nowhere"])
def test_a_browser_at_a_host_that_is_not_allowed_sees_a_page(path):
    answer = TenantClient(url="http://idp.example").request("GET", path, headers=HTML)
    assert answer.status_code == 400
    assert "This mock does not answer to the host" in answer.text
    assert answer.mimetype == "text/html"


def test_the_tenants_own_error_page_is_not_for_paths_that_do_not_exist(idp):
    idp.edit(with_tenant(error_page=ErrorPage(url="https://app.example/error")))
    answer = idp.request("GET", "/nowhere", headers=HTML)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert idp.request("GET", "/authorize", headers=HTML).status_code == 302


def test_a_browsers_own_requests_are_not_in_the_journal_and_draw_no_ids(caplog):
    caplog.set_level(logging.INFO, logger="mockidp")
    idp, other = (TenantClient(tenant=Tenant(seed=1)) for _ in range(2))
    icon = idp.request("GET", "/favicon.ico", headers=HTML)
    assert (icon.status_code, icon.data, hint(icon)) == (204, b"", "")
    assert icon.headers["Cache-Control"] == "public, max-age=86400"
    start = idp.request("GET", "/", headers=HTML)
    assert (start.status_code, start.location) == (302, "/_mockidp/")
    assert list(idp.tenant.journal) == []
    assert caplog.messages == ["start 302"]
    ids = [one.get("/pem").headers["X-Auth0-RequestId"] for one in (idp, other)]
    assert ids[0] == ids[1]


def test_a_slash_at_the_end_does_not_matter(idp):
    assert idp.get("/.well-known/jwks.json/").status_code == 200


def test_every_answer_identifies_the_mock(idp):
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


def test_every_request_has_another_id(idp):
    ids = {idp.get("/nowhere").headers["X-Auth0-RequestId"] for _ in range(20)}
    assert len(ids) == 20
