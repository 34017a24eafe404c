"""Hooks and their secrets."""

import re

import pytest

from helpers.management import granting
from helpers.tenant_client import hint
from mockidp.codec.write import to_file
from mockidp.tenant.config.plain import structure_tenant

PATH = "/hooks"
HOOK = {
    "name": "greet",
    "script": "module.exports = () => {};",
    "triggerId": "pre-user-registration",
}


@pytest.fixture
def hook(idp):
    answer = idp.call("POST", PATH, HOOK)
    assert answer.status_code == 201
    return answer.json


@pytest.fixture
def secrets(hook):
    return f"{PATH}/{hook['id']}/secrets"


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


def test_a_new_hook_has_defaults_in_auth0s_order(hook):
    assert list(hook) == ["id", "name", "script", "dependencies", "triggerId", "enabled"]
    assert re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", hook["id"])
    assert (hook["dependencies"], hook["enabled"]) == ({}, False)


def test_an_enabled_hook_has_no_effect_and_the_hint_says_so(idp, hook):
    assert hint(idp.call("PATCH", f"{PATH}/{hook['id']}", {"enabled": True})) == (
        "`hooks` is stored, but has no effect here: Auth0 runs these hooks, which can deny access "
        "and add claims (here, use `mockidp.claims`)."
    )


def test_the_list_is_an_array_or_has_totals(idp, hook):
    assert idp.call("GET", PATH).json == [hook]
    found = idp.call("GET", PATH, include_totals="true", page="0", per_page="100").json
    assert list(found.items()) == [("total", 1), ("start", 0), ("limit", 100), ("hooks", [hook])]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"enabled": "false"}, 1),
        ({"enabled": "true"}, 0),
        ({"triggerId": "pre-user-registration"}, 1),
        ({"triggerId": "credentials-exchange"}, 0),
    ],
)
def test_the_list_has_filters(idp, hook, query, count):
    assert len(idp.call("GET", PATH, **query).json) == count


def test_an_unknown_hook_is_404_also_when_it_is_deleted_twice(idp, hook):
    one = f"{PATH}/{hook['id']}"
    assert idp.call("DELETE", one).status_code == 204
    for method in ("DELETE", "GET"):
        refused = idp.call(method, one)
        assert error(refused) == (404, "Error: Hook does not exist", "HookDoesNotExist")


def test_secrets_are_added_changed_and_deleted_and_never_shown(idp, hook, secrets):
    assert idp.call("GET", secrets).json == {}
    for method, body in (("POST", {"A": "one", "B": "two"}), ("PATCH", {"A": "three"})):
        answer = idp.call(method, secrets, body)
        assert (answer.status_code, answer.json) == (201, {})
    hidden = "_VALUE_NOT_SHOWN_"
    assert idp.call("GET", secrets).json == {"A": hidden, "B": hidden}
    [entry] = to_file(idp.tenant.document)["hooks"]
    assert entry["secrets"] == {"A": "three", "B": "two"}
    assert idp.call("GET", f"{PATH}/{hook['id']}").json == hook

    gone = idp.call("DELETE", secrets, ["A", "C"])
    assert (gone.status_code, gone.data) == (204, b"")
    assert idp.call("GET", secrets).json == {"B": hidden}


@pytest.mark.parametrize(
    ("method", "body"), [("GET", None), ("POST", {}), ("PATCH", {}), ("DELETE", [])]
)
def test_secrets_of_an_unknown_hook_are_refused(idp, method, body):
    refused = idp.call(method, f"{PATH}/none/secrets", body)
    assert error(refused) == (404, "Error: Hook does not exist", "HookDoesNotExist")


def test_a_secret_is_a_string(idp, secrets):
    refused = idp.call("POST", secrets, {"A": 1})
    message = "Payload validation error: 'Expected type string' on property A."
    assert error(refused) == (400, message, "invalid_body")
    assert idp.call("GET", secrets).json == {}


@pytest.mark.parametrize(
    ("method", "body", "reason"),
    [
        ("POST", {"name": "new", "script": ""}, "'Missing required property: triggerId'"),
        ("POST", {**HOOK, "secrets": {}}, "'Additional properties not allowed: secrets'"),
        ("PATCH", {"triggerId": "x"}, "'Additional properties not allowed: triggerId'"),
        ("PATCH", {"dependencies": []},
         "'Expected type object but found type array' on property dependencies"),
    ],
)  # fmt: skip
def test_a_wrong_body_is_refused(idp, hook, method, body, reason):
    refused = idp.call(method, PATH if method == "POST" else f"{PATH}/{hook['id']}", body)
    assert error(refused) == (400, f"Payload validation error: {reason}.", "invalid_body")


def test_the_secrets_of_an_exported_file_are_hidden(make_idp):
    document = structure_tenant({"hooks": [{**HOOK, "secrets": {"A": "_VALUE_NOT_SHOWN_"}}]})
    idp = make_idp(document=granting(document=document))
    [hook] = idp.call("GET", PATH).json
    assert "secrets" not in hook
    assert idp.call("GET", f"{PATH}/{hook['id']}/secrets").json == {"A": "_VALUE_NOT_SHOWN_"}
