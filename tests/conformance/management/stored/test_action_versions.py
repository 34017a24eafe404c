"""Versions of Actions: each deployment makes one."""

import pytest

from helpers.management import granting
from helpers.tenant_client import hint
from mockidp.tenant.config.plain import structure_tenant

PATH = "/actions/actions"
GREET = {
    "name": "Greet",
    "supported_triggers": [{"id": "post-login", "version": "v3"}],
    "code": "one",
    "secrets": [{"name": "TOKEN", "value": "s3cret"}],
}
VERSION = [
    "code", "dependencies", "id", "deployed", "number", "secrets", "status", "created_at",
    "updated_at", "runtime", "supported_triggers", "action",
]  # fmt: skip


@pytest.fixture
def one(idp):
    """Add an Action. Return its path."""
    return f"{PATH}/{idp.call('POST', PATH, GREET).json['id']}"


def deploy(idp, one, code=None):
    """Deploy the Action, with other code if that is given. Return the version."""
    if code:
        assert idp.call("PATCH", one, {"code": code}).status_code == 200
    answer = idp.call("POST", f"{one}/deploy")
    assert answer.status_code == 200
    return answer.json


def test_a_deployment_returns_the_new_version(idp, one):
    version = deploy(idp, one)
    assert list(version) == VERSION
    assert (version["number"], version["deployed"], version["status"]) == (1, False, "built")
    assert (version["code"], version["action"]["name"]) == ("one", "Greet")
    assert [list(secret) for secret in version["secrets"]] == [["name", "updated_at"]]


def test_the_action_has_the_deployed_version(idp, one):
    version = deploy(idp, one)
    action = idp.call("GET", one).json
    assert action["all_changes_deployed"] is True
    assert action["deployed_version"]["id"] == version["id"]
    assert action["deployed_version"]["deployed"] is True
    assert action["deployed_version"]["built_at"] == version["created_at"]
    assert action["current_version"] == {
        "id": version["id"],
        "runtime": "node22",
        "number": 1,
        "status": "BUILT",
        "created_at": version["created_at"],
        "updated_at": version["updated_at"],
    }


@pytest.mark.parametrize(
    ("change", "is_deployed"),
    [
        ({"code": "two"}, False),
        ({"secrets": [{"name": "TOKEN", "value": "other"}]}, False),
        ({"secrets": [{"name": "TOKEN"}]}, True),
        ({"name": "Welcome"}, True),
    ],
)
def test_changes_of_the_content_have_to_be_deployed(idp, one, change, is_deployed):
    deploy(idp, one)
    assert idp.call("PATCH", one, change).json["all_changes_deployed"] is is_deployed


def test_versions_are_listed_with_the_newest_first(idp, one):
    assert idp.call("GET", f"{one}/versions").json == {"versions": [], "per_page": 50}
    deploy(idp, one)
    deploy(idp, one, "two")
    found = idp.call("GET", f"{one}/versions", page="0", per_page="100").json
    assert list(found) == ["versions", "total", "per_page"]
    shown = [(each["number"], each["code"], each["deployed"]) for each in found["versions"]]
    assert shown == [(2, "two", True), (1, "one", False)]
    assert b"s3cret" not in idp.call("GET", f"{one}/versions").data


def test_a_version_is_found_by_its_id(idp, one):
    version = deploy(idp, one)
    found = idp.call("GET", f"{one}/versions/{version['id']}").json
    assert {**found, "deployed": False} == {**version, "built_at": version["created_at"]}


@pytest.mark.parametrize("call", [("GET", ""), ("POST", "/deploy")])
def test_an_unknown_version_is_refused(idp, one, call):
    method, end = call
    refused = idp.call(method, f"{one}/versions/none{end}")
    assert refused.status_code == 404
    assert refused.json["message"] == "That action version does not exist."
    assert hint(refused) == "'Greet' has no version with the id 'none'."


@pytest.mark.parametrize(("body", "draft"), [(None, "two"), ({"update_draft": True}, "one")])
def test_an_older_version_can_be_deployed_again(idp, one, body, draft):
    first = deploy(idp, one)
    deploy(idp, one, "two")
    again = idp.call("POST", f"{one}/versions/{first['id']}/deploy", body)
    assert again.status_code == 200
    assert (again.json["number"], again.json["code"]) == (3, "one")
    action = idp.call("GET", one).json
    assert (action["deployed_version"]["code"], action["code"]) == ("one", draft)
    assert action["all_changes_deployed"] is (draft == "one")


def test_deploying_a_bound_action_says_that_it_never_runs(idp, one):
    assert hint(idp.call("POST", f"{one}/deploy")) == ""
    binding = {"ref": {"type": "action_name", "value": "Greet"}}
    idp.call("PATCH", "/actions/triggers/post-login/bindings", {"bindings": [binding]})
    assert hint(idp.call("POST", f"{one}/deploy")) == (
        "Action 'Greet' is bound to post-login. Actions are never run here. Use `mockidp.claims` "
        "for the claims that they add."
    )


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("/deploy", {"code": "two"}, "'Additional properties not allowed: code'"),
        ("/versions/none/deploy", {"update_draft": 1},
         "'Expected type boolean but found type integer' on property update_draft"),
    ],
)  # fmt: skip
def test_a_wrong_body_is_refused(idp, one, path, body, reason):
    refused = idp.call("POST", f"{one}{path}", body)
    assert (refused.status_code, refused.json["errorCode"]) == (400, "invalid_body")
    assert refused.json["message"] == f"Payload validation error: {reason}."


def test_an_action_of_a_file_without_times_can_be_deployed_again(make_idp):
    entry = {"name": "Greet", "code": "one", "supported_triggers": [], "deployed": True}
    idp = make_idp(document=granting(document=structure_tenant({"actions": [entry]})))
    [action] = idp.call("GET", PATH).json["actions"]
    assert action["current_version"].keys() == {"id", "number", "status"}
    assert "built_at" not in action["deployed_version"]
    assert deploy(idp, f"{PATH}/{action['id']}")["number"] == 2
