"""Actions: stored with their secrets, built at once, and never run."""

import re

import pytest

from helpers.management import granting
from helpers.tenant_client import hint
from mockidp.codec.write import to_file
from mockidp.tenant.config.plain import structure_tenant

PATH = "/actions/actions"
POST_LOGIN = {"id": "post-login", "version": "v3"}
GREET = {
    "name": "Greet",
    "supported_triggers": [POST_LOGIN],
    "code": "exports.onExecutePostLogin = async () => {};",
    "secrets": [{"name": "TOKEN", "value": "s3cret"}],
}
BINDINGS = "/actions/triggers/post-login/bindings"
NANOSECONDS = re.compile(r"[0-9-]{10}T[0-9:]{8}\.[0-9]{9}Z")
NEVER_RUN = "Actions are never run here. Use `mockidp.claims` for the claims that they add."


@pytest.fixture
def action(idp):
    answer = idp.call("POST", PATH, GREET)
    assert answer.status_code == 201
    return answer.json


def bind(idp, *names):
    """Bind Actions to post-login."""
    references = [{"ref": {"type": "action_name", "value": one}} for one in names]
    assert idp.call("PATCH", BINDINGS, {"bindings": references}).status_code == 200


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


def test_a_new_action_is_built_at_once_and_not_deployed(action):
    assert list(action) == [
        "id", "name", "supported_triggers", "created_at", "updated_at", "code", "dependencies",
        "runtime", "status", "secrets", "all_changes_deployed",
    ]  # fmt: skip
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", action["id"]
    )
    assert (action["status"], action["all_changes_deployed"]) == ("built", False)
    assert (action["runtime"], action["dependencies"]) == ("node22", [])
    assert NANOSECONDS.fullmatch(action["created_at"])


def test_the_value_of_a_secret_is_never_shown(idp, action):
    [secret] = action["secrets"]
    assert list(secret) == ["name", "updated_at"]
    assert NANOSECONDS.fullmatch(secret["updated_at"])
    for path in (PATH, f"{PATH}/{action['id']}"):
        assert b"s3cret" not in idp.call("GET", path).data


def test_a_secret_without_a_value_keeps_the_old_one(idp, action):
    one = f"{PATH}/{action['id']}"
    idp.tenant.clock.advance(60)
    sent = [{"name": "TOKEN"}, {"name": "OTHER", "value": "new"}]
    token, other = idp.call("PATCH", one, {"secrets": sent}).json["secrets"]
    assert token == action["secrets"][0]
    assert other["updated_at"] > token["updated_at"]
    assert [secret["value"] for secret in stored(idp)["secrets"]] == ["s3cret", "new"]

    idp.call("PATCH", one, {"secrets": [{"name": "OTHER"}]})
    assert [secret["value"] for secret in stored(idp)["secrets"]] == ["new"]


def stored(idp):
    """Return the Action as an exported tenant file has it."""
    [entry] = to_file(idp.tenant.document)["actions"]
    return entry


def test_a_secret_without_a_name_is_stored_as_it_was_sent(idp, action):
    one = f"{PATH}/{action['id']}"
    assert idp.call("PATCH", one, {"secrets": ["TOKEN", {}]}).json["secrets"][0] == "TOKEN"


def test_the_list_is_an_object_and_an_empty_one_has_no_total(idp):
    assert idp.call("GET", PATH, page="0", per_page="100").json == {"actions": [], "per_page": 100}
    action = idp.call("POST", PATH, GREET).json
    assert idp.call("GET", PATH).json == {"actions": [action], "total": 1, "per_page": 50}


def test_a_client_that_reads_pages_until_one_is_empty_stops(idp):
    for name in ("one", "two", "three"):
        idp.call("POST", PATH, {**GREET, "name": name})
    pages = [idp.call("GET", PATH, page=str(page), per_page="2").json for page in range(3)]
    assert [[one["name"] for one in page["actions"]] for page in pages] == [
        ["one", "two"], ["three"], [],
    ]  # fmt: skip
    assert [page["total"] for page in pages] == [3, 3, 3]


