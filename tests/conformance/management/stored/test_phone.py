"""Providers and templates of text messages: stored, without credentials."""

import pytest

from helpers.tenant_client import hint

PROVIDERS = "/branding/phone/providers"
TEMPLATES = "/branding/phone/templates"
TWILIO = {
    "name": "twilio",
    "disabled": False,
    "configuration": {"sid": "AC1", "default_from": "+15550100", "delivery_methods": ["text"]},
    "credentials": {"auth_token": "s3cret"},
}
TEMPLATE = {
    "type": "otp_verify",
    "disabled": False,
    "content": {"from": "+15550100", "body": {"text": "Code {{code}}", "voice": "Say {{code}}"}},
}
MISSING = (404, "Notification Resource not found", None)


def refusal(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


@pytest.fixture
def provider(idp):
    return idp.call("POST", PROVIDERS, TWILIO).json


@pytest.fixture
def template(idp):
    return idp.call("POST", TEMPLATES, TEMPLATE).json


def test_lists_are_objects_without_totals(idp):
    assert idp.call("GET", PROVIDERS).json == {"providers": []}
    assert idp.call("GET", TEMPLATES).json == {"templates": []}


def test_a_provider_is_shown_without_its_credentials(idp, provider):
    assert list(provider) == [
        "id", "tenant", "name", "channel", "disabled", "configuration", "created_at", "updated_at",
    ]  # fmt: skip
    assert (provider["channel"], provider["tenant"]) == ("phone", "Acme")
    assert provider["id"].startswith("pro_")
    assert idp.call("GET", f"{PROVIDERS}/{provider['id']}").json == provider
    assert idp.call("GET", PROVIDERS).json == {"providers": [{**provider, "credentials": None}]}


def test_a_provider_becomes_another(idp, provider):
    change = {"name": "custom", "configuration": {"delivery_methods": ["text"]}, "credentials": {}}
    changed = idp.call("PATCH", f"{PROVIDERS}/{provider['id']}", change).json
    assert (changed["name"], changed["configuration"]) == ("custom", change["configuration"])


def test_twilio_needs_a_sender(idp):
    body = TWILIO | {"configuration": {"sid": "AC1"}}
    refused = idp.call("POST", PROVIDERS, body)
    assert refusal(refused) == (400, "Bad Operation on Notification Resource", None)
    assert hint(refused) == (
        "The configuration of twilio has no sender. Add `default_from` or `mssid`."
    )
    without = {name: one for name, one in TWILIO.items() if name != "configuration"}
    assert idp.call("POST", PROVIDERS, without).status_code == 400
    assert idp.call("POST", PROVIDERS, TWILIO | {"configuration": {"mssid": "MG1"}}).json["id"]


def test_a_provider_needs_credentials(idp):
    refused = idp.call("POST", PROVIDERS, {"name": "custom"})
    assert refused.json["message"].endswith("'Missing required property: credentials'.")


@pytest.mark.parametrize("path", [PROVIDERS, TEMPLATES])
def test_what_does_not_exist_is_404(idp, path):
    for method, one in (("GET", f"{path}/x"), ("DELETE", f"{path}/x"), ("PATCH", f"{path}/x")):
        assert refusal(idp.call(method, one)) == MISSING
    assert refusal(idp.call("POST", f"{path}/x/try", {"to": "+15550123"})) == MISSING


def test_a_template_has_a_syntax(idp, template):
    assert list(template) == [
        "id", "tenant", "channel", "type", "disabled", "created_at", "updated_at", "content",
    ]  # fmt: skip
    assert template["content"] == {"syntax": "liquid", **TEMPLATE["content"]}
    assert idp.call("GET", TEMPLATES).json == {"templates": [template]}
    change = {"content": {"body": {"text": "New {{code}}"}}, "disabled": True}
    changed = idp.call("PATCH", f"{TEMPLATES}/{template['id']}", change).json
    assert changed["content"] == {
        "syntax": "liquid",
        "from": "+15550100",
        "body": {"text": "New {{code}}"},
    }


def test_a_type_has_one_template(idp, template):
    refused = idp.call("POST", TEMPLATES, TEMPLATE)
    assert refusal(refused)[0] == 409
    for fixed in ("type", "channel"):
        refused = idp.call("PATCH", f"{TEMPLATES}/{template['id']}", {fixed: "x"})
        assert refused.json["message"].endswith(f"'Additional properties not allowed: {fixed}'.")


def test_a_reset_template_has_auth0s_texts(idp, template):
    reset = idp.call("PATCH", f"{TEMPLATES}/{template['id']}/reset").json
    assert reset["content"]["from"] == "+15550100"
    assert reset["content"]["body"]["text"] == (
        "{{ code | escape }} is your verification code for {{ friendly_name | escape }}"
    )
    assert idp.call("GET", f"{TEMPLATES}/{template['id']}").json == reset


def test_a_reset_template_without_content_stays_empty(idp):
    made = idp.call("POST", TEMPLATES, {"type": "blocked_account"}).json
    assert made["content"] == {"syntax": "liquid"}
    reset = idp.call("PATCH", f"{TEMPLATES}/{made['id']}/reset").json
    assert reset["content"] == {"syntax": "liquid", "body": {}}


@pytest.mark.parametrize(("method", "text"), [("text", "Code {{code}}"), ("voice", "Say {{code}}")])
def test_a_template_is_tried_with_a_message(idp, template, method, text):
    body = {"to": "+15550123", "delivery_method": method}
    tried = idp.call("POST", f"{TEMPLATES}/{template['id']}/try", body)
    assert tried.status_code == 202
    assert tried.json == {
        "code": 202,
        "message": "Test notification successfully sent for processing",
    }
    (message,) = idp.tenant.outbox
    assert (message.to, message.text) == ("+15550123", text)


def test_a_template_without_text_is_tried_too(idp):
    made = idp.call("POST", TEMPLATES, {"type": "blocked_account"}).json
    tried = idp.call("POST", f"{TEMPLATES}/{made['id']}/try", {"to": "+15550123"})
    assert tried.status_code == 202
    assert [one.text for one in idp.tenant.outbox] == [""]


def test_a_provider_is_tried_with_a_message(idp, provider):
    tried = idp.call("POST", f"{PROVIDERS}/{provider['id']}/try", {"to": "+15550123"})
    assert tried.status_code == 202
    assert [one.to for one in idp.tenant.outbox] == ["+15550123"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "'Missing required property: to'"),
        ({"to": 1}, "'Expected type string' on property to"),
        ({"to": "+1", "delivery_method": "fax"}, "'Expected one of text, voice' on property delivery_method"),
        ({"to": "+1", "delivery_method": ["text"]}, "'Expected one of text, voice' on property delivery_method"),
    ],
)  # fmt: skip
def test_a_wrong_message_is_refused(idp, provider, template, body, reason):
    for path in (f"{PROVIDERS}/{provider['id']}/try", f"{TEMPLATES}/{template['id']}/try"):
        refused = idp.call("POST", path, body)
        assert refusal(refused) == (400, f"Payload validation error: {reason}.", "invalid_body")
    assert list(idp.tenant.outbox) == []
