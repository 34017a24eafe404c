"""Forms, flows and the connections of their vault."""

import pytest

from helpers.management import granting
from mockidp.tenant.config.plain import structure_tenant

VAULT = "/flows/vault/connections"
MAILBOX = {"name": "Mailbox", "app_id": "HTTP", "setup": {"type": "BEARER", "token": "s3cret"}}
BODIES = {
    "/forms": {"name": "Profile", "languages": {"primary": "en"}, "ending": {"resume_flow": True}},
    "/flows": {"name": "Register", "actions": []},
    VAULT: MAILBOX,
}
PREFIXES = {"/forms": "ap_", "/flows": "af_", VAULT: "ac_"}
MISSING = {"/forms": "Form not found", "/flows": "Flow not found", VAULT: "Connection not found"}
EACH = pytest.mark.parametrize("path", BODIES)


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


@EACH
def test_an_object_is_created_listed_changed_and_deleted(idp, path):
    made = idp.call("POST", path, BODIES[path])
    assert made.status_code == 201
    assert made.json["id"].startswith(PREFIXES[path])
    assert len(made.json["id"]) == 25
    assert idp.call("GET", path).json == [made.json]
    one = f"{path}/{made.json['id']}"
    assert idp.call("GET", one).json == made.json
    changed = idp.call("PATCH", one, {"name": "Other"}).json
    assert changed == {**made.json, "name": "Other", "updated_at": changed["updated_at"]}
    gone = idp.call("DELETE", one)
    assert (gone.status_code, gone.data) == (204, b"")
    for method in ("DELETE", "GET", "PATCH"):
        assert error(idp.call(method, one)) == (404, MISSING[path], None)


@EACH
def test_totals_come_after_the_start(idp, path):
    key = path.rpartition("/")[2]
    found = idp.call("GET", path, include_totals="true", page="0", per_page="50").json
    assert list(found.items()) == [("limit", 50), ("start", 0), ("total", 0), (key, [])]


@EACH
def test_the_members_are_in_auth0s_order(idp, path):
    assert (
        list(idp.call("POST", path, BODIES[path]).json)
        == {
            "/forms": ["id", "name", "languages", "ending", "created_at", "updated_at"],
            "/flows": ["id", "name", "actions", "created_at", "updated_at"],
            VAULT: ["id", "app_id", "name", "ready", "created_at", "updated_at", "fingerprint"],
        }[path]
    )


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("/forms", {}, "'Missing required property: name'"),
        ("/forms", {"name": "a", "nodes": {}},
         "'Expected type array but found type object' on property nodes"),
        ("/flows", {"name": 1}, "'Expected type string but found type integer' on property name"),
        (VAULT, {"name": "a"}, "'Missing required property: app_id'"),
        (VAULT, {**MAILBOX, "ready": True}, "'Additional properties not allowed: ready'"),
    ],
)  # fmt: skip
def test_a_wrong_body_is_refused(idp, path, body, reason):
    refused = idp.call("POST", path, body)
    assert error(refused) == (400, f"Payload validation error: {reason}.", "invalid_body")
    assert idp.call("GET", path).json == []


def test_the_setup_of_a_connection_is_never_shown(idp):
    connection = idp.call("POST", VAULT, MAILBOX).json
    one = f"{VAULT}/{connection['id']}"
    assert connection["ready"] is True
    assert b"s3cret" not in idp.call("GET", one).data
    same = idp.call("PATCH", one, {"name": "Mailbox"}).json
    assert same["fingerprint"] == connection["fingerprint"]
    other = idp.call("PATCH", one, {"setup": {"type": "BEARER", "token": "other"}}).json
    assert other["fingerprint"] != connection["fingerprint"]


def test_a_connection_without_a_setup_is_not_ready(idp):
    connection = idp.call("POST", VAULT, {"name": "Mailbox", "app_id": "HTTP"}).json
    assert connection["ready"] is False
    assert "fingerprint" not in connection


def test_the_app_of_a_connection_cannot_be_changed(idp):
    connection = idp.call("POST", VAULT, MAILBOX).json
    refused = idp.call("PATCH", f"{VAULT}/{connection['id']}", {"app_id": "SLACK"})
    message = "Payload validation error: 'Additional properties not allowed: app_id'."
    assert error(refused) == (400, message, "invalid_body")


def test_names_in_an_exported_file_become_ids(make_idp):
    actions = [{"type": "HTTP", "params": {"connection_id": "Mailbox", "url": "https://a.example"}}]
    nodes = [{"type": "FLOW", "config": {"flow_id": "Register"}}, {"config": {"flow_id": "af_1"}}]
    document = structure_tenant(
        {
            "flowVaultConnections": [{"name": "Mailbox", "app_id": "HTTP", "ready": True}],
            "flows": [{"name": "Register", "actions": actions}],
            "forms": [{"name": "Profile", "nodes": nodes}],
        }
    )
    idp = make_idp(document=granting(document=document))
    [connection] = idp.call("GET", VAULT).json
    [flow] = idp.call("GET", "/flows").json
    [form] = idp.call("GET", "/forms").json
    assert connection["ready"] is True
    assert flow["actions"][0]["params"]["connection_id"] == connection["id"]
    assert [node["config"]["flow_id"] for node in form["nodes"]] == [flow["id"], "af_1"]