def test_the_list_accepts_no_include_totals(idp):
    message = "Query validation error: 'Additional properties not allowed: include_totals'."
    refused = idp.call("GET", PATH, include_totals="true")
    assert error(refused) == (400, message, "invalid_query_string")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"actionName": "Greet"}, ["Greet"]),
        ({"actionName": "greet"}, []),
        ({"triggerId": "post-login"}, ["Greet"]),
        ({"triggerId": "credentials-exchange"}, ["Machine"]),
        ({"deployed": "true"}, ["Machine"]),
        ({"deployed": "false"}, ["Greet"]),
        ({"installed": "true"}, []),
        ({"installed": "false"}, ["Greet", "Machine"]),
    ],
)
def test_the_list_has_filters(idp, action, query, names):
    machine = {"name": "Machine", "supported_triggers": [{"id": "credentials-exchange"}]}
    idp.call("POST", PATH, {**machine, "deploy": True})
    assert [one["name"] for one in idp.call("GET", PATH, **query).json["actions"]] == names


def test_a_new_action_can_be_deployed_at_once(idp):
    action = idp.call("POST", PATH, {**GREET, "deploy": True}).json
    assert action["all_changes_deployed"] is True
    assert action["deployed_version"]["number"] == 1
    assert "deploy" not in action


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"name": "Greet"}, "'Missing required property: supported_triggers'"),
        ({"supported_triggers": []}, "'Missing required property: name'"),
        ({**GREET, "code": 1}, "'Expected type string but found type integer' on property code"),
        ({**GREET, "supported_triggers": ["post-login"]},
         "'Missing required property: id' on property supported_triggers[0]"),
        ({**GREET, "supported_triggers": [POST_LOGIN, {}]},
         "'Missing required property: id' on property supported_triggers[1]"),
        ({**GREET, "status": "built"}, "'Additional properties not allowed: status'"),
        ({**GREET, "versions": []}, "'Additional properties not allowed: versions'"),
    ],
)  # fmt: skip
def test_a_wrong_body_is_refused(idp, body, reason):
    refused = idp.call("POST", PATH, body)
    assert error(refused) == (400, f"Payload validation error: {reason}.", "invalid_body")
    assert idp.call("GET", PATH).json["actions"] == []


def test_a_whole_object_cannot_be_sent_back(idp, action):
    refused = idp.call("PATCH", f"{PATH}/{action['id']}", action)
    assert refused.status_code == 400
    assert "Additional properties not allowed: id,created_at" in refused.json["message"]


def test_a_second_action_with_the_name_is_refused(idp, action):
    refused = idp.call("POST", PATH, GREET)
    assert error(refused)[:2] == (409, "An action with the same name already exists.")


def test_an_unknown_action_is_404_also_when_it_is_deleted_twice(idp, action):
    one = f"{PATH}/{action['id']}"
    gone = idp.call("DELETE", one)
    assert (gone.status_code, gone.data) == (204, b"")
    for method, body in (("GET", None), ("PATCH", {"code": ""}), ("DELETE", None)):
        refused = idp.call(method, one, body)
        assert error(refused) == (404, "That action does not exist.", None)


def test_a_bound_action_is_deleted_only_with_force(idp):
    action = idp.call("POST", PATH, {**GREET, "deploy": True}).json
    one = f"{PATH}/{action['id']}"
    other = idp.call("POST", PATH, {**GREET, "name": "Other", "deploy": True}).json
    bind(idp, "Greet", "Other")
    refused = idp.call("DELETE", one)
    assert error(refused)[:2] == (409, "Cannot delete an action that is bound to a trigger.")
    assert hint(refused) == (
        "Action 'Greet' is bound to post-login. Remove it there, or add `?force=true`."
    )
    assert idp.call("DELETE", one, force="true").status_code == 204
    [left] = idp.call("GET", BINDINGS).json["bindings"]
    assert left["action"]["id"] == other["id"]


def test_bindings_follow_a_new_name(idp):
    action = idp.call("POST", PATH, {**GREET, "deploy": True}).json
    bind(idp, "Greet")
    [before] = idp.call("GET", BINDINGS).json["bindings"]
    idp.call("PATCH", f"{PATH}/{action['id']}", {"name": "Welcome"})
    [after] = idp.call("GET", BINDINGS).json["bindings"]
    assert (after["id"], after["action"]["name"]) == (before["id"], "Welcome")


