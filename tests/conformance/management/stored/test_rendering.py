"""Partials of the hosted pages and how screens are rendered: stored and returned."""

import pytest

from helpers.management import granting
from helpers.tenant_client import hint
from mockidp.tenant.config.plain import structure_tenant

PARTIALS = "/prompts/login/partials"
SCREEN = "/prompts/login-id/screen/login-id/rendering"
ALL = "/prompts/rendering"
PARTS = {"login": {"form-content-start": "<b>Hi</b>"}}
STANDARD = {
    "tenant": "Acme",
    "prompt": "login-id",
    "screen": "login-id",
    "rendering_mode": "standard",
    "context_configuration": [],
    "default_head_tags_disabled": False,
    "head_tags": [],
    "filters": None,
    "use_page_template": False,
}
ADVANCED = {"rendering_mode": "advanced", "head_tags": [{"tag": "script"}]}


def refusal(answer):
    return answer.status_code, answer.json["message"], answer.json["errorCode"]


def test_partials_are_replaced(idp):
    assert idp.call("GET", PARTIALS).json == {}
    for parts in (PARTS, {"login": {"form-content-end": "<i></i>"}}):
        assert idp.call("PUT", PARTIALS, parts).json == parts
        assert idp.call("GET", PARTIALS).json == parts


@pytest.mark.parametrize("empty", [{}, {"login": {}}])
def test_partials_without_parts_are_an_empty_object(idp, empty):
    idp.call("PUT", PARTIALS, PARTS)
    assert idp.call("PUT", PARTIALS, empty).json == {}
    assert idp.call("GET", PARTIALS).json == {}


@pytest.mark.parametrize("body", [{"login": "<b>"}, {"login": {"form-content-start": 1}}])
def test_a_wrong_partial_is_refused(idp, body):
    message = "Payload validation error: 'Expected type object of strings' on property login."
    assert refusal(idp.call("PUT", PARTIALS, body)) == (400, message, "invalid_body")
    assert idp.call("GET", PARTIALS).json == {}


def test_only_some_prompts_have_partials(idp):
    refused = idp.call("GET", "/prompts/mfa/partials")
    message = "Path validation error: 'Invalid value \"mfa\"' on property prompt."
    assert refusal(refused) == (400, message, "invalid_uri")


def test_a_screen_that_was_not_changed_is_standard(idp):
    shown = idp.call("GET", SCREEN)
    assert list(shown.json.items()) == list(STANDARD.items())
    assert idp.call("GET", SCREEN, fields="screen").json == {"screen": "login-id"}
    assert idp.call("GET", ALL).json == []


def test_an_update_merges_and_answers_with_the_body(idp):
    changed = idp.call("PATCH", SCREEN, ADVANCED)
    assert (changed.status_code, changed.json) == (200, ADVANCED)
    assert hint(changed) == (
        "`prompts.screenRenderers` is stored, but has no effect here: Auth0 shows these screens "
        "with the tenant's own scripts."
    )
    change = {"rendering_mode": "standard", "filters": None}
    standard = idp.call("PATCH", SCREEN, change)
    assert (standard.json, hint(standard)) == (change, "")
    after = STANDARD | ADVANCED | {"rendering_mode": "standard"}
    assert idp.call("GET", SCREEN).json == after
    assert idp.call("GET", ALL).json == [after]


def test_a_hint_is_only_about_what_was_sent(idp):
    idp.call("PATCH", SCREEN, ADVANCED)
    assert hint(idp.call("PUT", PARTIALS, PARTS)) == ""


def test_several_screens_are_changed_at_once(idp):
    configs = [
        {"prompt": "login-id", "screen": "login-id", **ADVANCED},
        {"prompt": "signup", "screen": "signup", "rendering_mode": "standard"},
    ]
    changed = idp.call("PATCH", ALL, {"configs": configs})
    assert (changed.status_code, changed.json) == (200, {"configs": configs})
    page = idp.call("GET", ALL, include_totals="true", per_page="1").json
    assert list(page) == ["configs", "start", "limit", "total"]
    assert page == {"configs": [STANDARD | ADVANCED], "start": 0, "limit": 1, "total": 2}
    (found,) = idp.call("GET", ALL, prompt="signup", rendering_mode="standard").json
    assert found["screen"] == "signup"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "'Missing required property: configs'"),
        ({"configs": [1]}, "'Expected type array of objects' on property configs"),
        ({"configs": {}}, "'Expected type array of objects' on property configs"),
        ({"configs": [{"prompt": "login"}]}, "'Missing required property: screen'"),
        (
            {"configs": [{"prompt": "login", "screen": "login", "mode": "x"}]},
            "'Additional properties not allowed: mode'",
        ),
    ],
)
def test_a_wrong_list_of_screens_is_refused(idp, body, reason):
    refused = idp.call("PATCH", ALL, body)
    assert refusal(refused) == (400, f"Payload validation error: {reason}.", "invalid_body")
    assert idp.call("GET", ALL).json == []


def test_a_wrong_mode_is_refused(idp):
    refused = idp.call("PATCH", SCREEN, {"rendering_mode": "fast"})
    assert refusal(refused)[1] == (
        "Payload validation error: 'Expected one of standard, advanced' on property rendering_mode."
    )


def test_screens_that_a_tenant_file_only_names_are_not_listed(make_idp):
    renderers = [{"login-id": {"login-id": "./prompts/login-id.json"}}]
    document = structure_tenant({"prompts": {"screenRenderers": renderers}})
    assert make_idp(document=granting(document=document)).call("GET", ALL).json == []
