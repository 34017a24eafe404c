"""APIs and client grants of the Management API, and the tokens that they make possible."""

from dataclasses import replace
from urllib.parse import quote

import pytest

from helpers.acme import ACME, API, RBAC_API
from helpers.tenant_client import claims_of, hint
from mockidp.resources.resource_server import ResourceServer

NEW = "https://new.example/api"
SYSTEM = "http://localhost:9400/api/v2/"


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


@pytest.fixture
def api(idp):
    body = {"identifier": NEW, "name": "New", "scopes": [{"value": "read:x"}]}
    answer = idp.call("POST", "/resource-servers", body)
    assert answer.status_code == 201
    return answer.json


def test_a_new_api_has_auth0s_defaults_in_auth0s_order(idp, api):
    assert list(api) == [
        "id", "name", "identifier", "scopes", "signing_alg", "allow_offline_access",
        "token_lifetime", "token_lifetime_for_web",
        "skip_consent_for_verifiable_first_party_clients", "subject_type_authorization",
    ]  # fmt: skip
    assert len(api["id"]) == 24
    assert int(api["id"], 16)
    assert (api["token_lifetime"], api["token_lifetime_for_web"]) == (86400, 7200)
    assert api["skip_consent_for_verifiable_first_party_clients"] is False
    assert api["subject_type_authorization"] == {
        "client": {"policy": "require_client_grant"},
        "user": {"policy": "allow_all"},
    }
    assert api["scopes"] == [{"value": "read:x", "description": ""}]


def test_apis_are_filtered_by_their_identifiers(idp, api):
    assert idp.call("GET", "/resource-servers", identifiers=f"{NEW},https://none/").json == [api]


def test_a_tenant_file_may_describe_the_management_api(make_idp):
    own = ResourceServer(identifier=SYSTEM, name="Mine", token_lifetime=60)
    described = replace(ACME, resource_servers=(*ACME.resource_servers, own))
    found = make_idp(document=described).call("GET", "/resource-servers").json
    assert [one["name"] for one in found if one["identifier"] == SYSTEM] == ["Mine"]


def test_an_api_without_scopes_does_not_have_the_key(idp):
    made = idp.call("POST", "/resource-servers", {"identifier": NEW}).json
    assert "scopes" not in made


@pytest.mark.parametrize("by", ["id", "identifier"])
def test_an_api_is_found_by_id_and_by_its_escaped_identifier(idp, api, by):
    path = f"/resource-servers/{quote(api[by], safe=':')}"
    assert idp.call("GET", path).json == api
    changed = idp.call("PATCH", path, {"scopes": [{"value": "read:y"}], "name": "Other"}).json
    assert (changed["name"], changed["scopes"][0]["value"]) == ("Other", "read:y")
    assert idp.call("DELETE", path).status_code == 204
    assert error(idp.call("GET", path)) == (
        404,
        "The resource server does not exist",
        "inexistent_resource_server",
    )
    assert idp.call("DELETE", path).status_code == 204


def test_a_new_api_gets_tokens(idp, api):
    grant = {"client_id": "manager", "audience": NEW, "scope": ["read:x"]}
    assert idp.call("POST", "/client-grants", grant).status_code == 201
    form = {"client_id": "manager", "client_secret": "manager-secret"}
    token = idp.token(grant_type="client_credentials", audience=NEW, **form).json["access_token"]
    assert claims_of(token)["scope"] == "read:x"


def test_the_identifier_is_unique_and_cannot_be_changed(idp, api):
    again = idp.call("POST", "/resource-servers", {"identifier": NEW})
    message = "A resource server with the same identifier already exists"
    assert error(again) == (409, message, "resource_server_conflict")
    changed = idp.call("PATCH", f"/resource-servers/{api['id']}", {"identifier": "x"})
    message = "Payload validation error: 'Additional properties not allowed: identifier'."
    assert error(changed) == (400, message, "invalid_body")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "'Missing required property: identifier'."),
        ({"identifier": NEW, "id": "x"}, "'Additional properties not allowed: id'."),
        (
            {"identifier": NEW, "token_lifetime": "1"},
            "'Expected type integer but found type string' on property token_lifetime.",
        ),
        ({"identifier": NEW, "mockidp": {}}, "'Additional properties not allowed: mockidp'."),
    ],
)
def test_a_body_with_a_mistake_is_refused(idp, body, message):
    answer = idp.call("POST", "/resource-servers", body)
    assert error(answer) == (400, f"Payload validation error: {message}", "invalid_body")
    assert hint(answer)


def test_the_management_api_is_an_api_of_every_tenant(idp):
    first = idp.call("GET", "/resource-servers", include_totals="true").json
    assert list(first) == ["total", "start", "limit", "resource_servers"]
    system = first["resource_servers"][0]
    assert (system["identifier"], system["is_system"]) == (SYSTEM, True)
    assert len(system["scopes"]) == 273
    assert idp.call("GET", f"/resource-servers/{quote(SYSTEM, safe='')}").json == system


