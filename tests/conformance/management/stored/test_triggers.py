"""Triggers, and the Actions that are bound to them by name, by id, or by the id of a binding."""

import pytest

from helpers.management import granting
from helpers.tenant_client import hint
from mockidp.codec.write import to_file
from mockidp.tenant.config.plain import structure_tenant

ACTIONS = "/actions/actions"
BINDINGS = "/actions/triggers/post-login/bindings"
TRIGGERS = {
    "post-login", "credentials-exchange", "pre-user-registration", "post-user-registration",
    "post-change-password", "send-phone-message", "iga-approval", "password-reset-post-challenge",
    "custom-token-exchange", "login-post-identifier", "signup-post-identifier",
    "custom-email-provider", "custom-phone-provider", "event-stream", "password-hash-migration",
    "mcp-tool",
}  # fmt: skip
NO_EFFECT = (
    "`triggers` is stored, but has no effect here: Auth0 runs the Actions of these triggers, which "
    "can deny access and add claims (here, use `mockidp.claims`)."
)


@pytest.fixture
def make_action(idp):
    """Return a function that adds an Action."""

    def make(name, trigger="post-login", *, deploy=True):
        body = {"name": name, "supported_triggers": [{"id": trigger}], "deploy": deploy}
        return idp.call("POST", ACTIONS, body).json

    return make


@pytest.fixture
def bind(idp):
    """Return a function that replaces the bindings of post-login, given types and values."""

    def replace(*references, **more):
        sent = [{"ref": {"type": kind, "value": value}, **more} for kind, value in references]
        return idp.call("PATCH", BINDINGS, {"bindings": sent})

    return replace


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


def names(answer):
    return [one["action"]["name"] for one in answer.json["bindings"]]


def test_all_triggers_are_listed(idp):
    found = idp.call("GET", "/actions/triggers").json
    assert {one["id"] for one in found["triggers"]} == TRIGGERS
    assert found["triggers"][0] == {
        "id": "post-login",
        "version": "v3",
        "status": "CURRENT",
        "runtimes": ["node18-actions", "node22"],
        "default_runtime": "node22",
        "binding_policy": "trigger-bound",
        "compatible_triggers": [],
    }


@pytest.mark.parametrize("trigger", sorted(TRIGGERS))
def test_the_bindings_of_each_trigger_are_empty_at_first(idp, trigger):
    answer = idp.call("GET", f"/actions/triggers/{trigger}/bindings", page="0", per_page="50")
    assert answer.json == {"bindings": [], "per_page": 50}


def test_an_action_is_bound_by_its_name(idp, make_action, bind):
    action = make_action("Greet")
    answer = bind(("action_name", "Greet"), display_name="Say hello")
    assert answer.status_code == 200
    assert list(answer.json) == ["bindings", "total", "per_page"]
    [binding] = answer.json["bindings"]
    assert list(binding) == [
        "id", "trigger_id", "action", "created_at", "updated_at", "display_name",
    ]  # fmt: skip
    assert binding["action"] == action
    assert (binding["trigger_id"], binding["display_name"]) == ("post-login", "Say hello")
    assert idp.call("GET", BINDINGS).json == answer.json
    assert idp.call("GET", BINDINGS, page="1").json["bindings"] == []
    assert hint(answer) == NO_EFFECT


def test_an_action_is_bound_by_its_id_and_by_that_of_a_binding(make_action, bind):
    action = make_action("Greet")
    make_action("Other")
    first = bind(("action_id", action["id"]))
    [binding] = first.json["bindings"]
    assert (names(first), binding["display_name"]) == (["Greet"], "Greet")
    second = bind(("action_name", "Other"), ("binding_id", binding["id"]))
    assert names(second) == ["Other", "Greet"]
    assert second.json["bindings"][1]["id"] == binding["id"]


def test_the_bindings_are_replaced(idp, make_action, bind):
    make_action("Greet")
    make_action("Machine", "credentials-exchange")
    other = "/actions/triggers/credentials-exchange/bindings"
    reference = {"type": "action_name", "value": "Machine"}
    idp.call("PATCH", other, {"bindings": [{"ref": reference}]})
    bind(("action_name", "Greet"))
    emptied = bind()
    assert (emptied.status_code, emptied.json["bindings"]) == (200, [])
    assert names(idp.call("GET", other)) == ["Machine"]
    assert to_file(idp.tenant.document)["triggers"].keys() == {"credentials-exchange"}


