"""Branding, the page template and themes: stored and returned."""

import pytest

from helpers.management import granting
from helpers.tenant_client import bearer, hint
from mockidp.codec.write import to_file
from mockidp.tenant.config.plain import structure_tenant

TEMPLATE = "/branding/templates/universal-login"
THEMES = "/branding/themes"
HTML = "<!DOCTYPE html><html><head>{%- auth0:head -%}</head></html>"
THEME = {
    "borders": {"widget_corner_radius": 5},
    "colors": {"primary_button": "#635dff"},
    "displayName": "Acme",
    "fonts": {"links_style": "normal"},
    "page_background": {"page_layout": "center"},
    "widget": {"logo_url": ""},
}


def refusal(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


def test_a_setting_that_is_not_set_is_absent(idp):
    assert idp.call("GET", "/branding").json == {}
    change = {"logo_url": "https://acme.example/logo.png", "colors": {"primary": "#2A2E35"}}
    assert idp.call("PATCH", "/branding", change).json == change
    added = idp.call("PATCH", "/branding", {"font": {"url": "https://acme.example/f.woff"}}).json
    assert list(added) == ["colors", "font", "logo_url"]
    assert idp.call("PATCH", "/branding", {"font": None}).json == change
    assert idp.call("GET", "/branding").json == change


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"colors": "red"}, "'Expected type object but found type string' on property colors"),
        ({"templates": []}, "'Additional properties not allowed: templates'"),
    ],
)
def test_a_wrong_setting_is_refused(idp, body, reason):
    message = f"Payload validation error: {reason}."
    assert refusal(idp.call("PATCH", "/branding", body)) == (400, message, "invalid_body")


@pytest.mark.parametrize("body", [HTML, {"template": HTML}], ids=["string", "object"])
def test_a_template_is_json_a_string_or_an_object(idp, body):
    made = idp.call("PUT", TEMPLATE, body)
    assert (made.status_code, made.json) == (201, {})
    assert idp.call("GET", TEMPLATE).json == {"body": HTML}
    assert idp.call("GET", "/branding").json == {}
    changed = idp.call("PUT", TEMPLATE, body)
    assert (changed.status_code, changed.data) == (204, b"")


def put_html(idp, data):
    return idp.request(
        "PUT",
        f"/api/v2{TEMPLATE}",
        data=data,
        headers=bearer(idp.access_token),
        content_type="text/html",
    )


def test_a_template_can_be_sent_as_html(idp):
    assert put_html(idp, HTML).status_code == 201
    assert idp.call("GET", TEMPLATE).json == {"body": HTML}


def test_html_in_another_encoding_is_refused(idp):
    refused = put_html(idp, HTML.encode() + b"\xe4")
    assert (refused.status_code, hint(refused)) == (400, "The body is not UTF-8.")
    assert idp.call("GET", TEMPLATE).status_code == 404


def test_a_template_may_be_deleted_twice(idp):
    idp.call("PUT", TEMPLATE, HTML)
    for _ in range(2):
        assert idp.call("DELETE", TEMPLATE).status_code == 204
    assert refusal(idp.call("GET", TEMPLATE)) == (
        404,
        "Template does not exist.",
        "inexistent_templates_universal_login",
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "'Missing required property: template'"),
        ({"template": 1}, "'Expected type string but found type integer' on property template"),
        ({"template": "", "body": ""}, "'Additional properties not allowed: body'"),
    ],
)
def test_another_body_of_a_template_is_refused(idp, body, reason):
    message = f"Payload validation error: {reason}."
    assert refusal(idp.call("PUT", TEMPLATE, body)) == (400, message, "invalid_body")


def test_a_tenant_file_has_the_template_in_branding(make_idp):
    idp = make_idp(document=granting(document=structure_tenant({})))
    idp.call("PATCH", "/branding", {"logo_url": "https://acme.example/logo.png"})
    idp.call("PUT", TEMPLATE, HTML)
    assert to_file(idp.tenant.document)["branding"] == {
        "logo_url": "https://acme.example/logo.png",
        "templates": [{"template": "universal_login", "body": HTML}],
    }


def test_the_first_theme_is_the_default(idp):
    missing = "There was an error retrieving branding settings: invalid theme ID"
    assert refusal(idp.call("GET", f"{THEMES}/default")) == (404, missing, "theme_not_found")
    made = idp.call("POST", THEMES, THEME)
    assert made.status_code == 200
    assert list(made.json) == [*THEME, "themeId"]
    assert idp.call("GET", f"{THEMES}/default").json == made.json
    path = f"{THEMES}/{made.json['themeId']}"
    changed = idp.call("PATCH", path, {"widget": {"logo_url": "https://acme.example/"}})
    assert changed.json == made.json | {"widget": {"logo_url": "https://acme.example/"}}
    assert idp.call("GET", path).json == changed.json


def test_a_deleted_theme_is_gone(idp):
    path = f"{THEMES}/{idp.call('POST', THEMES, THEME).json['themeId']}"
    assert idp.call("DELETE", path).status_code == 204
    message = "There was an error {} branding settings: invalid theme ID"
    assert refusal(idp.call("DELETE", path)) == (404, message.format("deleting"), "theme_not_found")
    assert refusal(idp.call("GET", path)) == (404, message.format("retrieving"), "theme_not_found")


def test_a_theme_has_all_parts(idp):
    refused = idp.call("POST", THEMES, {**THEME, "themeId": "x"})
    assert refused.json["message"].endswith("'Additional properties not allowed: themeId'.")
    refused = idp.call("POST", THEMES, {"borders": {}})
    assert refused.json["message"].endswith("'Missing required property: colors'.")


def test_themes_with_the_same_name_have_different_ids(make_idp):
    document = granting(document=structure_tenant({"themes": [THEME, THEME]}))
    first = make_idp(document=document).call("GET", f"{THEMES}/default").json
    idp = make_idp(document=document)
    assert idp.call("GET", f"{THEMES}/default").json == first
    idp.call("DELETE", f"{THEMES}/{first['themeId']}")
    second = idp.call("GET", f"{THEMES}/default").json
    assert second == THEME | {"themeId": second["themeId"]}
    assert second["themeId"] != first["themeId"]
