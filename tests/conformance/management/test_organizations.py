"""Organizations of the Management API and their members, and what they do to tokens."""

import pytest

from helpers.acme import RBAC_API
from helpers.management import ManagementClient
from helpers.organizations import B2B, RED
from helpers.tenant_client import claims_of, hint

MISSING = "No organization found by that id or name"
ONE = f"/organizations/{RED}"
MEMBERS = f"{ONE}/members"
DAVE_ROLES = f"{MEMBERS}/auth0%7Cdave/roles"


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


@pytest.fixture
def idp():
    return ManagementClient(document=B2B)


def database_id(idp):
    return idp.call("GET", "/connections", name="Username-Password-Authentication").json[0]["id"]


def test_a_new_organization_is_read_by_id_and_by_name_as_it_was_made(idp):
    body = {
        "name": "acme",
        "display_name": "Acme Ltd",
        "branding": {"logo_url": "https://acme.example/logo.png"},
        "metadata": {"plan": "gold"},
    }
    made = idp.call("POST", "/organizations", body)
    assert made.status_code == 201
    assert list(made.json) == [
        "id", "name", "display_name", "branding", "metadata",
        "third_party_client_access", "is_app_entitlement_active",
    ]  # fmt: skip
    assert made.json["id"].startswith("org_")
    assert len(made.json["id"]) == 20
    assert made.json["third_party_client_access"] == "block"
    assert body.items() <= made.json.items()
    assert idp.call("GET", f"/organizations/{made.json['id']}").json == made.json
    assert idp.call("GET", "/organizations/name/acme").json == made.json
    assert made.json in idp.call("GET", "/organizations").json


def test_a_new_organization_can_have_connections_with_which_users_log_in(idp):
    connection = {"connection_id": database_id(idp), "assign_membership_on_login": True}
    body = {"name": "acme", "enabled_connections": [connection]}
    made = idp.call("POST", "/organizations", body).json
    assert made["display_name"] == "acme"
    assert made["enabled_connections"] == [
        {
            **connection,
            "show_as_button": True,
            "is_signup_enabled": False,
            "connection": {"name": "Username-Password-Authentication", "strategy": "auth0"},
        }
    ]
    claims = claims_of(idp.tokens("dave", organization=made["id"])["id_token"])
    assert claims["org_id"] == made["id"]
    members = idp.call("GET", f"/organizations/{made['id']}/members").json
    assert [one["user_id"] for one in members] == ["auth0|dave"]


@pytest.mark.parametrize("sent", ["x", ["x"], None, [{}], [{"connection_id": "x", "y": 1}]])
def test_enabled_connections_are_a_list_of_objects(idp, sent):
    answer = idp.call("POST", "/organizations", {"name": "acme", "enabled_connections": sent})
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")


@pytest.mark.parametrize("name", [5, "", None, "Upper", "-a", "a" * 51, []])
def test_a_name_is_short_and_in_lower_case(idp, name):
    message = (
        "Payload validation error: 'String does not match pattern ^[a-z0-9][a-z0-9_-]*$' "
        "on property name."
    )
    for method, path in (("POST", "/organizations"), ("PATCH", ONE)):
        assert error(idp.call(method, path, {"name": name})) == (400, message, "invalid_body")


def test_the_name_of_an_organization_is_unique(idp):
    expected = (409, "An organization with this name already exists", None)
    assert error(idp.call("POST", "/organizations", {"name": "red"})) == expected
    assert error(idp.call("PATCH", ONE, {"name": "blue"})) == expected


def test_an_unknown_field_of_an_organization_is_refused(idp):
    message = "Payload validation error: 'Additional properties not allowed: members'."
    body = {"name": "acme", "members": []}
    assert error(idp.call("POST", "/organizations", body)) == (400, message, "invalid_body")
    assert error(idp.call("PATCH", ONE, {"members": []})) == (400, message, "invalid_body")


def test_a_renamed_organization_keeps_its_id_members_and_tokens(idp):
    before = idp.call("GET", ONE).json
    after = idp.call("PATCH", ONE, {"name": "scarlet", "metadata": None}).json
    assert after == {**{k: v for k, v in before.items() if k != "metadata"}, "name": "scarlet"}
    assert claims_of(idp.tokens("alice", organization=RED)["id_token"])["org_id"] == RED
    made = idp.call("POST", "/organizations", {"name": "red"}).json
    assert made["id"] != RED


def test_a_deleted_organization_is_gone_for_logins_and_for_a_second_delete(idp):
    assert idp.call("DELETE", ONE).status_code == 204
    assert error(idp.call("DELETE", ONE)) == (404, MISSING, None)
    assert error(idp.call("GET", ONE)) == (404, MISSING, None)
    assert error(idp.call("GET", "/organizations/name/red")) == (404, MISSING, None)
    assert "error" in idp.callback("alice", organization=RED)


