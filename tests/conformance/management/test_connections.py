"""Connections of the Management API, and the logins that they allow."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, DATABASE, web_client
from helpers.tenant_client import hint


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


@pytest.fixture
def staff(idp):
    body = {"name": "partners", "strategy": "auth0", "options": {"requires_username": True}}
    answer = idp.call("POST", "/connections", body)
    assert answer.status_code == 201
    return answer.json


def create_partner(idp):
    body = {"connection": "partners", "email": "p@acme.example", "password": "Passw0rd!"}
    return idp.call("POST", "/users", {**body, "username": "partner"})


def test_a_new_connection_is_enabled_for_no_client(idp, staff):
    assert list(staff) == [
        "id", "options", "strategy", "name", "is_domain_connection", "enabled_clients", "realms",
    ]  # fmt: skip
    assert staff["id"].startswith("con_")
    assert staff["options"] == {"requires_username": True, "brute_force_protection": True}
    assert (staff["enabled_clients"], staff["realms"]) == ([], ["partners"])
    assert idp.call("GET", f"/connections/{staff['id']}").json == staff


def test_a_connection_can_be_enabled_and_disabled_for_a_client(idp, staff):
    path = f"/connections/{staff['id']}/clients"
    assert create_partner(idp).json["message"].startswith("Connection must be enabled for this")
    assert idp.call("PATCH", path, [{"client_id": "manager", "status": True}]).status_code == 204
    assert create_partner(idp).status_code == 201
    form = {"username": "partner", "password": "Passw0rd!", "realm": "partners"}
    form["grant_type"] = "http://auth0.com/oauth/grant-type/password-realm"
    assert idp.password_token(**form).status_code != 200
    assert idp.call("PATCH", path, [{"client_id": "web", "status": True}]).status_code == 204
    assert idp.call("GET", path).json == {
        "clients": [{"client_id": "manager"}, {"client_id": "web"}]
    }
    assert idp.password_token(**form).status_code == 200
    assert idp.call("GET", f"/connections/{staff['id']}").json["enabled_clients"] == [
        "manager",
        "web",
    ]
    assert idp.call("PATCH", path, [{"client_id": "web", "status": False}]).status_code == 204
    assert idp.password_token(**form).status_code != 200


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "Expected type array"),
        ([], "Expected 1 to 50 items"),
        ([{"client_id": "web", "status": True}] * 51, "Expected 1 to 50 items"),
        ([5], "Expected type object"),
        ([{"client_id": "web"}], "Missing required property: status"),
        ([{"client_id": "web", "status": "yes"}], "Expected a string and a boolean"),
        ([{"client_id": "web", "status": True, "x": 1}], "Additional properties not allowed: x"),
    ],
)
def test_a_wrong_list_of_clients_is_refused(idp, staff, body, reason):
    answer = idp.call("PATCH", f"/connections/{staff['id']}/clients", body)
    assert error(answer) == (400, f"Payload validation error: '{reason}'.", "invalid_body")
    assert hint(answer)


def test_a_list_that_is_no_json_is_refused(idp, staff):
    headers = {"Authorization": f"Bearer {idp.access_token}", "Content-Type": "application/json"}
    path = f"/api/v2/connections/{staff['id']}/clients"
    answer = idp.request("PATCH", path, headers=headers, data="[")
    assert error(answer) == (400, "Payload validation error: 'Invalid JSON'.", "invalid_body")


def test_a_list_that_is_too_large_is_refused(idp, staff):
    path = f"/connections/{staff['id']}/clients"
    answer = idp.call("PATCH", path, [{"client_id": "x" * 1024 * 1024, "status": True}])
    message = "Payload content length greater than maximum allowed: 1048576"
    assert error(answer) == (413, message, None)


def test_an_unknown_client_is_refused(idp, staff):
    path = f"/connections/{staff['id']}/clients"
    answer = idp.call("PATCH", path, [{"client_id": "none", "status": True}])
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")


def test_a_client_is_enabled_by_its_id_and_not_by_its_name(idp, staff):
    path = f"/connections/{staff['id']}/clients"
    name = idp.call("PATCH", "/clients/web", {"name": "The shop"}).json["name"]
    answer = idp.call("PATCH", path, [{"client_id": name, "status": True}])
    message = "Payload validation error: 'Expected a client's id' on property [0].client_id."
    assert error(answer) == (400, message, "invalid_body")
    assert hint(answer) == "No client has the id 'The shop'."


def test_an_update_replaces_the_options_but_keeps_secrets(idp):
    options = {"client_id": "abc", "client_secret": "s3cret", "scope": ["email"]}
    body = {"name": "google-oauth2", "strategy": "google-oauth2", "options": options}
    path = f"/connections/{idp.call('POST', '/connections', body).json['id']}"
    changed = idp.call("PATCH", path, {"options": {"client_id": "def"}}).json
    assert changed["options"] == {"client_id": "def", "client_secret": "s3cret"}
    changed = idp.call("PATCH", path, {"options": {"client_secret": "new"}}).json
    assert changed["options"] == {"client_secret": "new"}


def test_a_deleted_connection_takes_its_users_with_it(idp, staff):
    path = f"/connections/{staff['id']}/clients"
    idp.call("PATCH", path, [{"client_id": "manager", "status": True}])
    user = create_partner(idp).json
    answer = idp.call("DELETE", f"/connections/{staff['id']}")
    assert (answer.status_code, list(answer.json)) == (202, ["deleted_at"])
    assert idp.call("GET", f"/users/{user['user_id']}").status_code == 404
    again = idp.call("DELETE", f"/connections/{staff['id']}")
    assert (again.status_code, again.data) == (204, b"")
    assert error(idp.call("GET", f"/connections/{staff['id']}")) == (
        404,
        "The connection does not exist",
        "inexistent_connection",
    )


def test_the_default_database_cannot_be_deleted(idp):
    [database] = idp.call("GET", "/connections", name=DATABASE).json
    answer = idp.call("DELETE", f"/connections/{database['id']}")
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")
    assert "default_directory" in answer.json["message"]


def test_the_name_is_unique_and_cannot_be_changed(idp, staff):
    again = idp.call("POST", "/connections", {"name": "partners", "strategy": "auth0"})
    assert error(again) == (409, "A connection with the same name already exists", None)
    for name in ("name", "strategy", "id"):
        answer = idp.call("PATCH", f"/connections/{staff['id']}", {name: "x"})
        message = f"Payload validation error: 'Additional properties not allowed: {name}'."
        assert error(answer) == (400, message, "invalid_body")


def test_connections_are_filtered(idp, staff):
    assert idp.call("GET", "/connections", name="partners").json == [staff]
    assert idp.call("GET", "/connections", strategy="sms").json == []
    assert staff in idp.call("GET", "/connections", strategy="sms,auth0").json


def test_a_secret_that_an_update_leaves_out_keeps_its_place(idp):
    options = {"client_id": "id", "client_secret": "secret", "scope": ["email"]}
    body = {"name": "google", "strategy": "google-oauth2", "options": options}
    path = f"/connections/{idp.call('POST', '/connections', body).json['id']}"
    change = {"options": {"client_id": "other", "scope": ["email"]}}
    found = idp.call("PATCH", path, change).json["options"]
    assert list(found.items()) == list({**options, "client_id": "other"}.items())


def test_a_connection_of_all_clients_lists_only_those_that_auth0_has(make_idp):
    clients = (*ACME.clients, web_client("mockidp-try"))
    idp = make_idp(document=replace(ACME, clients=clients))
    [found] = idp.call("GET", "/connections", name=DATABASE).json
    path = f"/connections/{found['id']}/clients"
    listed = [one["client_id"] for one in idp.call("GET", path).json["clients"]]
    shown = idp.call("GET", "/clients", is_global="false").json
    assert listed == found["enabled_clients"] == [one["client_id"] for one in shown]
    idp.call("PATCH", path, [{"client_id": "web", "status": False}])
    assert [one["client_id"] for one in idp.call("GET", path).json["clients"]] == [
        one for one in listed if one != "web"
    ]
    assert "mockidp-try" in idp.tenant.directory.connections[DATABASE].enabled_clients


def test_the_database_of_a_tenant_without_connections_can_be_changed(make_idp):
    users = tuple(one for one in ACME.users if one.connection == DATABASE)
    idp = make_idp(document=replace(ACME, databases=(), users=users))
    [found] = idp.call("GET", "/connections").json
    assert found["name"] == DATABASE
    assert "web" in found["enabled_clients"]
    path = f"/connections/{found['id']}"
    assert idp.call("GET", path).json == found
    changed = idp.call("PATCH", path, {"options": {"disable_signup": True}}).json
    assert changed["options"]["disable_signup"] is True
    assert [one["id"] for one in idp.call("GET", "/connections").json] == [found["id"]]
    clients = idp.call("GET", f"{path}/clients", take=1).json
    assert (len(clients["clients"]), "next" in clients) == (1, True)


def test_a_user_is_deleted_by_the_address_in_the_connection(idp):
    path = f"/connections/{idp.call('GET', '/connections', name=DATABASE).json[0]['id']}/users"
    unknown = idp.call("DELETE", path, email="none@acme.example")
    assert unknown.status_code == 204
    assert "no user with the e-mail" in hint(unknown)
    assert idp.call("DELETE", path, email="Alice@acme.example").status_code == 204
    assert idp.call("GET", "/users/auth0%7Calice").status_code == 404
    assert error(idp.call("DELETE", path)) == (
        400,
        "Query validation error: 'Missing required property: email'.",
        "invalid_query_string",
    )


def test_only_users_of_databases_are_deleted_by_address(idp):
    made = idp.call("POST", "/connections", {"name": "google", "strategy": "google-oauth2"}).json
    answer = idp.call("DELETE", f"/connections/{made['id']}/users", email="a@acme.example")
    expected = (400, "The connection must be a database connection.", "operation_not_supported")
    assert error(answer) == expected
