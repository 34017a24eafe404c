"""Users, clients and APIs over HTTP: find, add, replace, remove, and located errors."""

import pytest
from werkzeug.test import Client as WsgiClient

V1 = "/_mockidp/v1"
API = "https://api.acme.example/"
ESCAPED_API = "https%3A%2F%2Fapi.acme.example%2F"
GRANT = {"client_id": "jobs", "audience": API, "scope": ["read:items"]}
PERMISSION = {"permission_name": "read:items", "resource_server_identifier": API}


def patch(control, **document):
    answer = control.send("PATCH", f"{V1}/tenant", json=document)
    assert answer.status_code == 200, answer.text
    return answer.json


def errors(answer):
    assert answer.status_code == 400, answer.text
    return {one.get("pointer"): one["detail"] for one in answer.json["errors"]}


@pytest.mark.parametrize("prefix", ["", "/t/worker"])
@pytest.mark.parametrize(
    ("target", "key", "value"),
    [
        ("users/auth0%7Calice", "user_id", "auth0|alice"),
        ("users/auth0|alice", "user_id", "auth0|alice"),
        (f"apis/{ESCAPED_API}", "identifier", API),
        (f"apis/{API}", "identifier", API),
        ("clients/web", "client_id", "web"),
    ],
)
def test_one_is_found_and_removed_by_its_escaped_id(control, prefix, target, key, value):
    control.call("tenants", name="worker")
    raw = {"REQUEST_URI": f"{prefix}{V1}/{target}"}

    def send(method):
        path = f"{prefix}{V1}/{target}".split("%")[0]
        return control.send(method, path + "x" * ("%" in target), environ_overrides=raw)

    assert send("GET").json[key] == value
    assert send("DELETE").status_code == 204
    assert send("GET").status_code == 404
    assert send("DELETE").status_code == 404


def test_a_prefix_may_be_escaped_too(control):
    control.call("tenants", name="worker")
    raw = {"REQUEST_URI": f"/t/w%6frker{V1}/users/auth0%7calice?"}
    answer = control.send("GET", f"/t/worker{V1}/users/auth0|alice", environ_overrides=raw)
    assert answer.json["email"] == "alice@acme.example"


def test_an_unknown_record_is_reported_with_the_known_ones(control):
    answer = control.send("GET", f"{V1}/users/auth0%7Czoe")
    assert answer.status_code == 404
    assert (
        answer.json["detail"]
        == "There is no user 'auth0|zoe'. Known: auth0|alice, auth0|bob, auth0|admin."
    )


@pytest.mark.parametrize(
    ("what", "body", "places"),
    [
        ("users", {"user_id": "carol", "emial": "x"}, {"/emial"}),
        ("users", {"user_id": "carol", "roles": ["nobody"]}, {"/roles/0"}),
        ("users", {"user_id": "carol", "email": "alice@acme.example"}, {"/email"}),
        ("users", {"user_id": "carol", "a.b/c~d[0]": 1}, {"/a.b~1c~0d[0]"}),
        (
            "users",
            {"user_id": "carol", "permissions": [PERMISSION, PERMISSION | {"permission_name": "x"}]},
            {"/permissions/1/permission_name"},
        ),
        ("users", {"user_id": ""}, {"/user_id"}),
        ("users", {"user_id": 5}, {"/user_id"}),
        ("users", {}, {"/user_id"}),
        ("users", {"user_id": "|x", "blocked": "no"}, {"/user_id", "/blocked"}),
        ("clients", {"client_id": "x", "callbacks": ["nowhere"]}, {"/callbacks/0"}),
        ("clients", {"client_id": "x", "name": "web2", "jwt_configuration": {"alg": "x"}},
         {"/jwt_configuration/alg"}),
        ("clients", {"client_id": "x", "global": True}, {"/global"}),
        ("apis", {"identifier": "x", "signing_alg": "HS256"}, {"/signing_alg"}),
        ("apis", {"identifier": "x", "scopes": [{"valu": "x"}]}, {"/scopes/0/valu", "/scopes/0/value"}),
    ],
)  # fmt: skip
def test_a_mistake_is_located_in_the_body(control, what, body, places):
    before = control.send("GET", f"{V1}/tenant").json
    answer = control.call(what, **body)
    assert set(errors(answer)) == places
    assert all(place in answer.json["detail"] for place in places)
    assert control.send("GET", f"{V1}/tenant").json == before


