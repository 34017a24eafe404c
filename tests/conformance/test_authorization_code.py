"""The authorization code grant."""

import pytest

from helpers.acme import API, CALLBACK, URL, with_settings
from helpers.tenant_client import TenantClient, claims_of, hint, race

INVALID = {"error": "invalid_grant", "error_description": "Invalid authorization code"}


def assert_invalid(answer, cause):
    assert answer.status_code == 403
    assert answer.json == INVALID
    assert cause in hint(answer)


def test_auth0_token__with_openid_the_body_has_auth0s_order(idp):
    body = idp.redeem(idp.callback(scope="openid profile offline_access")["code"]).json
    assert list(body) == [
        "access_token", "refresh_token", "id_token", "scope", "expires_in", "token_type",
    ]  # fmt: skip
    assert body["scope"] == "openid profile offline_access"
    assert (body["expires_in"], body["token_type"]) == (86400, "Bearer")


def test_auth0_token__without_openid_the_body_is_short(idp):
    body = idp.redeem(idp.callback(scope=None)["code"]).json
    assert list(body) == ["access_token", "expires_in", "token_type"]
    assert list(idp.tokens(scope="profile")) == ["access_token", "expires_in", "token_type"]


def test_auth0_token__scope_is_included_if_it_differs_from_the_request(idp):
    body = idp.tokens(scope="profile made:up")
    assert list(body) == ["access_token", "scope", "expires_in", "token_type"]
    assert body["scope"] == "profile"


def test_rfc6749_4_1_2__code_is_single_use(idp):
    code = idp.callback()["code"]
    assert idp.redeem(code).status_code == 200
    assert_invalid(idp.redeem(code), "The code was already used at ")


def test_rfc6749_4_1_2__a_code_expires(idp):
    code = idp.callback()["code"]
    idp.later(60)
    assert_invalid(
        idp.redeem(code), "Its lifetime is 60 s (setting `authorization_code_lifetime`)."
    )


def test_rfc6749_4_1_2__a_code_is_valid_until_the_last_second():
    idp = TenantClient(with_settings(authorization_code_lifetime=5))
    code = idp.callback()["code"]
    idp.later(4.9)
    assert idp.redeem(code).status_code == 200


def test_rfc6749_4_1_3__a_code_is_bound_to_its_client(idp):
    code = idp.callback()["code"]
    assert_invalid(
        idp.redeem(code, client_id="other"),
        "The code was issued to client web, but client other sent it.",
    )
    assert idp.redeem(code).status_code == 200, "another client must not use the code up"


@pytest.mark.parametrize("code", ["never-made", "x" * 5000, "ü", " "])
def test_auth0_token__an_unknown_code_is_403(idp, code):
    assert_invalid(idp.redeem(code), "never issued such a code")


def test_auth0_token__a_code_of_a_deleted_user_is_invalid(idp):
    code = idp.callback()["code"]
    document = idp.tenant.document
    idp.edit(type(document)(clients=document.clients))
    assert_invalid(idp.redeem(code), "User auth0|alice was deleted.")


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("http://localhost:4000/cb?secret=1", "http://localhost:4000"),
        (CALLBACK + "/", "http://localhost:3000"),
        (None, "null"),
        ("nonsense", "nonsense"),
    ],
)
def test_rfc6749_4_1_3__the_error_for_another_redirect_uri_shows_its_origin(idp, sent, shown):
    answer = idp.redeem(idp.callback()["code"], redirect_uri=sent)
    assert answer.status_code == 403
    assert answer.json == {
        "error": "unauthorized_client",
        "error_description": f"The redirect URI is wrong. You sent {shown}, "
        "and we expected http://localhost:3000",
    }
    assert "was 'http://localhost:3000/callback' at /authorize" in hint(answer)


def test_rfc6749_4_1_3__redirect_uri_may_be_omitted_if_the_authorization_request_had_none(idp):
    code = idp.callback(redirect_uri=None)["code"]
    assert idp.redeem(code, redirect_uri=None).status_code == 200
    code = idp.callback(redirect_uri=None)["code"]
    assert idp.redeem(code, redirect_uri=CALLBACK).status_code == 200


