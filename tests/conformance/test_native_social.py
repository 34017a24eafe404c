"""Native social login: codes and tokens of Apple, Facebook and Google for tokens of the tenant."""

import json
from dataclasses import replace

import pytest

from helpers.acme import API
from helpers.mfa import refused, with_mfa
from helpers.native_social import (
    INVALID_CODE,
    INVALID_TOKEN,
    NO_CONNECTION,
    TENANT,
    exchange,
)
from helpers.tenant_client import TenantClient, claims_of, hint
from mockidp import MockIdP, MockIdPError
from mockidp.protocol.login.native_social import APPLE, FACEBOOK, GOOGLE
from mockidp.resources.connection_options import ConnectionOptions

ADA = json.dumps({"name": {"firstName": "Ada", "lastName": "Byron"}})
FAY = json.dumps({"name": "Fay Doe", "email": "Fay@New.example"})


@pytest.fixture
def idp():
    return TenantClient(TENANT)


@pytest.fixture
def sdk(idp):
    """Return the test method: what the SDK of a provider gives the app."""
    return MockIdP(tenant=idp.tenant, url=idp.url).native_social_token


@pytest.mark.parametrize(
    ("user", "connection"),
    [("ada", "apple"), ("facebook|1", "facebook"), ("1001", "google-oauth2")],
)
def test_auth0_native__a_user_of_the_connection_gets_tokens(idp, sdk, user, connection):
    answer = exchange(idp, sdk(user), connection, scope="openid offline_access", audience=API)
    assert answer.status_code == 200
    assert list(answer.json) == [
        "access_token", "refresh_token", "id_token", "scope", "expires_in", "token_type",
    ]  # fmt: skip
    assert claims_of(answer.json["id_token"])["sub"].startswith(f"{connection}|")
    assert idp.refresh(answer.json["refresh_token"], client_id="mobile", client_secret=None)


def test_auth0_native__without_a_scope_the_app_gets_all_scopes_of_the_api(idp, sdk):
    answer = exchange(idp, sdk("ada"), scope=None, audience=API)
    assert answer.json["scope"] == "read:items write:items"
    assert "scope" not in exchange(idp, sdk("ada"), scope=None).json


def test_auth0_native__the_first_login_creates_a_user(idp, sdk):
    token = sdk(connection="google-oauth2", email="Nina@Gmail.example", name="Nina Doe")
    claims = claims_of(exchange(idp, token, "google-oauth2").json["id_token"])
    assert claims["sub"].startswith("google-oauth2|")
    assert (claims["email"], claims["email_verified"]) == ("nina@gmail.example", True)
    assert claims["given_name"] == "Nina"
    assert claims_of(exchange(idp, token, "google-oauth2").json["id_token"])["sub"] == claims["sub"]


def test_auth0_native__the_first_login_is_refused_where_sign_ups_are_disabled(idp, sdk):
    token = sdk(connection="apple", email="new@icloud.example")
    off = ConnectionOptions(disable_signup=True)
    idp.edit(
        replace(
            TENANT,
            connections=[
                replace(one, options=off) if one.name == "apple" else one
                for one in TENANT.connections
            ],
        )
    )
    assert exchange(idp, token).status_code == 403


def test_auth0_native__apple_sends_names_in_the_user_profile(idp, sdk):
    claims = claims_of(exchange(idp, sdk("ada"), user_profile=ADA).json["id_token"])
    assert (claims["name"], claims["family_name"]) == ("Ada Byron", "Byron")
    assert claims["email_verified"] is True
    again = claims_of(exchange(idp, sdk("ada"), user_profile="{}").json["id_token"])
    assert again["name"] == "Ada Byron"


def test_auth0_native__facebooks_profile_comes_from_the_app_so_the_address_is_not_verified(
    idp, sdk
):
    token = sdk("facebook|1")
    claims = claims_of(exchange(idp, token, "facebook", user_profile=FAY).json["id_token"])
    assert (claims["name"], claims["email"]) == ("Fay Doe", "fay@new.example")
    assert claims["email_verified"] is False
    before = idp.tenant.directory.user("facebook|1")
    assert exchange(idp, token, "facebook", user_profile=FAY).status_code == 200
    assert replace(idp.tenant.directory.user("facebook|1"), extra=before.extra) == before


@pytest.mark.parametrize(
    ("connection", "profile", "cause"),
    [
        ("apple", "[]", "it is not a JSON object"),
        ("apple", "{", "Parameter `user_profile` was refused, because it"),
        ("apple", '{"name": "Ada"}', "`name` is not an object"),
        ("apple", '{"name": {"firstName": 1}}', "`firstName` is not a string"),
        ("facebook", '{"email": "ada"}', "'ada' is not an e-mail address"),
    ],
)
def test_auth0_native__other_profiles_are_refused(idp, sdk, connection, profile, cause):
    token = sdk("ada" if connection == "apple" else "facebook|1")
    answer = exchange(idp, token, connection, user_profile=profile)
    assert refused(answer) == (400, "invalid_request", "Invalid user_profile")
    assert cause in hint(answer)


def test_auth0_native__apples_code_works_once_and_for_five_minutes(idp, sdk):
    code, late = sdk("ada"), sdk("ada")
    assert exchange(idp, code).status_code == 200
    answer = exchange(idp, code)
    assert refused(answer) == INVALID_CODE
    assert "It was used at" in hint(answer)
    idp.later(300)
    answer = exchange(idp, late)
    assert refused(answer) == INVALID_CODE
    assert "It expired at" in hint(answer)


