"""Who may call the Management API. Bodies are those in docs/fidelity.md."""

import pytest

from helpers.acme import API, with_settings
from helpers.management import ManagementClient
from helpers.tenant_client import TenantClient, bearer, claims_of, hint
from mockidp.tenant.content.document import TenantDocument


def error(answer):
    body = answer.json
    assert list(body)[:3] == ["statusCode", "error", "message"]
    assert body["statusCode"] == answer.status_code
    return answer.status_code, body["message"], body.get("errorCode")


def unauthorized(answer, message):
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json == {
        "statusCode": 401,
        "error": "Unauthorized",
        "message": message,
        "attributes": {"error": message},
    }
    return hint(answer)


def test_a_call_without_a_token_is_refused(idp):
    answer = idp.get("/api/v2/users")
    assert answer.json == {
        "statusCode": 401,
        "error": "Unauthorized",
        "message": "Missing authentication",
    }
    assert hint(answer).startswith("No access token was sent.")


def test_a_token_that_is_no_jwt_is_refused(idp):
    assert unauthorized(idp.call("GET", "/users", token="opaque"), "Invalid token")


def test_an_expired_token_is_refused(idp):
    idp.later(86401)
    message = "Expired token received for JSON Web Token validation"
    assert "expired at" in unauthorized(idp.call("GET", "/users"), message)


def test_a_token_for_another_api_is_refused(idp):
    token = idp.machine_token(audience=API).json["access_token"]
    why = unauthorized(idp.call("GET", "/users", token=token), f"Bad audience: {API}")
    assert "http://localhost:9400/api/v2/" in why


def test_a_token_of_another_tenant_is_refused(idp):
    other = ManagementClient().access_token
    assert unauthorized(idp.call("GET", "/users", token=other), "Invalid token")


@pytest.mark.parametrize(
    ("method", "path", "message"),
    [
        ("POST", "/users", "create:users"),
        ("GET", "/roles", "read:roles"),
        ("POST", "/clients", "create:clients"),
        (
            "PATCH",
            "/users/auth0%7Calice",
            "update:users,update:users_app_metadata,update:current_user_metadata",
        ),
    ],
)
def test_a_token_without_a_scope_is_refused(make_idp, method, path, message):
    idp = make_idp("read:users")
    assert idp.call("GET", "/users").status_code == 200
    answer = idp.call(method, path, {})
    message = f"Insufficient scope, expected any of: {message}"
    assert error(answer) == (403, message, "insufficient_scope")
    assert "client manager has 1 scope, but not" in hint(answer)


def test_a_client_grant_gives_all_scopes_in_one_line(idp):
    assert len(claims_of(idp.access_token)["scope"].split()) == 273


@pytest.fixture
def token_of_alice(idp):
    """Return a token that alice got at a login, and that is for her own record."""
    audience, scope = f"{idp.url}/api/v2/", "openid read:current_user update:current_user_metadata"
    tokens = idp.tokens(audience=audience, scope=f"{scope} read:users")
    assert claims_of(tokens["access_token"])["scope"] == scope
    return tokens["access_token"]


def test_a_user_reads_and_changes_the_own_record(idp, token_of_alice):
    path = "/users/auth0%7Calice"
    assert idp.call("GET", path, token=token_of_alice).json["user_id"] == "auth0|alice"
    body = {"user_metadata": {"theme": "dark"}}
    changed = idp.call("PATCH", path, body, token=token_of_alice)
    assert changed.json["user_metadata"] == {"theme": "dark"}


OTHER_USER = "User to be acted on does not match subject in bearer token."
FIELDS = "You cannot update the following fields: "
NEEDED = "Insufficient scope, expected any of: "


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (("GET", "/users/auth0%7Cbob"), OTHER_USER),
        (("PATCH", "/users/auth0%7Cbob", {"user_metadata": {}}), OTHER_USER),
        (("PATCH", "/users/auth0%7Calice", {"blocked": False}), f"{FIELDS}blocked"),
        (("GET", "/users"), f"{NEEDED}read:users,read:user_idp_tokens"),
    ],
)
def test_a_user_may_do_nothing_else(idp, token_of_alice, call, message):
    answer = idp.call(*call, token=token_of_alice)
    assert error(answer) == (403, message, "insufficient_scope")
    assert hint(answer)


