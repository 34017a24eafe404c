"""Groups of users that a directory creates, changes and deletes (RFC 7643 4.2, RFC 7644)."""

import re

import pytest

from helpers.scim import DANA, GROUP, SCOPES, ZOE, Directory, company, error, group, path_of
from helpers.tenant_client import hint
from mockidp.resources.connection import Connection
from mockidp.resources.scim_configuration import ScimConfiguration

OTHER = Connection(name="other", strategy="okta", scim_configuration=ScimConfiguration())


@pytest.fixture
def idp():
    idp = Directory(scopes=SCOPES)
    idp.provision()
    return idp


def members_of(answer):
    """Return the ids of the members in an answer."""
    assert answer.status_code == 200, answer.text
    return [one["value"] for one in answer.json["members"]]


def test_rfc7644_3_3__a_group_is_created(idp):
    answer = idp.scim("POST", "/Groups", group(DANA))
    assert answer.status_code == 201
    assert answer.content_type == "application/scim+json"
    base = f"{idp.url}/scim/v2/connections/{idp.connection_id}"
    group_id = answer.json["id"]
    assert re.fullmatch("grp_[1-9a-km-zA-HJ-NP-Z]{22}", group_id)
    where = f"{base}/Groups/{group_id}"
    assert answer.headers["Location"] == where
    created = answer.json["meta"]["created"]
    assert answer.json == {
        "schemas": [GROUP],
        "id": group_id,
        "displayName": "Admins",
        "externalId": "g1",
        "members": [
            {"value": DANA, "$ref": f"{base}/Users/okta%7Ccorp%7C00u1", "type": "User"},
        ],
        "meta": {
            "resourceType": "Group",
            "created": created,
            "lastModified": created,
            "location": where,
        },
    }


def test_rfc7644_3_4_1__a_group_is_read(idp):
    made = idp.push_group(DANA)
    assert idp.scim("GET", f"/Groups/{made['id']}").json == made


@pytest.mark.parametrize("attributes", [{"members": None}, {"externalId": None}, {"members": []}])
def test_only_the_name_is_required(idp, attributes):
    made = idp.push_group(**attributes)
    assert made["members"] == []
    assert ("externalId" in made) is ("members" in attributes)


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ({"displayName": None}, "displayName"),
        ({"displayName": ""}, "displayName"),
        ({"displayName": 5}, "displayName"),
        ({"displayName": "x" * 129}, "displayName"),
        ({"displayName": "Équipe"}, "displayName"),
        ({"externalId": 5}, "externalId"),
        ({"externalId": "x" * 257}, "externalId"),
        ({"members": {"value": DANA}}, "members"),
        ({"members": [DANA]}, "members"),
        ({"members": [{"display": "Dana"}]}, "members"),
        ({"members": [{"value": ""}]}, "members"),
        ({"members": [{"value": DANA, "type": "Group"}]}, "members"),
        ({"members": [{"value": DANA, "type": 5}]}, "members"),
    ],
)
def test_a_wrong_value_is_refused(idp, attributes, name):
    answer = idp.scim("POST", "/Groups", group(**attributes))
    assert error(answer) == (400, "invalidValue", f"Invalid value of {name}")
    assert f"`{name}`" in hint(answer)
    assert idp.scim("GET", "/Groups").json["totalResults"] == 0


def test_a_resource_of_another_schema_is_refused(idp):
    answer = idp.scim("POST", "/Groups", group(schemas=["urn:other"]))
    assert error(answer)[:2] == (400, "invalidSyntax")
    assert GROUP in hint(answer)


def test_an_attribute_that_groups_do_not_have_is_ignored_with_a_hint(idp):
    answer = idp.scim("POST", "/Groups", group(description="All admins"))
    assert answer.status_code == 201
    assert "description" not in answer.json
    assert hint(answer) == (
        "Groups have no attribute description, so this was ignored. They have displayName, "
        "externalId and members."
    )


def test_auth0_scim__a_name_is_unique_within_a_connection(idp):
    made = idp.push_group()
    for answer in (
        idp.scim("POST", "/Groups", group(externalId="g2")),
        idp.scim(
            "PUT", f"/Groups/{idp.push_group(displayName='Staff')['id']}", group(externalId="g2")
        ),
    ):
        assert error(answer) == (409, "uniqueness", "Group already exists")
        assert f"Group {made['id']} of connection corp has the displayName 'Admins'." in hint(
            answer
        )
    assert idp.scim("PUT", f"/Groups/{made['id']}", group()).status_code == 200


@pytest.mark.parametrize("unknown", ["okta|corp|nobody", "auth0|alice"])
def test_auth0_scim__only_users_of_the_connection_become_members(idp, unknown):
    answer = idp.scim("POST", "/Groups", group(DANA, unknown, DANA))
    assert answer.status_code == 201
    assert [one["value"] for one in answer.json["members"]] == [DANA]
    assert hint(answer) == (
        f"Connection corp has no user {unknown}, so the group does not have that member. Create "
        "the user first, and send the `id` of the answer."
    )


def test_rfc7644_3_5_1__a_put_replaces_the_attributes_and_the_members(idp):
    made = idp.push_group(DANA)
    idp.later(10)
    answer = idp.scim("PUT", f"/Groups/{made['id']}", group(ZOE, displayName="B", externalId=None))
    assert (answer.json["displayName"], members_of(answer)) == ("B", [ZOE])
    assert "externalId" not in answer.json
    meta = answer.json["meta"]
    assert meta["created"] == made["meta"]["created"] < meta["lastModified"]


def element(user_id):
    """Return the path of a member."""
    return f'members[value eq "{user_id}"]'