def test_a_scope_that_a_grant_names_cannot_be_removed(control):
    patch(control, clientGrants=[GRANT])
    answer = control.call("apis", identifier=API, scopes=["write:items"])
    (error,) = errors(answer).items()
    assert error[0] == "/scopes"
    (grant,) = control.send("GET", f"{V1}/client-grants").json["items"]
    assert error[1] == (
        "found a change that removes 'read:items', expected 'read:items', because client grant "
        f"{grant['id']!r} refers to it"
    )
    assert error[1] in answer.json["detail"]
    assert control.send("GET", f"{V1}/apis/{ESCAPED_API}").json["scopes"] != ["write:items"]


def test_a_replaced_entry_keeps_its_place(control):
    before = [one["client_id"] for one in control.send("GET", f"{V1}/clients").json["items"]]
    answer = control.call("clients", client_id=before[0], callbacks=["http://localhost:1/"])
    assert answer.json["callbacks"] == ["http://localhost:1/"]
    after = [one["client_id"] for one in control.send("GET", f"{V1}/clients").json["items"]]
    assert after == before
    apis = [one["identifier"] for one in control.send("GET", f"{V1}/apis").json["items"]]
    control.call("apis", identifier=apis[0])
    assert [one["identifier"] for one in control.send("GET", f"{V1}/apis").json["items"]] == apis


UPA = "Username-Password-Authentication"


def test_removing_a_client_removes_its_grants_and_connection_entries(control):
    patch(
        control,
        clientGrants=[GRANT, GRANT | {"client_id": "web"}],
        databases=[{"name": "db", "enabled_clients": ["jobs", "web"]}, {"name": UPA}],
        connections=[{"name": "sms", "strategy": "sms", "enabled_clients": ["jobs"]}],
    )
    assert control.send("DELETE", f"{V1}/clients/jobs").status_code == 204
    tenant = control.send("GET", f"{V1}/tenant").json
    assert [one["client_id"] for one in tenant["clientGrants"]] == ["web"]
    assert [one.get("enabled_clients") for one in tenant["databases"]] == [["web"], None]
    assert tenant["connections"][0]["enabled_clients"] == []


def test_removing_an_api_removes_its_grants_and_permissions(control):
    patch(
        control,
        clientGrants=[GRANT],
        roles=[{"name": "reader", "permissions": [PERMISSION]}, {"name": "nobody"}],
    )
    control.call("users", user_id="auth0|alice", roles=["reader"], permissions=[PERMISSION])
    assert control.send("DELETE", f"{V1}/apis/{ESCAPED_API}").status_code == 204
    tenant = control.send("GET", f"{V1}/tenant").json
    assert tenant.get("clientGrants", []) == []
    assert "permissions" not in tenant["roles"][0]
    assert "permissions" not in control.send("GET", f"{V1}/users/auth0%7Calice").json


def test_records_that_the_tenant_names_cannot_be_removed(control):
    patch(control, tenant={"default_audience": API})
    answer = control.send("DELETE", f"{V1}/apis/{ESCAPED_API}")
    assert answer.status_code == 409
    assert answer.json["detail"].startswith("/tenant/default_audience: found the string")
    assert control.send("GET", f"{V1}/apis/{ESCAPED_API}").status_code == 200


def test_fields_that_an_exporter_adds_are_kept(control):
    made = control.call("users", user_id="auth0|zoe", last_login="2024", nickname=None)
    assert made.json["last_login"] == "2024"


