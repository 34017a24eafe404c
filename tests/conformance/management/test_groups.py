"""Groups that SCIM provisions, as the Management API shows them."""

import pytest

from helpers.scim import DANA, SCOPES, ZOE, Directory, company
from helpers.tenant_client import hint
from mockidp.resources.connection import Connection

USER = "/users/okta%7Ccorp%7C00u1"


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


@pytest.fixture
def idp():
    idp = Directory(company(None, Connection(name="other", strategy="okta")), scopes=SCOPES)
    idp.provision()
    return idp


@pytest.fixture
def groups(idp):
    """Create two groups. Return their ids."""
    admins = idp.push_group(DANA, ZOE)["id"]
    idp.later(60)
    return admins, idp.push_group(DANA, displayName="Staff", externalId=None)["id"]


def test_a_group_has_auth0s_members(idp, groups):
    admins, staff = groups
    made = idp.scim("GET", f"/Groups/{admins}").json["meta"]
    assert idp.manage("GET", f"/groups/{admins}").json == {
        "id": admins,
        "name": "Admins",
        "external_id": "g1",
        "connection_id": idp.connection_id,
        "tenant_name": idp.tenant.name,
        "created_at": made["created"],
        "updated_at": made["lastModified"],
    }
    assert "external_id" not in idp.manage("GET", f"/groups/{staff}").json


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Admins", "Staff"]),
        ("?connection_id=<corp>", ["Admins", "Staff"]),
        ("?connection_id=con_other", []),
        ("?name=Staff", ["Staff"]),
        ("?name=staff", []),
        ("?external_id=g1", ["Admins"]),
        ("?search=STA", ["Staff"]),
        ("?search=g1", ["Admins"]),
    ],
)
def test_groups_are_listed_and_filtered(idp, groups, query, names):
    answer = idp.manage("GET", f"/groups{query.replace('<corp>', idp.connection_id)}")
    assert answer.status_code == 200
    assert [one["name"] for one in answer.json["groups"]] == names
    assert "total" not in answer.json


@pytest.mark.parametrize("path", ["/groups", f"{USER}/groups"])
def test_groups_are_paged_by_checkpoint(idp, groups, path):
    first = idp.manage("GET", f"{path}?take=1&include_totals=true&fields=id").json
    assert first == {"groups": [{"id": groups[0]}], "next": first["next"], "total": 2}
    rest = idp.manage("GET", f"{path}?take=1&from={first['next']}&fields=id").json
    assert rest == {"groups": [{"id": groups[1]}]}
    answer = idp.manage("GET", f"{path}?page=1")
    assert error(answer)[2] == "invalid_query_string"


def test_a_group_has_members(idp, groups):
    admins, _ = groups
    answer = idp.manage("GET", f"/groups/{admins}/members")
    created = idp.manage("GET", f"/groups/{admins}").json["created_at"]
    common = {"member_type": "user", "type": "connection", "connection_id": idp.connection_id}
    assert answer.json == {
        "members": [{"id": one, **common, "created_at": created} for one in (DANA, ZOE)]
    }
    page = idp.manage("GET", f"/groups/{admins}/members?take=1&fields=id").json
    assert page["members"] == [{"id": DANA}]
    rest = idp.manage("GET", f"/groups/{admins}/members?from={page['next']}&fields=id").json
    assert rest == {"members": [{"id": ZOE}]}


def test_a_user_has_groups_since_a_time(idp, groups):
    idp.later(60)
    operation = {"op": "add", "path": "members", "value": [{"value": ZOE}]}
    changed = idp.patch_group(groups[1], operation).json["meta"]["lastModified"]
    found = idp.manage("GET", "/users/okta%7Ccorp%7Czoe/groups").json["groups"]
    admins, staff = (idp.manage("GET", f"/groups/{one}").json for one in groups)
    assert found == [
        {**admins, "membership_created_at": admins["created_at"]},
        {**staff, "membership_created_at": changed},
    ]
    assert idp.manage("GET", "/users/auth0%7Calice/groups").json == {"groups": []}
    assert error(idp.manage("GET", "/users/auth0%7Cnobody/groups"))[0] == 404


def test_a_group_is_deleted_for_the_directory_too(idp, groups):
    path = f"/groups/{groups[0]}"
    assert idp.manage("DELETE", path).status_code == 204
    assert idp.scim("GET", f"/Groups/{groups[0]}").status_code == 404
    assert [one["name"] for one in idp.manage("GET", f"{USER}/groups").json["groups"]] == ["Staff"]


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("DELETE", ""), ("GET", "/members")])
def test_an_unknown_group_is_not_found(idp, method, path):
    answer = idp.manage(method, f"/groups/grp_1{path}")
    assert error(answer) == (404, "The group does not exist.", None)
    assert "No group has the id 'grp_1'." in hint(answer)
