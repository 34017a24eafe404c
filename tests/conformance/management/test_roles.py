"""Roles of the Management API, and what they do to tokens."""

import pytest

from helpers.acme import API, RBAC_API
from helpers.tenant_client import claims_of, hint

BOB = "/users/auth0%7Cbob"


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


@pytest.fixture
def editor(idp):
    answer = idp.call("POST", "/roles", {"name": "editor", "description": "May edit"})
    assert answer.status_code == 200
    return answer.json


def test_a_new_role_is_echoed_with_its_id(idp, editor):
    assert list(editor) == ["id", "name", "description", "type"]
    assert editor["id"].startswith("rol_")
    assert len(editor["id"]) == 20
    assert editor["type"] == "tenant"
    assert idp.call("GET", f"/roles/{editor['id']}").json == editor


def test_a_role_without_a_description_has_an_empty_one_when_it_is_read(idp):
    made = idp.call("POST", "/roles", {"name": "bare"}).json
    assert "description" not in made
    assert idp.call("GET", f"/roles/{made['id']}").json["description"] == ""


def test_the_name_of_a_role_is_unique(idp, editor):
    again = idp.call("POST", "/roles", {"name": "editor"})
    assert error(again) == (409, "Role name already exists", "role_conflict")


@pytest.mark.parametrize("name", [5, "", None])
def test_a_name_is_a_string(idp, editor, name):
    message = "Payload validation error: 'Expected type string' on property name."
    for method, path in (("POST", "/roles"), ("PATCH", f"/roles/{editor['id']}")):
        assert error(idp.call(method, path, {"name": name})) == (400, message, "invalid_body")


def test_roles_are_filtered_by_a_part_of_the_name(idp, editor):
    assert idp.call("GET", "/roles", name_filter="EDIT").json == [editor]
    assert idp.call("GET", "/roles", name_filter="none").json == []


def test_a_role_is_changed(idp, editor):
    path = f"/roles/{editor['id']}"
    assert idp.call("PATCH", path, {"description": "x"}).json == {**editor, "description": "x"}


def test_a_renamed_role_keeps_its_id_and_its_users(idp, editor):
    path = f"/roles/{editor['id']}"
    idp.call("POST", f"{path}/users", {"users": ["auth0|bob"]})
    assert idp.call("PATCH", path, {"name": "author"}).json["id"] == editor["id"]
    assert [one["user_id"] for one in idp.call("GET", f"{path}/users").json] == ["auth0|bob"]
    assert [one["name"] for one in idp.call("GET", f"{BOB}/roles").json] == ["author"]
    taken = idp.call("PATCH", path, {"name": "viewer"})
    assert error(taken) == (409, "Role name already exists", "role_conflict")


def test_a_renamed_role_keeps_the_members_who_have_it(idp, editor):
    made = idp.call("POST", "/organizations", {"name": "acme"}).json
    members = f"/organizations/{made['id']}/members"
    idp.call("POST", members, {"members": ["auth0|bob"]})
    idp.call("POST", f"{members}/auth0%7Cbob/roles", {"roles": [editor["id"]]})
    idp.call("PATCH", f"/roles/{editor['id']}", {"name": "author"})
    held = idp.call("GET", f"{members}/auth0%7Cbob/roles").json
    assert [one["name"] for one in held] == ["author"]


def test_a_role_with_the_old_name_of_another_has_an_id_of_its_own(idp, editor):
    idp.call("PATCH", f"/roles/{editor['id']}", {"name": "author"})
    again = idp.call("POST", "/roles", {"name": "editor"}).json
    assert again["id"] != editor["id"]
    assert idp.call("GET", f"/roles/{editor['id']}").json["name"] == "author"
    assert idp.call("GET", f"/roles/{again['id']}").json["name"] == "editor"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/roles/rol_none"),
        ("PATCH", "/roles/rol_none"),
        ("DELETE", "/roles/rol_none"),
        ("GET", "/roles/viewer"),
        ("GET", "/roles/rol_none/permissions"),
    ],
)
def test_an_unknown_role_is_not_found(idp, method, path):
    answer = idp.call(method, path, {} if method == "PATCH" else None)
    assert error(answer) == (404, "The role does not exist.", None)
    assert hint(answer)