def test_a_test_run_has_no_result_and_says_so(idp, action):
    answer = idp.call("POST", f"{PATH}/{action['id']}/test", {"payload": {"event": {}}})
    assert (answer.status_code, answer.json) == (200, {"payload": {}})
    assert hint(answer) == NEVER_RUN


def test_a_test_run_needs_a_payload(idp, action):
    refused = idp.call("POST", f"{PATH}/{action['id']}/test", {})
    message = "Payload validation error: 'Missing required property: payload'."
    assert error(refused) == (400, message, "invalid_body")


def test_no_execution_exists(idp):
    refused = idp.call("GET", "/actions/executions/8f1c6e5e-6f0a-4d27-9f0e-0d1c2b3a4f5e")
    assert error(refused) == (404, "That execution does not exist.", None)
    assert hint(refused) == NEVER_RUN


def test_an_action_of_an_exported_file_is_deployed_and_has_the_same_id_at_every_start(make_idp):
    entry = {
        **GREET,
        "secrets": [{"name": "TOKEN"}],
        "runtime": "node22",
        "dependencies": [],
        "deployed": True,
        "status": "built",
    }
    document = structure_tenant({"actions": [entry, {"code": ""}]})
    first, second = (make_idp(document=granting(document=document)) for _ in range(2))
    action, _nameless = first.call("GET", PATH).json["actions"]
    assert action["all_changes_deployed"] is True
    assert action["deployed_version"]["number"] == 1
    assert not {"deployed", "versions"} & action.keys()
    assert second.call("GET", PATH).json["actions"][0] == action

    one = f"{PATH}/{action['id']}"
    same = {"name": "Welcome", "secrets": [{"name": "TOKEN"}]}
    assert first.call("PATCH", one, same).json["all_changes_deployed"] is True
    changed = first.call("PATCH", one, {"code": "//"}).json
    assert changed["all_changes_deployed"] is False
    assert changed["deployed_version"]["code"] == GREET["code"]


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", PATH, "read:actions"),
        ("POST", PATH, "create:actions"),
        ("PATCH", f"{PATH}/none", "update:actions"),
        ("DELETE", f"{PATH}/none", "delete:actions"),
        ("POST", f"{PATH}/none/deploy", "create:actions"),
    ],
)
def test_a_token_needs_the_scope(make_idp, method, path, scope):
    refused = make_idp("read:users").call(method, path, {})
    message = f"Insufficient scope, expected any of: {scope}"
    assert error(refused) == (403, message, "insufficient_scope")


def test_a_token_exchange_profile_of_a_file_has_the_id_of_its_action(make_idp):
    profile = {"name": "old", "subject_token_type": "urn:acme:old-token"}
    document = structure_tenant(
        {
            "actions": [
                {"name": "Exchange", "supported_triggers": [{"id": "custom-token-exchange"}]}
            ],
            "tokenExchangeProfiles": [
                {**profile, "action": "Exchange"},
                {"name": "new", "subject_token_type": "urn:acme:new-token", "action": "Elsewhere"},
            ],
        }
    )
    idp = make_idp(document=granting(document=document))
    [action] = idp.call("GET", PATH).json["actions"]
    first, second = idp.call("GET", "/token-exchange-profiles").json["token_exchange_profiles"]
    assert (first["action_id"], first.get("action")) == (action["id"], None)
    assert (second.get("action_id"), second["action"]) == (None, "Elsewhere")


def test_a_token_exchange_profile_without_a_stored_action_gets_a_hint(idp, action):
    profile = {
        "name": "old",
        "subject_token_type": "urn:acme:old-token",
        "type": "custom_authentication",
        "action_id": action["id"],
    }
    assert hint(idp.call("POST", "/token-exchange-profiles", profile)) == ""
    other = {"name": "new", "subject_token_type": "urn:acme:new-token", "action_id": "none"}
    assert hint(idp.call("POST", "/token-exchange-profiles", {**profile, **other})) == (
        "`action_id` is not the id of an Action of the tenant. Actions are never run here: "
        "`mockidp.subject_tokens` decides which tokens are valid."
    )