@pytest.mark.parametrize(("method", "body"), [("PATCH", {"name": "x"}), ("DELETE", None)])
def test_the_management_api_cannot_be_changed(idp, method, body):
    answer = idp.call(method, f"/resource-servers/{quote(SYSTEM, safe='')}", body)
    assert (answer.status_code, answer.json["errorCode"]) == (400, "operation_not_supported")


# --- client grants ---


@pytest.fixture
def grant(idp):
    body = {"client_id": "manager", "audience": API, "scope": ["read:items"]}
    answer = idp.call("POST", "/client-grants", body)
    assert answer.status_code == 201
    return answer.json


def test_a_grant_is_echoed_with_its_id(idp, grant):
    assert list(grant) == [
        "id", "client_id", "audience", "scope", "subject_type", "organization_usage",
    ]  # fmt: skip
    assert grant["id"].startswith("cgr_")
    assert idp.call("GET", f"/client-grants/{grant['id']}").json == grant


def test_a_grant_for_all_scopes_says_so(idp):
    found = idp.call("GET", "/client-grants", client_id="manager").json
    assert [one["allow_all_scopes"] for one in found] == [True]


def test_grants_are_filtered(idp, grant):
    found = idp.call("GET", "/client-grants", client_id="manager", audience=API).json
    assert found == [grant]
    assert idp.call("GET", "/client-grants", client_id="manager", subject_type="user").json == []
    assert idp.call("GET", "/client-grants", allow_any_organization="true").json == []
    assert idp.call("GET", "/client-grants", default_for="third_party_clients").json == []


def test_a_changed_grant_applies_to_the_next_token(idp, grant):
    path = f"/client-grants/{grant['id']}"
    form = {"client_id": "manager", "client_secret": "manager-secret", "audience": API}

    def scope():
        answer = idp.token(grant_type="client_credentials", **form)
        return answer.json.get("scope")

    assert scope() == "read:items"
    idp.call("PATCH", path, {"scope": ["write:items"]})
    assert scope() == "write:items"
    assert idp.call("DELETE", path).status_code == 204
    assert scope() is None
    assert idp.call("DELETE", path).status_code == 204


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, (409, f"A client grant already exists between manager and {API}", None)),
        ({"audience": "https://none/"}, (404, "No resource with identifier https://none/", None)),
        ({"audience": 5}, (404, "No resource with identifier 5", None)),
        ({"client_id": "none"}, (404, "Client not found", None)),
        ({"client_id": 5}, (404, "Client not found", None)),
    ],
)
def test_a_grant_between_the_wrong_two_is_refused(idp, grant, change, expected):
    body = {"client_id": "manager", "audience": API, "scope": []}
    assert error(idp.call("POST", "/client-grants", body | change)) == expected


def test_a_grant_for_users_lives_beside_one_for_the_client(idp, grant):
    body = {"client_id": "manager", "audience": API, "scope": [], "subject_type": "user"}
    assert idp.call("POST", "/client-grants", body).status_code == 201


def test_an_unknown_grant_is_not_found(idp):
    answer = idp.call("GET", "/client-grants/cgr_none")
    assert error(answer) == (404, "The grant does not exist.", "inexistent_client_grant")


@pytest.mark.parametrize("name", ["client_id", "audience", "subject_type"])
def test_what_a_grant_connects_cannot_be_changed(idp, grant, name):
    answer = idp.call("PATCH", f"/client-grants/{grant['id']}", {name: "x"})
    message = f"Payload validation error: 'Additional properties not allowed: {name}'."
    assert error(answer) == (400, message, "invalid_body")


def test_a_removed_scope_is_removed_from_all_that_grant_it(idp):
    read, write = {"value": "read:reports"}, {"value": "write:reports"}
    granted = {"resource_server_identifier": RBAC_API, "permission_name": "write:reports"}
    idp.call("POST", "/users/auth0%7Cbob/permissions", {"permissions": [granted]})
    path = f"/resource-servers/{quote(RBAC_API, safe='')}"
    refused = idp.call("PATCH", path, {"scopes": [], "token_lifetime": "x"})
    assert refused.status_code == 400
    assert permissions(idp) == ["read:reports"]
    assert idp.call("PATCH", path, {"scopes": [read]}).status_code == 200
    assert idp.call("GET", "/users/auth0%7Cbob/permissions").json == []
    assert permissions(idp) == ["read:reports"]
    assert idp.call("PATCH", path, {"scopes": []}).json["scopes"] == []
    assert permissions(idp) == []
    scopes = [one["scope"] for one in idp.call("GET", "/client-grants", audience=RBAC_API).json]
    assert scopes
    assert not any(scopes)
    idp.call("PATCH", path, {"scopes": [read, write]})
    assert permissions(idp) == []
    assert error(idp.call("PATCH", path, {"scopes": ["read:x"]}))[0] == 400


def permissions(idp):
    answer = idp.password_token(audience=RBAC_API)
    return claims_of(answer.json["access_token"])["permissions"]