def test_organizations_are_listed_in_all_shapes(idp):
    shown = idp.call("GET", "/organizations", include_totals="true", per_page="2").json
    assert list(shown) == ["organizations", "start", "limit", "total"]
    assert shown["total"] == len(B2B.organizations)
    first = idp.call("GET", "/organizations", take="2", include_totals="true").json
    assert list(first) == ["organizations", "next"]
    second = idp.call("GET", "/organizations", **{"take": "50", "from": first["next"]}).json
    assert list(second) == ["organizations"]


def test_a_member_with_a_role_has_them_in_the_next_token(idp):
    assert idp.call("POST", MEMBERS, {"members": ["auth0|dave"]}).status_code == 204
    (editor,) = idp.call("GET", "/roles", name_filter="editor").json

    def claims():
        tokens = idp.tokens("dave", organization=RED, audience=RBAC_API, scope="openid")
        return claims_of(tokens["access_token"])

    assert claims()["org_id"] == RED
    assert claims()["permissions"] == []
    assert idp.call("POST", DAVE_ROLES, {"roles": [editor["id"]]}).status_code == 204
    assert claims()["permissions"] == ["write:reports"]
    expected = {name: editor[name] for name in ("id", "name", "description")}
    assert idp.call("GET", DAVE_ROLES).json == [expected]
    shown = idp.call("GET", DAVE_ROLES, include_totals="true").json
    assert list(shown) == ["roles", "start", "limit", "total"]
    assert idp.call("DELETE", DAVE_ROLES, {"roles": [editor["id"]]}).status_code == 204
    assert claims()["permissions"] == []
    assert idp.call("DELETE", MEMBERS, {"members": ["auth0|dave"]}).status_code == 204
    assert "error" in idp.callback("dave", organization=RED)


def test_members_are_listed_with_profile_and_on_request_with_roles(idp):
    first = idp.call("GET", MEMBERS).json[0]
    assert list(first) == ["user_id", "email", "picture", "name"]
    shown = idp.call("GET", MEMBERS, fields="user_id,roles", include_fields="true").json[0]
    (editor,) = idp.call("GET", "/roles", name_filter="editor").json
    assert shown == {
        "user_id": "auth0|alice",
        "roles": [{"id": editor["id"], "name": "editor"}],
    }
    page = idp.call("GET", MEMBERS, take="1", per_page="50").json
    assert list(page) == ["members", "next"]
    rest = idp.call("GET", MEMBERS, **{"take": "50", "from": page["next"]}).json
    assert [one["user_id"] for one in rest["members"]] == ["auth0|bob", "auth0|blocked"]


def test_a_member_is_added_once_and_an_unknown_one_changes_nothing(idp):
    before = idp.call("GET", MEMBERS).json
    idp.call("POST", MEMBERS, {"members": ["auth0|alice", "auth0|alice"]})
    answer = idp.call("POST", MEMBERS, {"members": ["auth0|dave", "auth0|none"]})
    assert error(answer) == (404, "The user does not exist.", "inexistent_user")
    assert idp.call("GET", MEMBERS).json == before


@pytest.mark.parametrize("sent", ["x", [5], None, []])
def test_ids_are_a_list_of_strings(idp, sent):
    for method in ("POST", "DELETE"):
        answer = idp.call(method, MEMBERS, {"members": sent})
        assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")


def test_only_a_member_has_roles_in_an_organization(idp):
    (editor,) = idp.call("GET", "/roles", name_filter="editor").json
    for answer in (
        idp.call("GET", DAVE_ROLES),
        idp.call("POST", DAVE_ROLES, {"roles": [editor["id"]]}),
        idp.call("DELETE", DAVE_ROLES, {"roles": [editor["id"]]}),
    ):
        assert error(answer) == (404, "The user is not a member of the organization.", None)
        assert "auth0|dave" in hint(answer)
    alice = f"{MEMBERS}/auth0%7Calice/roles"
    answer = idp.call("POST", alice, {"roles": ["rol_none"]})
    assert error(answer) == (404, "The role does not exist.", None)


def test_a_change_is_visible_in_the_records_of_the_tenant(idp):
    idp.call("PATCH", ONE, {"display_name": "Red Inc"})
    assert idp.tenant.directory.organizations["red"].display_name == "Red Inc"


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("name:1", ["a", "b", "c"]),
        ("name:-1", ["c", "b", "a"]),
        ("display_name:1", ["c", "a", "b"]),
        ("created_at:1", ["b", "a", "c"]),
        ("created_at:-1", ["c", "a", "b"]),
        (None, ["b", "a", "c"]),
    ],
)
def test_organizations_are_sorted(idp, sort, names):
    for name, shown in {"b": "3", "a": "2", "c": "1"}.items():
        idp.call("POST", "/organizations", {"name": name, "display_name": shown})
    found = idp.call("GET", "/organizations", **({"sort": sort} if sort else {})).json
    assert [one["name"] for one in found if one["name"] in names] == names
    assert "created_at" not in found[0]


@pytest.mark.parametrize("sort", ["id:1", "name", "name:2"])
def test_other_orders_of_organizations_are_refused(idp, sort):
    answer = idp.call("GET", "/organizations", sort=sort)
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_query_string")
    assert "one of created_at, display_name, name" in hint(answer)