def test_auth0_native__googles_token_works_until_it_expires(idp, sdk):
    token = sdk("1001", expires_in=60)
    assert exchange(idp, token, "google-oauth2").status_code == 200
    assert exchange(idp, token, "google-oauth2").status_code == 200
    idp.later(60)
    assert refused(exchange(idp, token, "google-oauth2")) == INVALID_TOKEN


def test_auth0_native__tokens_of_others_are_refused(idp, sdk):
    answer = exchange(idp, "made-up")
    assert refused(answer) == INVALID_CODE
    assert "`native_social_token`" in hint(answer)
    for person in ({"user": "facebook|1"}, {"name": "New", "connection": "facebook"}):
        answer = exchange(idp, sdk(**person), "google-oauth2")
        assert refused(answer) == INVALID_TOKEN
        assert "It is for connection facebook." in hint(answer)
    removed = sdk("ada")
    idp.tenant.directory.users.store.delete("apple|ada")
    assert refused(exchange(idp, removed)) == INVALID_CODE


def test_the_tenant_file_can_list_tokens(idp):
    fixed = exchange(idp, "fixed", "google-oauth2")
    assert claims_of(fixed.json["id_token"])["sub"] == "google-oauth2|1001"
    assert refused(exchange(idp, "of-alice", "google-oauth2")) == INVALID_TOKEN
    suspended = exchange(idp, "suspended")
    assert refused(suspended)[:2] == (403, "access_denied")
    assert "for connection apple refuses this token" in hint(suspended)


def test_auth0_native__the_client_has_to_allow_the_provider(idp, sdk):
    answer = exchange(idp, sdk("ada"), client_id="off")
    status, error, text = refused(answer)
    assert (status, error) == (403, "unauthorized_client")
    assert text.startswith("Grant type urn:ietf:params:oauth:grant-type:token-exchange with")
    assert "`native_social_login.apple.enabled` to true" in hint(answer)
    assert exchange(idp, sdk("1001"), "google-oauth2", client_id="off").status_code == 200


def test_auth0_native__the_connection_has_to_be_enabled_for_the_client(idp, sdk):
    answer = exchange(idp, sdk("ada"), client_id="elsewhere")
    assert refused(answer) == NO_CONNECTION
    assert "strategy apple is enabled for client elsewhere" in hint(answer)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"subject_token": None}, "Missing required parameter: subject_token"),
        ({"requested_token_type": "urn:x"}, "Invalid subject_token_type and requested_token_type"),
        ({"audience": "https://other.example/"}, "Service not found: https://other.example/"),
        ({"client_id": "organized"}, "parameter organization is required for this client"),
    ],
)
def test_auth0_native__incomplete_and_contradictory_requests_are_refused(idp, sdk, form, expected):
    answer = exchange(idp, sdk("ada"), **form)
    assert answer.status_code in (400, 403)
    assert answer.json["error_description"].startswith(expected)


def test_parameters_without_effect_are_named(idp, sdk):
    answer = exchange(idp, sdk("1001"), "google-oauth2", organization="acme", user_profile=FAY)
    assert answer.status_code == 200
    assert claims_of(answer.json["id_token"])["name"] == "Gina"
    for name in ("organization", "user_profile"):
        assert f"Parameter `{name}` has no effect" in hint(answer)


def test_blocked_users_are_refused(idp, sdk):
    assert exchange(idp, sdk("1002"), "google-oauth2").json["error"] == "unauthorized"


def test_auth0_native__a_second_factor_leads_to_mfa_required(sdk):
    idp = TenantClient(with_mfa(document=TENANT))
    token = MockIdP(tenant=idp.tenant, url=idp.url).native_social_token("ada")
    assert exchange(idp, token).json["error"] == "mfa_required"


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        ({}, "Name a `user`, or a person"),
        ({"user": "ada", "email": "ada@icloud.example"}, "Name a `user`, or a person"),
        ({"user": "zoe"}, "There is no user 'zoe'"),
        ({"user": "ada", "connection": "facebook"}, "belongs to connection apple"),
        ({"user": "alice"}, "has the strategy auth0"),
        ({"email": "new@icloud.example"}, "Name the `connection`"),
        ({"email": "new", "connection": "apple"}, "'new' is not an e-mail address"),
        ({"name": "New", "connection": "aple"}, "There is no connection 'aple'"),
    ],
)
def test_a_token_needs_a_person_and_a_provider(sdk, arguments, cause):
    with pytest.raises(MockIdPError, match=cause):
        sdk(**arguments)


def test_a_fault_for_a_user_applies_to_the_users_token(idp, sdk):
    MockIdP(tenant=idp.tenant, url=idp.url).fault(
        "token", error="server_error", when={"user": "ada"}
    )
    assert exchange(idp, sdk("ada")).status_code == 500
    assert exchange(idp, sdk("1001"), "google-oauth2").status_code == 200


def test_auth0_logs__native_social_logins_have_types_of_their_own(idp, sdk):
    exchange(idp, sdk("ada"))
    exchange(idp, "made-up")
    token = MockIdP(tenant=idp.tenant, url=idp.url).management_token("read:logs")
    logs = idp.get("/api/v2/logs", headers={"Authorization": f"Bearer {token}"}).json
    assert [one["type"] for one in logs] == ["fens", "sens"]


def test_each_provider_has_a_type_of_subject_token():
    assert {one.kind.rpartition("/")[2] for one in (APPLE, FACEBOOK, GOOGLE)} == {
        "apple-authz-code", "facebook-info-session-access-token", "google-id-token",
    }  # fmt: skip
