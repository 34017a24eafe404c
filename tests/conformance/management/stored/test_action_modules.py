"""Modules of Actions, their versions, and the Actions that use them."""

import pytest

from helpers.management import granting
from helpers.tenant_client import hint
from mockidp.tenant.config.plain import structure_tenant

PATH = "/actions/modules"
KNOTS = {"name": "knots", "code": "one", "secrets": [{"name": "TOKEN", "value": "s3cret"}]}


@pytest.fixture
def module(idp):
    answer = idp.call("POST", PATH, KNOTS)
    assert answer.status_code == 201
    return answer.json


@pytest.fixture
def one(module):
    return f"{PATH}/{module['id']}"


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


def test_a_new_module_is_a_draft(idp, module):
    assert list(module) == [
        "id", "name", "code", "dependencies", "secrets", "actions_using_module_total",
        "all_changes_published", "created_at", "updated_at",
    ]  # fmt: skip
    assert (module["all_changes_published"], module["actions_using_module_total"]) == (False, 0)
    assert b"s3cret" not in idp.call("GET", f"{PATH}/{module['id']}").data


def test_lists_are_objects(idp, module, one):
    totals = {"total": 1, "page": 0, "per_page": 50}
    assert idp.call("GET", PATH).json == {"modules": [module], **totals}
    assert idp.call("GET", PATH, page="1").json["modules"] == []
    empty = {"total": 0, "page": 0, "per_page": 50}
    assert idp.call("GET", f"{one}/versions").json == {"versions": [], **empty}
    assert idp.call("GET", f"{one}/actions").json == {"actions": [], "total": 0, "per_page": 50}


def test_publishing_makes_a_version(idp, module, one):
    made = idp.call("POST", f"{one}/versions")
    assert made.status_code == 201
    version = made.json
    assert list(version) == [
        "id", "module_id", "version_number", "code", "dependencies", "secrets", "created_at",
    ]  # fmt: skip
    assert (version["module_id"], version["version_number"]) == (module["id"], 1)
    after = idp.call("GET", one).json
    assert (after["all_changes_published"], after["latest_version_number"]) == (True, 1)
    assert after["latest_version"] == version
    assert idp.call("GET", f"{one}/versions").json["versions"] == [version]
    assert idp.call("GET", f"{one}/versions/{version['id']}").json == version


def test_an_unchanged_module_is_not_published_again(idp, one):
    first = idp.call("POST", f"{one}/versions").json
    assert idp.call("POST", f"{one}/versions").json == first
    changed = idp.call("PATCH", one, {"code": "two"}).json
    assert (changed["all_changes_published"], changed["latest_version_number"]) == (False, 1)
    assert idp.call("POST", f"{one}/versions").json["version_number"] == 2


def test_actions_that_use_a_module_are_listed(idp, module, one):
    version = idp.call("POST", f"{one}/versions").json
    triggers = [{"id": "post-login", "version": "v3"}]
    used = {
        "module_name": "knots",
        "module_id": module["id"],
        "module_version_number": 1,
        "module_version_id": version["id"],
    }
    action = {"name": "Greet", "supported_triggers": triggers, "modules": [used]}
    action = idp.call("POST", "/actions/actions", action).json
    idp.call("POST", "/actions/actions", {"name": "Other", "supported_triggers": triggers})
    assert action["modules"] == [used]
    assert idp.call("GET", f"{one}/actions").json["actions"] == [
        {
            "action_id": action["id"],
            "action_name": "Greet",
            "module_version_id": version["id"],
            "module_version_number": 1,
            "supported_triggers": triggers,
        }
    ]
    assert idp.call("GET", one).json["actions_using_module_total"] == 1


def test_a_module_of_an_exported_file_is_published(make_idp):
    entry = {"name": "knots", "code": "one", "all_changes_published": True}
    action = {"name": "Greet", "modules": [{"module_name": "knots", "module_version_number": 1}]}
    document = structure_tenant({"actionModules": [entry], "actions": [action]})
    idp = make_idp(document=granting(document=document))
    [module] = idp.call("GET", PATH).json["modules"]
    assert (module["latest_version_number"], module["all_changes_published"]) == (1, True)
    [user] = idp.call("GET", f"{PATH}/{module['id']}/actions").json["actions"]
    assert (user["action_name"], user["supported_triggers"]) == ("Greet", [])


@pytest.mark.parametrize(
    ("method", "end"),
    [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/versions"), ("GET", "/actions")],
)
def test_an_unknown_module_is_refused(idp, method, end):
    refused = idp.call(method, f"{PATH}/none{end}")
    assert error(refused) == (404, "That module does not exist.", None)


def test_an_unknown_version_is_refused(idp, one):
    refused = idp.call("GET", f"{one}/versions/none")
    assert error(refused) == (404, "That module version does not exist.", None)
    assert hint(refused) == "'knots' has no version with the id 'none'."


@pytest.mark.parametrize(
    ("method", "body", "reason"),
    [
        ("POST", {"name": "knots"}, "'Missing required property: code'"),
        ("POST", {**KNOTS, "latest_version_number": 1},
         "'Additional properties not allowed: latest_version_number'"),
        ("PATCH", {"name": "other"}, "'Additional properties not allowed: name'"),
    ],
)  # fmt: skip
def test_a_wrong_body_is_refused(idp, one, method, body, reason):
    refused = idp.call(method, PATH if method == "POST" else one, body)
    assert error(refused) == (400, f"Payload validation error: {reason}.", "invalid_body")


def test_a_deleted_module_is_gone(idp, one):
    assert idp.call("DELETE", one).status_code == 204
    assert error(idp.call("DELETE", one))[:2] == (404, "That module does not exist.")