def test_without_a_tenant_file_every_client_may_call():
    idp = TenantClient(
        with_settings(TenantDocument(), accept_any_client=True, accept_any_audience=True)
    )
    form = {"client_id": "any", "client_secret": "any", "audience": f"{idp.url}/api/v2/"}
    token = idp.token(grant_type="client_credentials", **form).json["access_token"]
    assert idp.get("/api/v2/users", headers=bearer(token)).status_code == 200


def test_a_call_that_mockidp_does_not_have_is_refused_as_one_without_a_scope(idp):
    answer = idp.call("GET", "/portals")
    message = "Insufficient scope, expected any of: read:portals"
    assert error(answer) == (403, message, "insufficient_scope")
    assert hint(answer) == "The Management API of mockidp does not have GET /api/v2/portals yet."


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/nothing"), ("GET", "/"), ("PURGE", "/nothing")]
)
def test_an_unknown_path_is_not_found(idp, method, path):
    assert error(idp.call(method, path)) == (404, "Not Found", None)


def test_an_unknown_path_needs_a_token_first(idp):
    assert idp.get("/api/v2/nothing").status_code == 401


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"{", "not JSON"),
        (b"[]", "list"),
        (b'{"name": "a", "name": "b"}', "name"),
        (b"\xff", "UTF-8"),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(idp, body, why):
    headers = {**bearer(idp.access_token), "Content-Type": "application/json"}
    answer = idp.request("POST", "/api/v2/roles", headers=headers, data=body)
    assert error(answer) == (400, "Payload validation error: 'Invalid JSON'.", "invalid_body")
    assert why in hint(answer)


def test_a_request_for_an_unknown_host_is_refused_in_the_format_of_the_api(idp):
    headers = {**bearer(idp.access_token), "Host": "other.example"}
    answer = idp.request("GET", "/api/v2/users", headers=headers)
    assert error(answer) == (400, "Unknown host", None)
    assert "'other.example'" in hint(answer)


def test_a_body_that_is_too_large_is_refused(idp):
    answer = idp.call("POST", "/roles", {"name": "x" * 1024 * 1024})
    message = "Payload content length greater than maximum allowed: 1048576"
    assert error(answer) == (413, message, None)


@pytest.mark.parametrize("body", [b"", b"null", b" "])
def test_a_get_may_have_an_empty_body(idp, body):
    headers = {**bearer(idp.access_token), "Content-Type": "application/json"}
    answer = idp.request("GET", "/api/v2/roles", headers=headers, data=body)
    assert answer.status_code == 200


def test_an_unknown_query_parameter_is_refused(idp):
    answer = idp.call("GET", "/users", per_pgae=1)
    reason = "Query validation error: 'Additional properties not allowed: per_pgae'."
    assert error(answer) == (400, reason, "invalid_query_string")
    assert "Did you mean per_page?" in hint(answer)


def test_answers_have_the_headers_of_the_api(idp):
    headers = idp.call("GET", "/users").headers
    assert headers["X-RateLimit-Limit"] == "100"
    assert int(headers["X-RateLimit-Reset"]) == int(idp.tenant.now()) + 1
    assert headers["Cache-Control"].startswith("private, no-store, no-cache, must-revalidate")


def test_a_rate_limit_has_the_format_of_the_api(idp):
    fault = idp.tenant.faults.add  # the words of a fault are tested with the other endpoints
    from mockidp.tenant.config.fault import parse_fault

    fault(parse_fault({"endpoint": "management", "rate_limit": True}))
    answer = idp.call("GET", "/users")
    assert error(answer) == (429, "Global limit has been reached", "too_many_requests")
