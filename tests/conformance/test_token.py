"""/oauth/token with any grant: client, grant type, headers, body formats."""

import json

import pytest

from helpers.acme import with_settings
from helpers.tenant_client import TenantClient, basic, hint

NEVER_CACHED = (
    "private, no-store, no-cache, must-revalidate, post-check=0, pre-check=0, no-transform"
)


def assert_refused(answer, status, error, description, *, cause="", error_uri=None):
    """Check status, body to the letter and headers of a refusal."""
    body = {"error": error, "error_description": description}
    if error_uri:
        body["error_uri"] = error_uri
    assert answer.status_code == status
    assert answer.text == json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    assert answer.content_type == "application/json"
    assert answer.headers["Cache-Control"] == NEVER_CACHED
    assert cause in hint(answer)
    assert hint(answer)


def test_auth0_token__success_has_auth0s_headers(idp):
    answer = idp.machine_token(audience="https://api.example/")
    now = int(idp.tenant.now())
    assert answer.status_code == 200
    expected = {
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
        "Pragma": "no-cache",
        "Vary": "Accept-Encoding, Origin",
        "X-RateLimit-Limit": "100",
        "X-RateLimit-Remaining": "99",
        "X-RateLimit-Reset": str(now + 1),
        "X-Content-Type-Options": "nosniff",
        "Server": "mockidp",
    }
    assert {name: answer.headers[name] for name in expected} == expected
    assert len(answer.headers["X-Auth0-RequestId"]) == 32
    assert "Mockidp-Hint" not in answer.headers
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
def test_auth0_token__other_methods_are_404(idp, method):
    answer = idp.request(method, "/oauth/token")
    assert answer.status_code == 404
    assert hint(answer) == f"This path does not accept {method}. Use POST."
    if method != "HEAD":
        assert answer.json == {"error": "not_found", "error_description": "Not Found"}


def test_auth0_token__json_is_read_like_a_form(idp):
    body = {
        "grant_type": "client_credentials",
        "client_id": "m2m",
        "client_secret": "m2m-secret",
        "audience": "https://api.example/",
    }
    assert idp.post("/oauth/token", json_body=body).status_code == 200
    typed = {"Content-Type": "application/json; charset=utf-8"}
    answer = idp.request("POST", "/oauth/token", data=json.dumps(body), headers=typed)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("form", "cause"),
    [
        ({"client_id": "nobody", "client_secret": "x"}, "No client has the `client_id` 'nobody'"),
        ({"client_secret": "wrong"}, "The `client_secret` is not that of client web"),
        ({"client_secret": "wrøng"}, "The `client_secret` is not that of client web"),
        ({"client_secret": None}, "Client web is confidential"),
        ({"client_secret": ""}, "no `client_secret` was sent"),
        ({"client_id": "secretless", "client_secret": "x"}, "has no `client_secret` in the tenant"),
    ],
)
def test_auth0_token__wrong_credentials_are_401_access_denied(idp, form, cause):
    answer = idp.token(grant_type="authorization_code", code="x", **form)
    assert_refused(answer, 401, "access_denied", "Unauthorized", cause=cause)


def test_rfc6749_5_2__wrong_credentials_are_invalid_client_with_the_profile_oidc():
    idp = TenantClient(with_settings(profile="oidc"))
    for form in ({"client_secret": "wrong"}, {"client_id": "nobody"}):
        answer = idp.token(grant_type="authorization_code", code="x", **form)
        assert_refused(answer, 401, "invalid_client", "Unauthorized")


def test_auth0_token__hints_contain_no_secret(idp):
    answer = idp.token(grant_type="authorization_code", client_secret="guessed-secret")
    assert "guessed-secret" not in str(answer.headers) + answer.text
    assert "web-secret" not in str(answer.headers) + answer.text


@pytest.mark.parametrize(
    ("form", "name", "cause"),
    [
        ({"client_id": None}, "client_id", "not sent"),
        ({"client_id": ""}, "client_id", "empty, which counts as absent"),
        ({"grant_type": None}, "grant_type", "not sent"),
        ({"grant_type": "authorization_code"}, "code", "not sent"),
        ({"grant_type": "refresh_token"}, "refresh_token", "not sent"),
        ({"grant_type": "password"}, "username", "not sent"),
        ({"grant_type": "password", "username": "a"}, "password", "not sent"),
        (
            {
                "grant_type": "http://auth0.com/oauth/grant-type/password-realm",
                "username": "a",
                "password": "b",
            },
            "realm",
            "not sent",
        ),
    ],
)
def test_auth0_token__a_missing_parameter_is_named(idp, form, name, cause):
    answer = idp.token(**form)
    text = f"Missing required parameter: {name}"
    assert_refused(answer, 400, "invalid_request", text, cause=cause)