def test_a_foreign_server_that_hides_the_raw_target_finds_ids_too(control):
    client = WsgiClient(control.app)
    raw = {"REQUEST_URI": "", "RAW_URI": ""}
    answer = client.get(f"{V1}/users/auth0|bob", base_url="http://localhost", environ_overrides=raw)
    assert answer.json["user_id"] == "auth0|bob"


def test_an_already_missing_name_may_stay_missing(control):
    put = control.send(
        "PUT", f"{V1}/tenant", json={"clients": [{"client_id": "web"}], "clientGrants": [GRANT]}
    )
    assert put.status_code == 200, put.text
    (grant,) = patch(control, tenant={"friendly_name": "Shop"})["clientGrants"]
    assert grant.items() >= GRANT.items()
    assert control.call("users", user_id="auth0|zoe").status_code == 200
    other = control.send(
        "PATCH", f"{V1}/tenant", json={"clientGrants": [GRANT | {"client_id": "jops"}]}
    )
    assert errors(other)["/clientGrants/0/client_id"].startswith("found the string 'jops'")


def test_a_user_has_to_name_one_of_several_databases(control):
    patch(control, users=None, databases=[{"name": "one"}, {"name": "two"}])
    answer = control.send("POST", f"{V1}/users", json={"user_id": "auth0|zoe"})
    assert errors(answer) == {
        "/connection": "found nothing, expected one of the databases one, two"
    }
    assert control.call("users", user_id="auth0|zoe", connection="two").status_code == 200


def test_a_user_is_unblocked_by_any_name_in_the_path(control):
    for name in ("auth0%7Calice", "auth0|alice", "alice", "alice@acme.example"):
        answer = control.send("DELETE", f"{V1}/users/{name}/blocks")
        assert (answer.status_code, answer.data) == (204, b"")
    answer = control.send("DELETE", f"{V1}/users/eve/blocks")
    assert answer.status_code == 404
    assert "no user 'eve'" in answer.json["detail"]


def test_an_escaped_slash_before_blocks_is_part_of_an_id(control):
    answer = control.send("DELETE", f"{V1}/users/auth0%7Calice%2Fblocks")
    assert answer.status_code == 404
    assert answer.json["detail"] == (
        "In this URL /blocks is part of the id. There is no such DELETE call."
    )
    assert control.send("GET", f"{V1}/users/auth0%7Calice").status_code == 200


def test_a_patch_changes_some_fields_of_a_client(control):
    path = f"{V1}/clients/web"
    before = control.send("GET", path).json
    patch = {"callbacks": ["http://localhost:3000/new"], "client_id": "web"}
    answer = control.send("PATCH", path, json=patch)
    assert answer.status_code == 200
    assert answer.json == {**before, **patch} == control.send("GET", path).json


def test_a_patch_with_null_restores_the_default(control):
    path = f"{V1}/clients/web"
    assert "callbacks" not in control.send("PATCH", path, json={"callbacks": None}).json


def test_a_patch_cannot_rename_a_client(control):
    before = control.send("GET", f"{V1}/clients").json
    answer = control.send("PATCH", f"{V1}/clients/web", json={"client_id": "other"})
    assert answer.status_code == 400
    assert answer.json["detail"] == "The client_id of a client cannot be changed."
    assert answer.json["errors"][0]["pointer"] == "/client_id"
    assert control.send("GET", f"{V1}/clients").json == before


def test_a_patch_of_an_unknown_client_is_404(control):
    answer = control.send("PATCH", f"{V1}/clients/nobody", json={})
    assert answer.status_code == 404
    assert answer.json["detail"].startswith("There is no client 'nobody'. Known: ")


def test_a_mistake_in_a_patch_is_located_in_the_patch(control):
    answer = control.send("PATCH", f"{V1}/clients/web", json={"callbacks": ["nonsense"]})
    assert answer.status_code == 400
    assert answer.json["errors"][0]["pointer"] == "/callbacks/0"
