"""Every type of resource: create, read, patch and delete, and references to it."""

import pytest

from mockidp.resources.registry import TYPES

V1 = "/_mockidp/v1"
API = "https://api.acme.example/"
UPA = "Username-Password-Authentication"
RECORDS = {
    "clients": {"client_id": "new", "name": "New"},
    "apis": {"identifier": "https://new.example/"},
    "client-grants": {"client_id": "web", "audience": API, "scope": ["read:items"]},
    "connections": {"name": "corp", "strategy": "samlp"},
    "roles": {"name": "editor"},
    "users": {"user_id": "auth0|zoe"},
    "organizations": {"name": "shop", "display_name": "The Shop"},
    "custom-domains": {"domain": "login.new.example"},
    "token-exchange-profiles": {"name": "legacy", "subject_token_type": "urn:acme:legacy"},
}
PREFIXES = {
    "client-grants": "cgr_",
    "connections": "con_",
    "roles": "rol_",
    "organizations": "org_",
    "token-exchange-profiles": "tep_",
    "custom-domains": "cd_",
}


def body_of(answer, status=200):
    assert answer.status_code == status, answer.text
    return answer.json


def get(control, path, status=200):
    return body_of(control.send("GET", f"{V1}/{path}"), status)


def delete(control, path, status=204):
    return body_of(control.send("DELETE", f"{V1}/{path}"), status)


def patch(control, path, status=200, **fields):
    return body_of(control.send("PATCH", f"{V1}/{path}", json=fields), status)


def test_every_type_is_covered():
    assert {one.path.removeprefix("/") for one in TYPES} == set(RECORDS)


@pytest.mark.parametrize("path", RECORDS)
def test_a_record_is_created_listed_read_and_deleted(control, path):
    made = body_of(control.call(path, **RECORDS[path]))
    assert made.items() >= RECORDS[path].items()
    kind = next(one for one in TYPES if one.path == f"/{path}")
    key = made[kind.key].replace("/", "%2F")
    assert get(control, f"{path}/{key}") == made
    assert made in get(control, path)["items"]
    delete(control, f"{path}/{key}")
    assert made not in get(control, path)["items"]
    assert get(control, f"{path}/{key}", 404)["detail"].startswith(f"There is no {kind.title} ")


@pytest.mark.parametrize("path", PREFIXES)
def test_the_id_is_generated_and_finds_the_record(control, path):
    made = body_of(control.call(path, **RECORDS[path]))
    made_id = made["custom_domain_id" if path == "custom-domains" else "id"]
    assert made_id.startswith(PREFIXES[path])
    assert len(made_id) == len(PREFIXES[path]) + 16
    assert made_id.removeprefix(PREFIXES[path]).isalnum()
    assert get(control, f"{path}/{made_id}") == made
    delete(control, f"{path}/{made_id}")
    assert body_of(control.call(path, **RECORDS[path])) == made


def test_a_patch_changes_some_fields_and_moves_updated_at(control):
    made = body_of(control.call("users", user_id="auth0|zoe", user_metadata={"a": 1, "b": 2}))
    assert made["created_at"] == made["updated_at"]
    body_of(control.call("clock", advance=60))
    changed = patch(control, "users/auth0|zoe", user_metadata={"a": None}, nickname="z")
    assert (changed["user_metadata"], changed["nickname"]) == ({"b": 2}, "z")
    assert changed["created_at"] == made["created_at"]
    assert changed["updated_at"] > made["updated_at"]
    set_by_hand = patch(control, "users/auth0|zoe", updated_at="2030-01-01T00:00:00.000Z")
    assert set_by_hand["updated_at"] == "2030-01-01T00:00:00.000Z"


@pytest.mark.parametrize(("path", "key", "title"), [
    ("users/auth0|alice", "user_id", "a user"), ("clients/web", "client_id", "a client"),
    ("organizations/shop", "name", "an organization"),
])  # fmt: skip
def test_a_record_keeps_its_key(control, path, key, title):
    body_of(control.call("organizations", name="shop"))
    refused = patch(control, path, 400, **{key: "other"})
    assert refused["detail"] == f"The {key} of {title} cannot be changed."
    assert refused["errors"][0]["pointer"] == f"/{key}"


def test_a_patch_of_an_unknown_record_is_404(control):
    assert (
        patch(control, "roles/nobody", 404)["detail"] == "There is no role 'nobody'. Known: none."
    )


def test_only_the_first_of_many_keys_are_listed(control):
    for number in range(25):
        body_of(control.call("roles", name=f"role{number:02}"))
    detail = get(control, "roles/nobody", 404)["detail"]
    assert detail.startswith("There is no role 'nobody'. Known: role00, role01, ")
    assert detail.endswith("role19, 5 more.")


def test_a_grant_for_the_same_client_and_api_replaces_the_other_and_keeps_its_id(control):
    first = body_of(control.call("client-grants", client_id="web", audience=API, id="cgr_mine"))
    again = body_of(
        control.call("client-grants", client_id="web", audience=API, scope=["read:items"])
    )
    assert again == {**first, "scope": ["read:items"]}
    for_users = body_of(
        control.call("client-grants", client_id="web", audience=API, subject_type="user")
    )
    assert for_users["id"] != first["id"]


def test_an_organization_has_members_with_roles_and_connections(control):
    body_of(control.call("roles", name="admin"))
    body_of(control.call("connections", name="corp", strategy="samlp"))
    fields = {
        "name": "shop",
        "display_name": "The Shop",
        "branding": {"logo_url": "https://shop.example/logo.png", "colors": {"primary": "#000000"}},
        "metadata": {"plan": "gold"},
        "members": [{"user_id": "auth0|alice", "roles": ["admin"]}, {"user_id": "auth0|bob"}],
        "connections": [{"name": "corp", "assign_membership_on_login": True}],
    }
    made = body_of(control.call("organizations", **fields))
    assert made == {**fields, "id": made["id"]}
    assert get(control, "tenant")["organizations"] == [made]


