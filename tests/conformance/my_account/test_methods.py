"""List, rename and remove second factors with the My Account API, and who may."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, API, ORIGIN
from helpers.mfa import APP, OTHER_EMAIL, PHONE, PHONE_OF_ALICE, with_mfa
from helpers.my_account import (
    ALL,
    AUDIENCE,
    DELETE,
    FACTORS_SCOPE,
    METHODS,
    READ,
    AccountClient,
    granting,
    path_of,
    problem,
)
from helpers.tenant_client import TenantClient, bearer, claims_of, hint
from mockidp.flows.mfa.authenticators import replace_authenticator
from mockidp.my_account import operations
from mockidp.resources.client_tokens import RefreshTokenPolicy, ResourcePolicy
from mockidp.resources.resource_server import (
    ApiScope,
    ClientAccessPolicy,
    ResourceServer,
    SubjectTypeAuthorization,
    UserAccessPolicy,
)

INVALID_TOKEN = (401, "Invalid Token", "Invalid Token", None)
NOT_FOUND = (404, "Not Found", "Authentication method not found", None)


@pytest.fixture
def enrolled():
    """A tenant whose user alice has an app, a phone and another address."""
    return AccountClient(APP, PHONE_OF_ALICE, OTHER_EMAIL)


def by_type(idp, kind):
    return next(one for one in idp.methods() if one["type"] == kind)


def test_the_factors_that_are_enabled_are_listed(make_idp):
    idp = make_idp(factors=("otp", "sms"))
    factors = [{"type": kind, "usage": ["secondary"]} for kind in ("phone", "totp")]
    assert idp.call("GET", "/factors").json == {"factors": factors}


def test_the_authenticators_of_the_mfa_api_are_listed(enrolled):
    shown = by_type(enrolled, "phone")
    assert shown == {
        "id": shown["id"],
        "type": "phone",
        "created_at": "2024-01-01T00:00:00.000Z",
        "usage": ["secondary"],
        "confirmed": True,
        "phone_number": PHONE,
        "preferred_authentication_method": "sms",
    }
    only = enrolled.call("GET", METHODS, type="totp").json["authentication_methods"]
    assert only == [by_type(enrolled, "totp")]
    assert enrolled.call("GET", path_of(shown["id"])).json == shown


def test_a_user_renames_a_method(enrolled):
    app, phone = by_type(enrolled, "totp"), by_type(enrolled, "phone")
    renamed = enrolled.call("PATCH", path_of(app["id"]), {"name": "My app"})
    assert (renamed.status_code, renamed.json["name"]) == (200, "My app")
    assert by_type(enrolled, "totp")["name"] == "My app"
    body = {"preferred_authentication_method": "sms"}
    assert enrolled.call("PATCH", path_of(phone["id"]), body).json == phone


def test_a_user_removes_a_method_and_an_unknown_one_is_no_mistake(enrolled):
    app = path_of(by_type(enrolled, "totp")["id"])
    assert [enrolled.call("DELETE", app).status_code for _ in range(2)] == [204, 204]
    assert all(one["type"] != "totp" for one in enrolled.methods())


class TestRefusals:
    def test_an_unknown_method_is_404(self, idp):
        for method, body in (("GET", None), ("PATCH", {"name": "x"})):
            answer = idp.call(method, path_of("totp|dev_none"), body)
            assert problem(answer) == NOT_FOUND
            assert "has no authentication method 'totp|dev_none'" in hint(answer)

    def test_an_unknown_type_is_400(self, idp):
        answer = idp.call("GET", METHODS, type="fax")
        detail = "Invalid value of parameter: type"
        assert problem(answer) == (400, "Bad Request", detail, "type")

    def test_an_unknown_query_parameter_is_400(self, idp):
        assert problem(idp.call("GET", METHODS, typ="totp"))[0] == 400

    def test_what_a_method_does_not_have_cannot_be_changed(self, enrolled):
        app = path_of(by_type(enrolled, "totp")["id"])
        for body in ({"preferred_authentication_method": "sms"}, {"name": ""}):
            assert problem(enrolled.call("PATCH", app, body))[0] == 400
        phone = path_of(by_type(enrolled, "phone")["id"])
        answer = enrolled.call("PATCH", phone, {"preferred_authentication_method": "voice"})
        assert problem(answer)[0] == 501

    def test_a_call_needs_its_scope(self, idp):
        answer = idp.call("DELETE", path_of("x"), token=idp.account_token(READ, FACTORS_SCOPE))
        detail = f"Insufficient scope, expected any of: {DELETE}"
        assert problem(answer) == (403, "Insufficient Scope", detail, None)
        assert answer.json["type"] == "https://auth0.com/api-errors/A0E-403-0002"

    def test_a_token_is_needed_that_is_for_the_api_and_has_not_expired(self, idp):
        missing = idp.get("/me/v1/factors")
        assert problem(missing) == INVALID_TOKEN
        assert missing.headers["WWW-Authenticate"] == "Bearer"
        other = idp.password_token(audience=API).json["access_token"]
        assert problem(idp.call("GET", "/factors", token=other)) == INVALID_TOKEN
        answer = idp.call("GET", "/factors", token=other)
        assert f"Request one for the audience {AUDIENCE}" in hint(answer)
        token = idp.account_token()
        idp.later(90_000)
        assert problem(idp.call("GET", "/factors", token=token)) == INVALID_TOKEN

    def test_a_user_who_was_deleted_is_401(self, idp):
        token = idp.account_token()
        assert idp.request("DELETE", "/_mockidp/v1/users/auth0%7Calice").status_code == 204
        answer = idp.call("GET", "/factors", token=token)
        assert problem(answer) == INVALID_TOKEN

    def test_another_path_is_404(self, idp):
        answer = idp.call("GET", "/profile")
        assert problem(answer) == (404, "Not Found", "Not Found", None)
        assert hint(answer) == "The My Account API has no call GET /me/v1/profile."


class TestTokens:
    def test_a_client_gets_the_scope_of_its_grant(self, make_idp):
        idp = make_idp(scopes=(READ,))
        token = idp.password_token(audience=AUDIENCE, scope=" ".join(ALL)).json["access_token"]
        claims = claims_of(token)
        assert (claims["aud"], claims["scope"]) == (AUDIENCE, READ)

    def test_a_client_without_a_grant_gets_no_token(self):
        answer = TenantClient(with_mfa(policies=())).password_token(audience=AUDIENCE, scope=READ)
        assert answer.status_code == 400
        assert "not authorized to access resource server" in answer.json["error_description"]
        assert "`subject_type` user" in hint(answer)

    def test_a_client_gets_no_token_for_itself(self, idp):
        answer = idp.machine_token(audience=AUDIENCE)
        assert (answer.status_code, answer.json["error"]) == (403, "access_denied")

    def test_a_tenant_file_can_describe_the_api(self):
        policy = SubjectTypeAuthorization(user=UserAccessPolicy(policy="allow_all"))
        api = ResourceServer(identifier=AUDIENCE, subject_type_authorization=policy)
        idp = TenantClient(replace(ACME, resource_servers=(*ACME.resource_servers, api)))
        token = idp.password_token(audience=AUDIENCE, scope=READ).json["access_token"]
        answer = idp.get("/me/v1/authentication-methods", headers=bearer(token))
        assert answer.json == {"authentication_methods": []}


def test_a_page_of_a_listed_origin_may_call_and_read_the_location(idp):
    origin = ORIGIN
    preflight = idp.request("OPTIONS", "/me/v1/authentication-methods", headers={"Origin": origin})
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == origin
    headers = {**bearer(idp.account_token()), "Origin": origin}
    answer = idp.request(
        "POST", "/me/v1/authentication-methods", headers=headers, json={"type": "totp"}
    )
    assert "Location" in answer.headers["Access-Control-Expose-Headers"]


def test_a_change_is_repeated_if_another_request_came_first(enrolled, monkeypatch):
    app, attempts = path_of(by_type(enrolled, "totp")["id"]), []

    def lose_once(*args):
        attempts.append(args)
        return len(attempts) > 1 and replace_authenticator(*args)

    monkeypatch.setattr(operations, "replace_authenticator", lose_once)
    assert enrolled.call("PATCH", app, {"name": "My app"}).json["name"] == "My app"
    assert attempts[1:]


def test_the_token_of_a_client_is_403_even_if_a_tenant_file_allows_it():
    policy = SubjectTypeAuthorization(client=ClientAccessPolicy(policy="allow_all"))
    scopes = (ApiScope(value=FACTORS_SCOPE),)
    api = ResourceServer(identifier=AUDIENCE, scopes=scopes, subject_type_authorization=policy)
    idp = TenantClient(replace(ACME, resource_servers=(*ACME.resource_servers, api)))
    token = idp.machine_token(audience=AUDIENCE).json["access_token"]
    answer = idp.get("/me/v1/factors", headers=bearer(token))
    assert problem(answer) == (403, "Forbidden", "The token is not that of a user", None)


def test_a_refresh_token_gives_a_token_for_the_api_if_a_policy_of_the_client_names_it():
    document = granting(*ALL)
    policies = (ResourcePolicy(audience=AUDIENCE, scope=(READ,)),)
    made = RefreshTokenPolicy(rotation_type="non-rotating", policies=policies)
    clients = tuple(
        replace(one, refresh_token=made) if one.client_id == "web" else one
        for one in document.clients
    )
    idp = TenantClient(replace(document, clients=clients))
    token = idp.password_token(scope="openid offline_access").json["refresh_token"]
    answer = idp.token(grant_type="refresh_token", refresh_token=token, audience=AUDIENCE)
    claims = claims_of(answer.json["access_token"])
    assert AUDIENCE in claims["aud"]
    assert READ in claims["scope"]
