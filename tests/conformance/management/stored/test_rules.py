"""Rules and their configuration."""

import pytest

from helpers.tenant_client import hint
from mockidp.codec.write import to_file

PATH = "/rules"
RULE = {"name": "old", "script": "function (user, context, callback) {}"}
CONFIGS = "/rules-configs"


@pytest.fixture
def rule(idp):
    answer = idp.call("POST", PATH, RULE)
    assert answer.status_code == 201
    return answer.json


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


def test_a_new_rule_has_defaults_in_auth0s_order(rule):
    assert list(rule) == ["id", "enabled", "script", "name", "order", "stage"]
    assert rule["id"].startswith("rul_")
    assert len(rule["id"]) == 20
    assert (rule["enabled"], rule["order"], rule["stage"]) == (True, 1, "login_success")


def test_a_rule_comes_after_those_that_exist(idp, rule):
    assert idp.call("POST", PATH, {**RULE, "name": "next"}).json["order"] == 2
    assert idp.call("POST", PATH, {**RULE, "name": "last", "order": 9}).json["order"] == 9


def test_an_enabled_rule_has_no_effect_and_the_hint_says_so(idp):
    assert hint(idp.call("POST", PATH, {**RULE, "enabled": False})) == ""
    assert hint(idp.call("POST", PATH, {**RULE, "name": "on"})) == (
        "`rules` is stored, but has no effect here: Auth0 runs these rules, which can deny access "
        "and add claims (here, use `mockidp.claims`)."
    )


def test_the_list_is_an_array_or_has_totals(idp, rule):
    assert idp.call("GET", PATH).json == [rule]
    found = idp.call("GET", PATH, include_totals="true", page="0", per_page="100").json
    assert list(found.items()) == [("total", 1), ("start", 0), ("limit", 100), ("rules", [rule])]
    assert idp.call("GET", PATH, include_totals="true", page="1").json["rules"] == []


@pytest.mark.parametrize(("enabled", "found"), [("true", ["old"]), ("false", ["off"])])
def test_the_list_can_have_only_enabled_rules(idp, rule, enabled, found):
    idp.call("POST", PATH, {**RULE, "name": "off", "enabled": False})
    assert [one["name"] for one in idp.call("GET", PATH, enabled=enabled).json] == found


def test_a_rule_is_changed_and_deleted_and_deleted_again(idp, rule):
    one = f"{PATH}/{rule['id']}"
    changed = idp.call("PATCH", one, {"enabled": False})
    assert (changed.status_code, changed.json) == (200, {**rule, "enabled": False})
    assert idp.call("GET", one).json == changed.json
    for _ in range(2):
        gone = idp.call("DELETE", one)
        assert (gone.status_code, gone.data) == (204, b"")
    assert error(idp.call("GET", one)) == (404, "The rule does not exist", "inexistent_rule")


@pytest.mark.parametrize(
    ("method", "body", "reason"),
    [
        ("POST", {"name": "new"}, "'Missing required property: script'"),
        ("POST", {**RULE, "order": "1"},
         "'Expected type integer but found type string' on property order"),
        ("PATCH", {"stage": "login_failure"}, "'Additional properties not allowed: stage'"),
        ("PATCH", {"id": "rul_1"}, "'Additional properties not allowed: id'"),
    ],
)  # fmt: skip
def test_a_wrong_body_is_refused(idp, rule, method, body, reason):
    refused = idp.call(method, PATH if method == "POST" else f"{PATH}/{rule['id']}", body)
    assert error(refused) == (400, f"Payload validation error: {reason}.", "invalid_body")


def test_values_of_the_configuration_are_never_listed(idp):
    assert idp.call("GET", CONFIGS).json == []
    made = idp.call("PUT", f"{CONFIGS}/API_KEY", {"value": "s3cret"})
    assert (made.status_code, made.json) == (200, {"key": "API_KEY", "value": "s3cret"})
    assert idp.call("GET", CONFIGS).json == [{"key": "API_KEY"}]


def test_a_value_of_the_configuration_is_replaced_and_deleted(idp):
    for value in ("one", "two"):
        idp.call("PUT", f"{CONFIGS}/A", {"value": value})
    assert to_file(idp.tenant.document)["rulesConfigs"] == [{"key": "A", "value": "two"}]
    for _ in range(2):
        assert idp.call("DELETE", f"{CONFIGS}/A").status_code == 204
    assert idp.call("GET", CONFIGS).json == []


@pytest.mark.parametrize(
    ("key", "body", "reason"),
    [
        ("A", {}, "'Missing required property: value'"),
        ("A", {"value": 1}, "'Expected type string but found type integer' on property value"),
        ("A", {"value": "b", "key": "A"}, "'Additional properties not allowed: key'"),
        ("A.B", {"value": "b"}, "'String does not match pattern ^[A-Za-z0-9_-]*$' on property key"),
    ],
)
def test_a_wrong_value_of_the_configuration_is_refused(idp, key, body, reason):
    refused = idp.call("PUT", f"{CONFIGS}/{key}", body)
    assert error(refused) == (400, f"Payload validation error: {reason}.", "invalid_body")
