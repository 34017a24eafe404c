"""The messages for bodies and queries that Auth0's schemas refuse, with the path of the mistake."""

import pytest

from helpers.acme import DATABASE
from helpers.management import ManagementClient
from helpers.organizations import B2B, RED
from helpers.tenant_client import bearer, hint, race

USER = {"connection": DATABASE, "email": "new@acme.example", "password": "Passw0rd!"}
CLIENT = {"name": "App"}
API = {"identifier": "https://new.example/"}
GUEST = {"client_id": "web", "invitee": {"email": "new@acme.example"}, "inviter": {"name": "A"}}
INVITATIONS = f"/organizations/{RED}/invitations"
NAME = "^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$"


@pytest.fixture
def idp():
    return ManagementClient(document=B2B)


@pytest.mark.parametrize(
    ("path", "body", "reason", "place"),
    [
        ("/users", {}, "Missing required property: connection", ""),
        ("/users", USER | {"a": 1, "b": 2}, "Additional properties not allowed: a,b", ""),
        (
            "/users",
            USER | {"email": "none"},
            "Object didn't pass validation for format email: none",
            "email",
        ),
        ("/users", USER | {"email": 5}, "Expected type string but found type number", "email"),
        (
            "/users",
            USER | {"blocked": "no"},
            "Expected type boolean but found type string",
            "blocked",
        ),
        (
            "/users",
            USER | {"user_metadata": []},
            "Expected type object but found type array",
            "user_metadata",
        ),
        (
            "/clients",
            CLIENT | {"callbacks": "https://app.example/"},
            "Expected type array but found type string",
            "callbacks",
        ),
        (
            "/clients",
            CLIENT | {"refresh_token": {"leeway": "1"}},
            "Expected type integer but found type string",
            "refresh_token.leeway",
        ),
        (
            "/clients",
            CLIENT | {"refresh_token": {"colour": "red"}},
            "Additional properties not allowed: colour",
            "refresh_token",
        ),
        (
            "/clients",
            CLIENT | {"jwt_configuration": {"alg": "none"}},
            "No enum match for: none",
            "jwt_configuration.alg",
        ),
        (
            "/resource-servers",
            API | {"scopes": [{"value": "a"}, {"value": 5}]},
            "Expected type string but found type number",
            "scopes[1].value",
        ),
        (
            "/resource-servers",
            API | {"scopes": [{"description": "a"}]},
            "Missing required property: value",
            "scopes[0]",
        ),
        (
            "/connections",
            {"name": "a b", "strategy": "auth0"},
            f"String does not match pattern {NAME}",
            "name",
        ),
        (
            "/connections",
            {"name": "a" * 129, "strategy": "auth0"},
            "String is too long (129 chars), maximum 128",
            "name",
        ),
        (
            "/connections",
            {"name": 5, "strategy": "auth0"},
            "Expected type string but found type number",
            "name",
        ),
        (
            "/organizations",
            {"name": "A"},
            "String does not match pattern ^[a-z0-9][a-z0-9_-]*$",
            "name",
        ),
        (
            "/organizations",
            {"name": "a", "enabled_connections": [{}]},
            "Missing required property: connection_id",
            "enabled_connections[0]",
        ),
        (
            INVITATIONS,
            GUEST | {"inviter": {"name": ""}},
            "String is too short (0 chars), minimum 1",
            "inviter.name",
        ),
        (INVITATIONS, GUEST | {"inviter": {}}, "Missing required property: name", "inviter"),
        (
            INVITATIONS,
            GUEST | {"inviter": {"name": "A", "x": 1}},
            "Additional properties not allowed: x",
            "inviter",
        ),
        (
            "/users/auth0%7Calice/permissions",
            {"permissions": [{"permission_name": "a"}]},
            "Missing required property: resource_server_identifier",
            "permissions[0]",
        ),
        (
            "/users/auth0%7Calice/permissions",
            {"permissions": [{"resource_server_identifier": "a", "permission_name": {}}]},
            "Expected type string but found type object",
            "permissions[0].permission_name",
        ),
        (
            "/users",
            USER | {"phone_number": "5551234"},
            "Expected a phone number such as +15551234567",
            "phone_number",
        ),
        (
            "/users/auth0%7Calice/authentication-methods",
            {"type": "phone", "phone_number": "5551234"},
            "Expected a phone number such as +15551234567",
            "phone_number",
        ),
        (
            "/organizations",
            {"name": "a", "enabled_connections": [{"connection_id": "b", "show_as_button": 1}]},
            "Expected type boolean but found type integer",
            "enabled_connections[0].show_as_button",
        ),
        (
            "/organizations",
            {"name": "a", "enabled_connections": [{"connection_id": "b"}, {"connection_id": "b"}]},
            "Array items are not unique (indexes 0 and 1)",
            "enabled_connections",
        ),
    ],
)
def test_a_mistake_in_a_body_is_named_with_its_path(idp, path, body, reason, place):
    answer = idp.call("POST", path, body)
    shown = f" on property {place}" if place else ""
    assert answer.json == {
        "statusCode": 400,
        "error": "Bad Request",
        "message": f"Payload validation error: '{reason}'{shown}.",
        "errorCode": "invalid_body",
    }
    assert hint(answer)