@pytest.mark.parametrize(
    ("operations", "members"),
    [
        ([{"op": "add", "path": "members", "value": [{"value": ZOE}]}], [DANA, ZOE]),
        ([{"op": "Add", "path": "members", "value": [{"value": DANA}]}], [DANA]),
        ([{"op": "add", "value": {"members": [{"value": ZOE, "display": "Z"}]}}], [DANA, ZOE]),
        ([{"op": "add", "path": f"{GROUP}:members", "value": [{"value": ZOE}]}], [DANA, ZOE]),
        ([{"op": "replace", "path": "members", "value": [{"value": ZOE}]}], [ZOE]),
        ([{"op": "remove", "path": element(DANA)}], []),
        ([{"op": "remove", "path": element(ZOE)}], [DANA]),
        ([{"op": "remove", "path": "members"}], []),
        ([{"op": "Remove", "path": "members", "value": [{"value": DANA}]}], []),
        ([{"op": "Remove", "path": "members", "value": [{"$ref": None, "value": ZOE}]}], [DANA]),
        (
            [
                {"op": "remove", "path": element(DANA)},
                {"op": "add", "path": "members", "value": [{"value": ZOE}]},
            ],
            [ZOE],
        ),
    ],
)
def test_rfc7644_3_5_2__a_patch_changes_the_members(idp, operations, members):
    made = idp.push_group(DANA)
    assert members_of(idp.patch_group(made["id"], *operations)) == members
    assert members_of(idp.scim("GET", f"/Groups/{made['id']}")) == members


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "displayName", "value": "B"},
        {"op": "Replace", "value": {"id": "grp_other", "displayName": "B"}},
    ],
)
def test_rfc7644_3_5_2__a_patch_changes_the_name(idp, operation):
    made = idp.push_group(DANA)
    answer = idp.patch_group(made["id"], operation)
    assert (answer.json["id"], answer.json["displayName"]) == (made["id"], "B")
    assert members_of(answer) == [DANA]


@pytest.mark.parametrize(
    ("operation", "scim_type"),
    [
        ({"op": "remove", "path": "displayName"}, "invalidValue"),
        ({"op": "add", "path": "members", "value": [{"value": 5}]}, "invalidValue"),
        ({"op": "add", "path": "members["}, "invalidValue"),
        ({"op": "remove"}, "noTarget"),
        ({"op": "move", "path": "members"}, "invalidSyntax"),
    ],
)
def test_a_patch_that_is_not_valid_changes_nothing(idp, operation, scim_type):
    made = idp.push_group(DANA)
    renamed = {"op": "replace", "path": "displayName", "value": "B"}
    answer = idp.patch_group(made["id"], renamed, operation)
    assert error(answer)[:2] == (400, scim_type)
    assert idp.scim("GET", f"/Groups/{made['id']}").json == made


def test_rfc7644_3_6__a_group_is_deleted_once_and_its_members_stay(idp):
    path = f"/Groups/{idp.push_group(DANA)['id']}"
    answer = idp.scim("DELETE", path)
    assert (answer.status_code, answer.data) == (204, b"")
    assert error(idp.scim("DELETE", path))[0] == 404
    assert idp.scim("GET", path_of(DANA)).status_code == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_a_group_of_no_or_another_connection_is_not_found(method):
    idp = Directory(company(None, OTHER), scopes=SCOPES)
    made = idp.push_group()["id"]
    idp.connection_id = idp.tenant.directory.connection("other").id
    idp.scim_token = idp.new_token([f"{method.lower()}:groups"])["token"]
    for group_id in (made, "grp_1"):
        body = group() if method in ("PUT", "PATCH") else None
        answer = idp.scim(method, f"/Groups/{group_id}", body)
        assert error(answer) == (404, None, f"Resource {group_id} not found")
        assert f"Connection other has no group '{group_id}'." in hint(answer)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_auth0_scim__each_method_has_a_scope(method):
    path = "/Groups" if method == "POST" else "/Groups/grp_1"
    scope = f"{method.lower()}:groups"
    users = [f"{one}:users" for one in ("get", "post", "put", "patch", "delete")]
    answer = Directory(scopes=users).scim(method, path, None if method == "GET" else group())
    assert error(answer) == (403, None, f"Insufficient scope, expected: {scope}")
    idp = Directory(scopes=[scope])
    answer = idp.scim(method, path, None if method == "GET" else group())
    assert answer.status_code == (201 if method == "POST" else 404)


def test_a_deleted_user_leaves_the_groups(idp):
    made = idp.push_group(DANA, ZOE)
    idp.later(10)
    idp.scim("DELETE", path_of(DANA))
    answer = idp.scim("GET", f"/Groups/{made['id']}")
    assert members_of(answer) == [ZOE]
    assert answer.json["meta"]["lastModified"] > made["meta"]["lastModified"]


def test_the_groups_of_a_deleted_connection_are_deleted(idp):
    made = idp.push_group(DANA)
    assert idp.manage("GET", f"/groups/{made['id']}").status_code == 200
    assert idp.manage("DELETE", f"/connections/{idp.connection_id}").status_code == 202
    assert idp.manage("GET", "/groups").json == {"groups": []}


def test_calls_are_in_the_logs(idp):
    idp.push_group()
    idp.scim("POST", "/Groups", group())
    logs = idp.manage("GET", "/logs").json
    assert [one["type"] for one in logs if "scim" in one["type"]][:2] == ["fscim", "sscim"]


def test_a_user_of_another_connection_cannot_be_made_a_member_later():
    idp = Directory(scopes=SCOPES)
    made = idp.push_group(ZOE)
    operation = {"op": "add", "path": "members", "value": [{"value": "auth0|alice"}]}
    answer = idp.patch_group(made["id"], operation)
    assert members_of(answer) == [ZOE]
    assert "Connection corp has no user auth0|alice" in hint(answer)
