"""Permissions and organizations of users, and their effect on tokens."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, RBAC_API
from helpers.tenant_client import claims_of, hint
from mockidp.resources.organization import Organization, OrganizationMember

ALICE = "/users/auth0%7Calice"
READ = {"resource_server_identifier": RBAC_API, "permission_name": "read:reports"}
WRITE = {"resource_server_identifier": RBAC_API, "permission_name": "write:reports"}
DIRECT = [{"source_id": "", "source_name": "", "source_type": "DIRECT"}]


def permissions_in_token(idp, username):
    answer = idp.password_token(username=username, audience=RBAC_API)
    return claims_of(answer.json["access_token"])["permissions"]


def test_a_permission_is_in_the_next_token(idp):
    path = "/users/auth0|bob/permissions"
    idp.call("DELETE", path, {"permissions": [WRITE]})
    assert idp.call("GET", path).json == []
    added = idp.call("POST", path, {"permissions": [READ]})
    assert (added.status_code, added.json) == (201, {})
    assert permissions_in_token(idp, "bob@acme.example") == ["read:reports"]
    assert idp.call("GET", path).json == [
        {
            "permission_name": "read:reports",
            "description": "",
            "resource_server_name": "",
            "resource_server_identifier": RBAC_API,
            "sources": DIRECT,
        }
    ]
    removed = idp.call("DELETE", path, {"permissions": [READ]})
    assert (removed.status_code, removed.text) == (204, "")
    assert permissions_in_token(idp, "bob@acme.example") == []


def test_the_permissions_of_roles_have_their_source(idp):
    path = "/users/auth0|bob"
    idp.call("DELETE", f"{path}/permissions", {"permissions": [WRITE]})
    role = idp.call("POST", "/roles", {"name": "writer"}).json
    idp.call("POST", f"/roles/{role['id']}/permissions", {"permissions": [READ, WRITE]})
    idp.call("POST", f"{path}/roles", {"roles": [role["id"]]})
    idp.call("POST", f"{path}/permissions", {"permissions": [READ]})
    found = idp.call("GET", f"{path}/permissions", include_totals="true").json
    assert list(found) == ["permissions", "start", "limit", "total"]
    assert found["total"] == 2
    of_role = [{"source_id": role["id"], "source_name": "writer", "source_type": "ROLE"}]
    assert [(one["permission_name"], one["sources"]) for one in found["permissions"]] == [
        ("read:reports", DIRECT + of_role),
        ("write:reports", of_role),
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "permissions"),
        ({"permissions": "x"}, "list of objects"),
        ({"permissions": [{"permission_name": "x"}]}, "resource_server_identifier"),
        ({"permissions": [READ | {"permission_name": "none"}]}, "none"),
        ({"permissions": [READ | {"resource_server_identifier": "https://none"}]}, "https://none"),
    ],
)
def test_a_wrong_permission_is_refused(idp, body, words):
    answer = idp.call("POST", f"{ALICE}/permissions", body)
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")
    assert words in hint(answer)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "permissions"),
        ("POST", "permissions"),
        ("DELETE", "permissions"),
        ("GET", "organizations"),
    ],
)
def test_an_unknown_user_is_refused(idp, method, path):
    answer = idp.call(method, f"/users/auth0|none/{path}", {"permissions": [READ]})
    assert (answer.status_code, answer.json["errorCode"]) == (404, "inexistent_user")


def test_the_organizations_of_a_user_are_listed(make_idp):
    member = OrganizationMember(user_id="auth0|alice")
    sales = Organization(
        name="sales", id="org_1", display_name="Sales", metadata={"a": "b"}, members=(member,)
    )
    other = Organization(name="other")
    third = Organization(name="third", id="org_3", members=(member,))
    idp = make_idp(document=replace(ACME, organizations=(sales, other, third)))
    shown = [
        {"id": "org_1", "display_name": "Sales", "name": "sales", "metadata": {"a": "b"}},
        {"id": "org_3", "display_name": "", "name": "third"},
    ]
    assert idp.call("GET", f"{ALICE}/organizations").json == shown
    totals = idp.call("GET", f"{ALICE}/organizations", include_totals="true", per_page=1).json
    assert list(totals.items()) == [
        ("organizations", shown[:1]), ("start", 0), ("limit", 1), ("total", 2),
    ]  # fmt: skip


def test_a_scope_is_needed(make_idp):
    idp = make_idp("read:users")
    assert idp.call("GET", f"{ALICE}/permissions").status_code == 200
    answer = idp.call("GET", f"{ALICE}/organizations")
    assert answer.status_code == 403
    assert answer.json["message"] == "Insufficient scope, expected any of: read:organizations"