def test_auth0_token__an_unknown_grant_type_is_501(idp):
    answer = idp.token(grant_type="telepathy")
    assert_refused(
        answer,
        501,
        "unsupported_grant_type",
        "Unsupported grant type: telepathy",
        cause=" Known grant types: authorization_code, ",
    )


def test_auth0_token__an_unsupported_grant_type_is_501(idp):
    grant_type = "urn:openid:params:grant-type:ciba"
    answer = idp.token(grant_type=grant_type)
    text = f"Unsupported grant type: {grant_type}"
    assert_refused(
        answer,
        501,
        "unsupported_grant_type",
        text,
        cause="Client-initiated backchannel authentication (CIBA).",
    )


@pytest.mark.parametrize(
    ("client_id", "grant_type"),
    [("code-only", "refresh_token"), ("web", "client_credentials"), ("m2m", "authorization_code")],
)
def test_auth0_token__a_grant_type_not_allowed_for_the_client_is_403(idp, client_id, grant_type):
    answer = idp.token(grant_type=grant_type, client_id=client_id)
    assert_refused(
        answer,
        403,
        "unauthorized_client",
        f"Grant type '{grant_type}' not allowed for the client.",
        error_uri="https://auth0.com/docs/clients/client-grant-types",
        cause=f"Add {grant_type} in the tenant file.",
    )


# --- where the credentials stand ---


def code_request(idp, headers, **form):
    code = idp.callback(client_id=form.pop("for_client", "web"))["code"]
    uri = "http://localhost:3000/callback"
    return idp.post(
        "/oauth/token",
        headers=headers,
        **{"grant_type": "authorization_code", "code": code, "redirect_uri": uri} | form,
    )


def test_rfc6749_2_3_1__credentials_may_be_in_a_basic_header(idp):
    assert code_request(idp, basic("web", "web-secret")).status_code == 200
    with_id = code_request(idp, basic("web", "web-secret"), client_id="web")
    assert with_id.status_code == 200


def test_rfc6749_2_3_1__basic_credentials_are_form_encoded(idp):
    assert code_request(idp, basic("%77eb", "web%2Dsecret")).status_code == 200


def test_rfc6749_2_3_1__the_name_of_the_scheme_is_case_insensitive(idp):
    headers = {"Authorization": basic("web", "web-secret")["Authorization"].replace("B", "b", 1)}
    assert code_request(idp, headers).status_code == 200


def test_rfc6749_2_3_1__a_basic_header_without_a_secret_does_not_authenticate(idp):
    answer = code_request(idp, basic("web", ""))
    assert_refused(
        answer, 401, "access_denied", "Unauthorized", cause="no `client_secret` was sent"
    )


def test_rfc6749_2_3_1__a_public_client_may_use_a_basic_header(idp):
    assert code_request(idp, basic("spa", ""), for_client="spa").status_code == 200


@pytest.mark.parametrize(
    "form", [{"client_id": "web", "client_secret": "web-secret"}, {"client_id": "other"}]
)
def test_rfc6749_2_3__two_methods_at_once_are_refused(idp, form):
    answer = code_request(idp, basic("web", "web-secret"), **form)
    assert_refused(answer, 400, "invalid_request", "Multiple client authentication methods")


@pytest.mark.parametrize(
    "encoded", ["", "%%%", "d2Vi", "OndlYi1zZWNyZXQ=", "//8=", "d2ViOg", "JTAwOng="]
)
def test_rfc6749_2_3_1__a_malformed_basic_header_is_refused(idp, encoded):
    answer = code_request(idp, {"Authorization": f"Basic {encoded}"})
    assert_refused(answer, 400, "invalid_request", "Invalid Authorization header")


def test_rfc6749_2_3_1__another_scheme_is_ignored(idp):
    answer = code_request(
        idp, {"Authorization": "Bearer x"}, client_id="web", client_secret="web-secret"
    )
    assert answer.status_code == 200


def test_rfc6749_2_1__a_public_client_needs_no_secret_and_one_is_ignored(idp):
    assert code_request(idp, None, for_client="spa", client_id="spa").status_code == 200
    with_secret = code_request(idp, None, for_client="spa", client_id="spa", client_secret="x")
    assert with_secret.status_code == 200
