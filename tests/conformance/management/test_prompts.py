"""Settings of the hosted pages, and the tenant's own texts, which the next page shows."""

from urllib.parse import urlsplit

import pytest

from helpers.html_page import Page
from helpers.tenant_client import hint

ENGLISH = "/prompts/login/custom-text/en"
GERMAN = "/prompts/login/custom-text/de"
TEXTS = {"login": {"title": "Welcome to ${clientName}"}}


def heading(idp, **parameters):
    page = Page(idp.get(idp.authorize(**parameters).location).text)
    return page.text_of(page.find("h1")[0])


def refusal(answer):
    return answer.status_code, answer.json["message"], answer.json["errorCode"]


def test_a_new_tenant_has_the_new_login_pages(idp):
    assert list(idp.call("GET", "/prompts").json.items()) == [
        ("universal_login_experience", "new"),
        ("identifier_first", False),
    ]


def test_an_update_applies_to_the_next_login(idp):
    changed = idp.call("PATCH", "/prompts", {"identifier_first": True})
    assert changed.json == {"universal_login_experience": "new", "identifier_first": True}
    assert idp.call("GET", "/prompts").json == changed.json
    assert "/u/login/identifier?" in idp.authorize().location


def test_the_classic_experience_applies_to_the_next_login(idp):
    changed = idp.call("PATCH", "/prompts", {"universal_login_experience": "classic"})
    assert (changed.json["universal_login_experience"], hint(changed)) == ("classic", "")
    assert urlsplit(idp.authorize().location).path == "/login"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"universal_login_experience": "old"}, "Expected one of new, classic"),
        ({"identifier_first": "yes"}, "Expected type boolean but found type string"),
    ],
)
def test_a_wrong_setting_is_refused(idp, body, reason):
    (name,) = body
    message = f"Payload validation error: '{reason}' on property {name}."
    assert refusal(idp.call("PATCH", "/prompts", body)) == (400, message, "invalid_body")


def test_texts_have_a_path_of_their_own(idp):
    refused = idp.call("PATCH", "/prompts", {"customText": {}})
    assert refused.json["message"].endswith("'Additional properties not allowed: customText'.")


def test_the_next_page_shows_a_new_text(idp):
    assert idp.call("GET", ENGLISH).json == {}
    changed = idp.call("PUT", ENGLISH, TEXTS)
    assert (changed.status_code, changed.json, hint(changed)) == (200, TEXTS, "")
    assert idp.call("GET", ENGLISH).json == TEXTS
    assert heading(idp) == "Welcome to web"
    assert idp.call("GET", "/prompts").json.keys() == {
        "universal_login_experience", "identifier_first",
    }  # fmt: skip


def test_an_empty_object_removes_the_texts(idp):
    before = heading(idp)
    idp.call("PUT", ENGLISH, TEXTS)
    assert idp.call("PUT", ENGLISH, {}).json == {}
    assert idp.call("GET", ENGLISH).json == {}
    assert heading(idp) == before


def test_texts_in_a_language_of_the_tenant_are_shown(idp):
    unseen = idp.call("PUT", GERMAN, {"login": {"title": "Moin"}})
    assert hint(unseen) == (
        "No page shows the texts, because 'de' is not among the `enabled_locales` of the tenant: "
        "en. Add it with PATCH /tenants/settings."
    )
    idp.call("PATCH", "/tenants/settings", {"enabled_locales": ["en", "de"]})
    assert hint(idp.call("PUT", GERMAN, {"login": {"title": "Moin"}})) == ""
    assert heading(idp, ui_locales="de") == "Moin"


def test_the_hint_names_texts_that_no_page_shows(idp):
    stored = idp.call("PUT", ENGLISH, {"login": {"alertListTitle": "Alerts", "title": "Hi"}})
    assert stored.status_code == 200
    assert hint(stored) == "No page of mockidp shows the texts login.alertListTitle."


@pytest.mark.parametrize(
    ("body", "reason", "at"),
    [
        ({"login": {"title": 1}}, "Expected type string but found type number", "login.title"),
        ({"login": "Hi"}, "Expected type object but found type string", "login"),
    ],
)
def test_a_text_of_another_type_is_refused(idp, body, reason, at):
    message = f"Payload validation error: '{reason}' on property {at}."
    assert refusal(idp.call("PUT", ENGLISH, body)) == (400, message, "invalid_body")
    assert idp.call("GET", ENGLISH).json == {}


@pytest.mark.parametrize(
    ("prompt", "meant"), [("logn", " Did you mean login?"), ("something-else", "")]
)
def test_an_unknown_prompt_is_refused(idp, prompt, meant):
    refused = idp.call("PUT", f"/prompts/{prompt}/custom-text/en", TEXTS)
    message = f"Path validation error: 'Invalid value \"{prompt}\"' on property prompt."
    assert refusal(refused) == (400, message, "invalid_uri")
    assert hint(refused) == f"{prompt!r} is not a prompt that this call has.{meant}"
