"""The client credentials grant."""

import pytest

from helpers.acme import ACME, API, RBAC_API, URL, with_client, with_tenant
from helpers.tenant_client import TenantClient, claims_of, hint
from mockidp.tenant.content.tenant_settings import TenantFlags


def assert_denied(answer, description, cause):
    assert answer.status_code == 403
    assert answer.json == {"error": "access_denied", "error_description": description}
    assert cause in hint(answer)


def not_authorized(client_id, audience):
    return (
        f'Client "{client_id}" is not authorized to access resource server "{audience}". '
        'You need to create a "client-grant" associated to this API.'
    )


def test_auth0_token__client_credentials_body_and_claims_have_auth0s_order(idp):
    body = idp.machine_token(audience=API).json
    assert list(body) == ["access_token", "scope", "expires_in", "token_type"]
    assert (body["scope"], body["expires_in"]) == ("read:items write:items", 86400)
    now = int(idp.tenant.now())
    assert list(claims_of(body["access_token"]).items()) == [
        ("iss", f"{URL}/"),
        ("sub", "m2m@clients"),
        ("aud", API),
        ("iat", now),
        ("exp", now + 86400),
        ("azp", "m2m"),
        ("scope", "read:items write:items"),
        ("gty", "client-credentials"),
    ]


def test_auth0_token__without_a_scope_neither_body_nor_claims_have_one(idp):
    body = idp.machine_token(audience="https://rfc9068.example/").json
    assert list(body) == ["access_token", "expires_in", "token_type"]
    assert "scope" not in claims_of(body["access_token"])


def test_auth0_token__scope_narrows_the_grant(idp):
    assert idp.machine_token(audience=API, scope="write:items").json["scope"] == "write:items"


def test_auth0_token__scopes_that_are_not_in_the_grant_are_named(idp):
    answer = idp.machine_token(audience=API, scope="read:items a b")
    assert_denied(
        answer,
        "Client has not been granted scopes: a, b",
        "has the scopes read:items, write:items.",
    )
    answer = idp.machine_token(audience="https://rfc9068.example/", scope="read:x")
    assert_denied(answer, "Client has not been granted scopes: read:x", "has no scopes")


def test_auth0_token__the_hint_for_an_unknown_audience_lists_the_known_ones(idp):
    answer = idp.machine_token(audience="https://api.example")
    text = "Service not enabled within domain: https://api.example"
    assert_denied(answer, text, "Check the trailing slash.")


def test_auth0_token__a_client_without_a_grant_is_denied(idp):
    answer = idp.machine_token(audience="https://granted.example/")
    assert_denied(
        answer, not_authorized("m2m", "https://granted.example/"), "No client grant connects"
    )


def test_auth0_token__an_api_may_deny_all_clients(idp):
    answer = idp.machine_token(audience="https://closed.example/")
    assert_denied(
        answer, not_authorized("m2m", "https://closed.example/"), "client policy deny_all"
    )


@pytest.mark.parametrize(("requested", "scope"), [(None, "a b"), ("b c", "b"), ("c", None)])
def test_auth0_token__an_api_may_allow_all_clients(idp, requested, scope):
    body = idp.machine_token(audience="https://open.example/", scope=requested).json
    assert body.get("scope") == scope


def test_auth0_token__a_grant_may_be_for_all_scopes(idp):
    assert idp.machine_token(audience="https://hs256.example/").json["scope"] == "read:x"


def test_auth0_token__a_grant_for_users_does_not_apply_to_the_client(idp):
    answer = idp.token(client_id="web", grant_type="client_credentials")
    assert answer.json["error"] == "unauthorized_client"


def test_auth0_token__permissions_are_the_granted_scopes(idp):
    claims = claims_of(idp.machine_token(audience=RBAC_API).json["access_token"])
    assert claims["permissions"] == ["read:reports"]
    assert list(claims)[-1] == "permissions"


@pytest.mark.parametrize("host", [URL, "https://127.0.0.1:9443"])
def test_auth0_token__the_management_api_is_this_tenants_whatever_a_grant_calls_it(idp, host):
    body = idp.machine_token(audience=f"{host}/api/v2/").json
    assert body["scope"] == "read:users"
    assert claims_of(body["access_token"])["aud"] == f"{host}/api/v2/"


def test_auth0_token__a_client_cannot_use_userinfo_as_audience(idp):
    answer = idp.machine_token(audience=f"{URL}/userinfo")
    text = f"Service not enabled within domain: {URL}/userinfo"
    assert_denied(answer, text, "Endpoint /userinfo accepts only tokens of users.")


def test_auth0_token__without_an_audience_only_the_global_client_gets_a_token(idp):
    answer = idp.machine_token()
    text = "Non-global clients are not allowed access to APIv1"
    assert_denied(answer, text, "client m2m is not the global client (global)")


def test_auth0_token__without_a_global_client_the_hint_explains_how_to_add_one():
    idp = TenantClient(with_client(ACME, "global", is_global=False))
    assert "an entry of `clients` with `global: true`" in hint(idp.machine_token())


def test_auth0_token__the_global_client_gets_a_v1_token(idp):
    answer = idp.machine_token(client_id="global")
    assert answer.status_code == 200
    assert list(answer.json) == ["access_token", "token_type"]
    assert answer.json["token_type"] == "bearer"
    assert len(answer.json["access_token"]) == 32


def test_auth0_token__the_global_client_needs_a_grant_for_an_api(idp):
    answer = idp.machine_token(client_id="global", audience=API)
    assert_denied(answer, not_authorized("global", API), "No client grant connects")


def test_auth0_token__passport_auth0s_legacy_type_parameter_is_ignored(idp):
    assert idp.machine_token(client_id="global", type="web_server").status_code == 200


def test_auth0_token__a_flag_allows_v1_tokens_for_other_clients():
    idp = TenantClient(with_tenant(flags=TenantFlags(allow_api1_non_global_clients=True)))
    assert idp.machine_token().json["token_type"] == "bearer"


def test_auth0_token__the_default_audience_is_used_before_the_request_is_refused():
    idp = TenantClient(with_tenant(default_audience=API))
    assert claims_of(idp.machine_token().json["access_token"])["aud"] == API


def test_rfc6749_4_4__a_public_client_cannot_act_for_itself():
    idp = TenantClient(with_client(ACME, "m2m", token_endpoint_auth_method="none"))
    answer = idp.machine_token(audience=API, client_secret=None)
    assert answer.status_code == 403
    assert answer.json["error"] == "unauthorized_client"
    assert "anybody who knows its id could act for it" in hint(answer)