def test_a_binding_keeps_the_time_of_its_creation(idp, make_action, bind):
    make_action("Greet")
    [before] = bind(("action_name", "Greet")).json["bindings"]
    idp.tenant.clock.advance(60)
    [after] = bind(("action_name", "Greet")).json["bindings"]
    assert after["created_at"] == before["created_at"]
    assert after["updated_at"] > before["updated_at"]


def test_an_action_that_is_not_deployed_is_refused(make_action, bind):
    action = make_action("Greet", deploy=False)
    refused = bind(("action_name", "Greet"))
    assert error(refused) == (
        400,
        (
            "Payload validation error: 'The action must be deployed before it can be bound to a "
            "trigger' on property bindings[0]."
        ),
        "invalid_body",
    )
    assert hint(refused) == (
        f"Deploy action 'Greet' first: POST /actions/actions/{action['id']}/deploy."
    )


def test_an_action_for_another_trigger_is_refused(make_action, bind):
    make_action("Machine", "credentials-exchange")
    refused = bind(("action_name", "Machine"))
    assert error(refused)[:2] == (
        400,
        (
            "Payload validation error: 'The action does not support the trigger' on property "
            "bindings[0]."
        ),
    )
    assert hint(refused) == "Action 'Machine' supports credentials-exchange."


@pytest.mark.parametrize("kind", ["action_name", "action_id", "binding_id"])
def test_an_unknown_action_is_refused_and_nothing_is_changed(idp, make_action, bind, kind):
    make_action("Greet")
    bind(("action_name", "Greet"))
    refused = bind(("action_name", "Greet"), (kind, "none"))
    assert error(refused) == (404, "That action does not exist.", None)
    assert hint(refused) == f"No action has the {kind} 'none', see `bindings[1].ref`."
    assert names(idp.call("GET", BINDINGS)) == ["Greet"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "'Missing required property: bindings'"),
        ({"bindings": {}}, "'Expected type array but found type object' on property bindings"),
        ({"bindings": ["Greet"]}, "'Missing required property: ref' on property bindings[0]"),
        ({"bindings": [{"ref": "Greet"}]},
         "'Missing required property: ref' on property bindings[0]"),
        ({"bindings": [{"ref": {"type": "name", "value": "Greet"}}]},
         "'Expected one of action_name, action_id, binding_id' on property bindings[0].ref.type"),
        ({"bindings": [{"ref": {"type": "action_name", "value": 1}}]},
         "'Expected one of action_name, action_id, binding_id' on property bindings[0].ref.type"),
        ({"bindings": [], "other": 1}, "'Additional properties not allowed: other'"),
    ],
)  # fmt: skip
def test_a_wrong_body_is_refused(idp, body, reason):
    refused = idp.call("PATCH", BINDINGS, body)
    assert error(refused) == (400, f"Payload validation error: {reason}.", "invalid_body")


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PATCH", {"bindings": []})])
def test_an_unknown_trigger_is_refused(idp, method, body):
    refused = idp.call(method, "/actions/triggers/after-login/bindings", body)
    assert error(refused) == (404, "That trigger does not exist.", None)
    assert hint(refused).startswith("'after-login' is not one of Auth0's triggers: post-login, ")


def test_the_triggers_of_an_exported_file_are_bound(make_idp):
    entries = [
        {"action_name": "Greet", "display_name": "Hello"},
        {"action_name": "Elsewhere"},
        "not an object",
    ]
    action = {"name": "Greet", "supported_triggers": [{"id": "post-login"}], "deployed": True}
    triggers = {"post-login": entries, "credentials-exchange": None}
    document = structure_tenant({"actions": [action], "triggers": triggers})
    idp = make_idp(document=granting(document=document))
    greet, elsewhere = idp.call("GET", BINDINGS).json["bindings"]
    assert (greet["action"]["all_changes_deployed"], greet["display_name"]) == (True, "Hello")
    assert (elsewhere["action"], elsewhere["display_name"]) == ({"name": "Elsewhere"}, "Elsewhere")


def test_the_exported_file_has_the_names_of_the_actions(idp, make_action, bind):
    make_action("Greet")
    bind(("action_name", "Greet"))
    [entry] = to_file(idp.tenant.document)["triggers"]["post-login"]
    assert (entry["action_name"], entry["display_name"]) == ("Greet", "Greet")