def test_oidc_core_2__nonce_is_in_the_id_token(idp):
    assert claims_of(idp.tokens(nonce="n-1")["id_token"])["nonce"] == "n-1"


def test_mockidp_token__a_code_and_its_api_are_valid_under_every_host_name(idp):
    for audience in (f"{URL}/api/v2/", f"{URL}/userinfo"):
        code = idp.callback(audience=audience)["code"]
        elsewhere = idp.another_browser("https://127.0.0.1:9443")
        body = elsewhere.redeem(code).json
        assert claims_of(body["id_token"])["iss"] == "https://127.0.0.1:9443/"


def test_auth0_token__refresh_tokens_need_offline_access_at_the_api(idp):
    assert "refresh_token" in idp.tokens(scope="openid offline_access", audience=API)
    without = idp.tokens(scope="openid offline_access", audience="https://rbac.example/")
    assert "refresh_token" not in without
    assert without["scope"] == "openid"


def test_auth0_token__refresh_tokens_need_the_clients_grant_type(idp):
    assert "refresh_token" not in idp.tokens(client_id="code-only", scope="openid offline_access")


def test_rfc6749_4_1_2__fifty_concurrent_requests_redeem_a_code_once(idp):
    code = idp.callback()["code"]
    statuses = race(lambda: idp.another_browser().redeem(code).status_code)
    assert sorted(statuses) == [200] + [403] * 49


# --- PKCE ---

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
FAILED = {"error": "invalid_grant", "error_description": "Failed to verify code verifier"}


def test_rfc7636_appendix_b__s256(idp):
    code = idp.callback(code_challenge=CHALLENGE, code_challenge_method="S256")["code"]
    assert idp.redeem(code, code_verifier=VERIFIER).status_code == 200


@pytest.mark.parametrize("method", [None, "plain"])
def test_rfc7636_4_3__plain_is_the_default(idp, method):
    code = idp.callback(code_challenge=VERIFIER, code_challenge_method=method)["code"]
    assert idp.redeem(code, code_verifier=VERIFIER).status_code == 200


@pytest.mark.parametrize(
    ("parameters", "verifier", "cause"),
    [
        (
            {"code_challenge": CHALLENGE, "code_challenge_method": "S256"},
            None,
            "has no `code_verifier`",
        ),
        (
            {"code_challenge": CHALLENGE, "code_challenge_method": "S256"},
            "w" * 43,
            "does not match",
        ),
        ({"code_challenge": CHALLENGE}, VERIFIER, "(method plain)"),
        ({}, VERIFIER, "had no `code_challenge`"),
    ],
)
def test_rfc7636_4_6__a_mismatch_of_challenge_and_verifier_is_403(idp, parameters, verifier, cause):
    answer = idp.redeem(idp.callback(**parameters)["code"], code_verifier=verifier)
    assert answer.status_code == 403
    assert answer.json == FAILED
    assert cause in hint(answer)
    assert VERIFIER not in hint(answer)
    assert CHALLENGE not in hint(answer)


def test_rfc7636_4_6__a_non_ascii_verifier_does_not_match(idp):
    code = idp.callback(code_challenge=CHALLENGE)["code"]
    assert idp.redeem(code, code_verifier="ü" * 43).json == FAILED


@pytest.mark.parametrize("length", [1, 42, 129])
def test_rfc7636_4_1__a_verifier_has_43_to_128_characters(idp, length):
    code = idp.callback(code_challenge=CHALLENGE, code_challenge_method="S256")["code"]
    answer = idp.redeem(code, code_verifier="v" * length)
    assert answer.status_code == 400
    assert answer.json == {
        "error": "invalid_request",
        "error_description": "Parameter 'code_verifier' must be between 43 and 128 characters long",
    }
    assert f"Parameter `code_verifier` has {length} characters" in hint(answer)