def test_a_user_that_was_read_cannot_be_sent_back(idp):
    user = idp.call("GET", "/users/auth0%7Calice").json
    answer = idp.call("PATCH", "/users/auth0%7Calice", user)
    assert answer.json["message"].startswith(
        "Payload validation error: 'Additional properties not allowed: "
    )
    assert "user_id" in answer.json["message"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/users", "include_totals"),
        ("/users/auth0%7Calice", "include_fields"),
        ("/clients", "is_global"),
        ("/clients", "is_first_party"),
        ("/client-grants", "allow_any_organization"),
        (f"/organizations/{RED}/connections", "is_enabled"),
    ],
)
def test_a_flag_in_a_query_is_true_or_false(idp, path, name):
    for value in ("true", "false"):
        assert idp.call("GET", path, **{name: value}).status_code == 200
    answer = idp.call("GET", path, **{name: "yes"})
    reason = "Expected type boolean but found type string"
    assert answer.json == {
        "statusCode": 400,
        "error": "Bad Request",
        "message": f"Query validation error: '{reason}' on property {name}.",
        "errorCode": "invalid_query_string",
    }
    assert hint(answer) == f"`{name}` is 'yes'. Send true or false."


def test_fifty_updates_at_once_lose_no_key(idp):
    numbers = iter(range(50))

    def update():
        number = next(numbers)
        body = {"user_metadata": {f"key {number}": number}}
        path = "/api/v2/users/auth0%7Calice"
        browser = idp.another_browser()
        return browser.request("PATCH", path, headers=bearer(idp.access_token), json=body)

    assert {one.status_code for one in race(update)} == {200}
    metadata = idp.call("GET", "/users/auth0%7Calice").json["user_metadata"]
    assert {f"key {number}": number for number in range(50)}.items() <= metadata.items()


@pytest.mark.parametrize("name", ["email", "password"])
def test_a_new_user_of_a_database_has_an_address_and_a_password(idp, name):
    answer = idp.call("POST", "/users", USER | {name: None})
    reason = "Expected type string but found type null"
    message = f"Payload validation error: '{reason}' on property {name}."
    assert (answer.status_code, answer.json["message"]) == (400, message)


def test_removed_permissions_are_strings(idp):
    wrong = {"resource_server_identifier": 5, "permission_name": "read:items"}
    answer = idp.call("DELETE", "/users/auth0%7Calice/permissions", {"permissions": [wrong]})
    assert answer.status_code == 400
    assert "permissions[0].resource_server_identifier" in answer.json["message"]


@pytest.mark.parametrize("body", [[], True, 5, "x"])
def test_options_of_a_connection_that_has_secrets_are_an_object(idp, body):
    options = {"client_id": "abc", "client_secret": "s3cret"}
    new = {"name": "google-oauth2", "strategy": "google-oauth2", "options": options}
    path = f"/connections/{idp.call('POST', '/connections', new).json['id']}"
    answer = idp.call("PATCH", path, {"options": body})
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")
    assert idp.call("GET", path).json["options"]["client_secret"] == "s3cret"


def test_a_credential_of_a_client_is_an_object(idp):
    methods = {"private_key_jwt": {"credentials": [None]}}
    answer = idp.call("PATCH", "/clients/web", {"client_authentication_methods": methods})
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")
    assert "credentials[0]" in answer.json["message"]