def test_an_assigned_role_is_in_the_next_token(idp, editor):
    permission = {"resource_server_identifier": RBAC_API, "permission_name": "read:reports"}
    permissions = f"/roles/{editor['id']}/permissions"
    answer = idp.call("POST", permissions, {"permissions": [permission]})
    assert (answer.status_code, answer.json) == (201, {})
    assert idp.call("GET", permissions).json == [
        {
            "permission_name": "read:reports",
            "description": "",
            "resource_server_name": idp.tenant.directory.apis[RBAC_API].name,
            "resource_server_identifier": RBAC_API,
        }
    ]

    def permissions_of_bob():
        token = idp.tokens("bob", audience=RBAC_API, scope="openid")["access_token"]
        return sorted(claims_of(token)["permissions"])

    assert permissions_of_bob() == ["write:reports"]
    assert idp.call("POST", f"{BOB}/roles", {"roles": [editor["id"]]}).status_code == 204
    assert permissions_of_bob() == ["read:reports", "write:reports"]
    assert [one["id"] for one in idp.call("GET", f"{BOB}/roles").json] == [editor["id"]]
    assert idp.call("DELETE", permissions, {"permissions": [permission]}).status_code == 204
    assert permissions_of_bob() == ["write:reports"]
    assert idp.call("DELETE", f"{BOB}/roles", {"roles": [editor["id"]]}).status_code == 204
    assert idp.call("GET", f"{BOB}/roles").json == []


def test_a_deleted_role_is_taken_from_its_users(idp, editor):
    idp.call("POST", f"{BOB}/roles", {"roles": [editor["id"]]})
    answer = idp.call("DELETE", f"/roles/{editor['id']}")
    assert (answer.status_code, answer.json) == (200, {})
    assert idp.call("GET", f"{BOB}/roles").json == []


@pytest.mark.parametrize(
    ("permission", "reason"),
    [
        ({"permission_name": "x"}, "Missing required property: resource_server_identifier"),
        (
            {"resource_server_identifier": API, "permission_name": "x", "a": 1},
            "Additional properties not allowed: a",
        ),
    ],
)
def test_a_permission_with_a_mistake_is_refused(idp, editor, permission, reason):
    answer = idp.call("POST", f"/roles/{editor['id']}/permissions", {"permissions": [permission]})
    message = f"Payload validation error: '{reason}' on property permissions[0]."
    assert error(answer) == (400, message, "invalid_body")


@pytest.mark.parametrize("sent", ["x", ["x"], None])
def test_permissions_are_a_list_of_objects(idp, editor, sent):
    answer = idp.call("POST", f"/roles/{editor['id']}/permissions", {"permissions": sent})
    assert answer.status_code == 400
    assert answer.json["errorCode"] == "invalid_body"


def test_a_permission_of_an_unknown_scope_is_refused(idp, editor):
    permission = {"resource_server_identifier": API, "permission_name": "nothing"}
    answer = idp.call("POST", f"/roles/{editor['id']}/permissions", {"permissions": [permission]})
    assert answer.status_code == 400
    assert answer.json["errorCode"] == "invalid_body"
    assert "nothing" in hint(answer)


@pytest.mark.parametrize("sent", ["x", [5], None])
def test_ids_are_a_list_of_strings(idp, editor, sent):
    answer = idp.call("POST", f"/roles/{editor['id']}/users", {"users": sent})
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")


def test_an_unknown_user_or_role_changes_nobody(idp, editor):
    path = f"/roles/{editor['id']}/users"
    assert idp.call("POST", path, {"users": ["auth0|bob", "auth0|none"]}).status_code == 404
    assert (
        idp.call("POST", f"{BOB}/roles", {"roles": [editor["id"], "rol_none"]}).status_code == 404
    )
    assert idp.call("GET", path).json == []