@pytest.mark.parametrize(("fields", "place", "detail"), [
    ({"members": [{"user_id": "auth0|zoe"}]}, "/members/0/user_id", "expected a user's id"),
    ({"members": [{"user_id": "alice"}]}, "/members/0/user_id", "expected a user's id"),
    ({"members": [{"user_id": "auth0|bob", "roles": ["x"]}]}, "/members/0/roles/0",
     "expected a role's name"),
    ({"connections": [{"name": "x"}]}, "/connections/0/name", "expected a connection"),
    ({"connections": [{"name": "Username-Password-Authentication", "is_signup_enabled": True}]},
     "/connections", "expected both, because a user who signs up becomes a member"),
    ({"client_grants": [{"client_id": "x"}]}, "/client_grants/0/client_id", "expected a client's"),
    ({"clients": [{"client_id": "x"}]}, "/clients/0/client_id", "expected a client's id or name"),
    ({"name": "The Shop"}, "/name", "expected lower-case letters, digits, - and _"),
    ({"name": "x" * 51}, "/name", "expected lower-case letters, digits, - and _"),
])  # fmt: skip
def test_a_wrong_organization_is_refused_with_its_location(control, fields, place, detail):
    refused = body_of(control.call("organizations", **{"name": "shop", **fields}), 400)
    (error,) = refused["errors"]
    assert error["pointer"] == place
    assert detail in error["detail"]
    assert get(control, "organizations")["items"] == []


@pytest.fixture
def linked(control):
    """A tenant with every kind of reference to the records that a test deletes."""
    permission = {"permission_name": "read:items", "resource_server_identifier": API}
    body_of(control.call("connections", name="corp", strategy="samlp", enabled_clients=["web"]))
    body_of(control.call("roles", name="reader", permissions=[permission]))
    body_of(control.call("users", user_id="samlp|zoe", connection="corp", roles=["reader"]))
    body_of(control.call("users", user_id="auth0|bob", roles=["reader"]))
    body_of(control.call("client-grants", client_id="web", audience=API, scope=["read:items"]))
    body_of(control.call("claims", claim="https://a.example/c", value=1, user="samlp|zoe"))
    body_of(
        control.call(
            "organizations",
            name="shop",
            members=[{"user_id": "samlp|zoe", "roles": ["reader"]}, {"user_id": "auth0|bob"}],
            connections=[{"name": "corp"}],
        )
    )
    return control


def test_deleting_a_connection_deletes_its_users(linked):
    delete(linked, "connections/corp")
    get(linked, "users/samlp|zoe", 404)
    assert get(linked, "claims")["items"] == []
    organization = get(linked, "organizations/shop")
    assert organization["members"] == [{"user_id": "auth0|bob"}]
    assert "connections" not in organization


def test_deleting_a_role_removes_it_from_users_and_members(linked):
    delete(linked, "roles/reader")
    assert "roles" not in get(linked, "users/auth0|bob")
    members = [{"user_id": "samlp|zoe"}, {"user_id": "auth0|bob"}]
    assert get(linked, "organizations/shop")["members"] == members


def test_deleting_a_user_removes_memberships_and_claims(linked):
    delete(linked, "users/samlp|zoe")
    assert get(linked, "organizations/shop")["members"] == [{"user_id": "auth0|bob"}]
    assert get(linked, "claims")["items"] == []


def test_deleting_an_organization_keeps_its_members(linked):
    delete(linked, "organizations/shop")
    assert get(linked, "users/auth0|bob")["roles"] == ["reader"]


def test_deleting_an_api_deletes_its_grants_and_permissions(linked):
    delete(linked, "apis/https%3A%2F%2Fapi.acme.example%2F")
    assert "permissions" not in get(linked, "roles/reader")
    assert [one["audience"] for one in get(linked, "client-grants")["items"]] == []


def test_deleting_a_client_deletes_its_grants_and_keeps_connections(linked):
    delete(linked, "clients/web")
    assert get(linked, "connections/corp")["enabled_clients"] == []
    assert "web" not in [one["client_id"] for one in get(linked, "client-grants")["items"]]


def test_the_default_directory_cannot_be_deleted(control):
    body_of(control.call("connections", name="members"))
    patch(control, "tenant", tenant={"default_directory": "members"})
    refused = delete(control, "connections/members", 409)
    assert refused["detail"].startswith("/tenant/default_directory: found the string 'members'")


def test_a_referenced_name_cannot_be_changed(control):
    body_of(control.call("clients", client_id="shop", name="Shop"))
    body_of(control.call("connections", name="corp", enabled_clients=["Shop"]))
    refused = patch(control, "clients/shop", 400, name="Store")
    assert refused["errors"] == [
        {
            "pointer": "/name",
            "detail": "found a change that removes 'Shop', expected 'Shop', because connection "
            "'corp' refers to it",
        }
    ]
    assert get(control, "clients/shop")["name"] == "Shop"


def test_a_user_without_a_connection_belongs_to_the_database_of_the_tenant(control):
    patch(control, "tenant", databases=[{"name": "a"}, {"name": "b"}], users=[])
    refused = body_of(control.call("users", user_id="zoe"), 400)
    assert refused["errors"] == [
        {"pointer": "/connection", "detail": "found nothing, expected one of the databases a, b"}
    ]
    delete(control, "connections/b")
    assert body_of(control.call("users", user_id="zoe"))["connection"] == "a"
    assert UPA not in [one["name"] for one in get(control, "connections")["items"]]
