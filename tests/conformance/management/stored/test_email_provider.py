"""The e-mail provider: one for a tenant, without its secrets."""

import pytest

from helpers.tenant_client import hint

PATH = "/emails/provider"
SMTP = {
    "name": "smtp",
    "enabled": True,
    "default_from_address": "no-reply@acme.example",
    "credentials": {
        "smtp_host": "smtp.acme.example",
        "smtp_port": 587,
        "smtp_user": "bob",
        "smtp_pass": "s3cret",
    },
    "settings": {"headers": {"X-SES-Configuration-Set": "example"}},
}
SHOWN = SMTP | {
    "credentials": {"smtp_host": "smtp.acme.example", "smtp_port": 587, "smtp_user": "bob"}
}
MISSING = (404, "There is not a configured email provider", "inexistent_email_provider")


def refusal(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


def held(idp):
    return idp.tenant.document.extra["emailProvider"]


def test_a_new_tenant_has_none(idp):
    assert refusal(idp.call("GET", PATH)) == MISSING
    assert refusal(idp.call("PATCH", PATH, {"enabled": False})) == MISSING


def test_it_is_shown_without_its_password(idp):
    made = idp.call("POST", PATH, SMTP)
    assert made.status_code == 201
    assert list(made.json.items()) == list(SHOWN.items())
    assert idp.call("GET", PATH).json == SHOWN
    some = idp.call("GET", PATH, fields="name,enabled", include_fields="true").json
    assert some == {"name": "smtp", "enabled": True}


def test_a_second_one_is_refused(idp):
    idp.call("POST", PATH, SMTP)
    refused = idp.call("POST", PATH, SMTP | {"name": "ses"})
    assert refusal(refused) == (409, "An email provider is already configured: smtp", None)
    assert hint(refused) == "The tenant has an e-mail provider. Change it with PATCH."


def test_an_update_keeps_the_password_that_it_leaves_out(idp):
    idp.call("POST", PATH, SMTP)
    credentials = {"smtp_host": "other.example"}
    change = {"credentials": credentials, "enabled": False, "settings": None}
    changed = idp.call("PATCH", PATH, change).json
    assert changed["credentials"] == credentials
    assert "settings" not in changed
    assert held(idp)["credentials"] == credentials | {"smtp_pass": "s3cret"}


def test_another_provider_inherits_no_credentials_and_settings(idp):
    idp.call("POST", PATH, SMTP)
    change = {"name": "mandrill", "credentials": {"api_key": "k3y"}}
    changed = idp.call("PATCH", PATH, change).json
    assert changed == {
        "name": "mandrill",
        "enabled": True,
        "default_from_address": "no-reply@acme.example",
        "credentials": {},
    }
    assert held(idp)["credentials"] == {"api_key": "k3y"}
    without = idp.call("PATCH", PATH, {"name": "custom"}).json
    assert without["credentials"] == {}


def test_deleting_it_twice_is_no_error(idp):
    idp.call("POST", PATH, SMTP)
    for _ in range(2):
        assert idp.call("DELETE", PATH).status_code == 204
    assert refusal(idp.call("GET", PATH)) == MISSING
    assert "emailProvider" not in idp.tenant.document.extra


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"name": "smtp"}, "'Missing required property: credentials'"),
        ({**SMTP, "enabled": 1}, "'Expected type boolean but found type integer' on property enabled"),
        ({**SMTP, "host": "x"}, "'Additional properties not allowed: host'"),
    ],
)  # fmt: skip
def test_a_wrong_body_is_refused(idp, body, reason):
    refused = idp.call("POST", PATH, body)
    assert refusal(refused) == (400, f"Payload validation error: {reason}.", "invalid_body")
    assert refusal(idp.call("GET", PATH)) == MISSING


@pytest.mark.parametrize(
    ("name", "meant"), [("mandril", " Did you mean mandrill?"), ("pigeon", "")]
)
def test_an_unknown_provider_is_refused(idp, name, meant):
    refused = idp.call("POST", PATH, SMTP | {"name": name})
    assert refused.status_code == 400
    assert hint(refused) == f"Auth0 has no e-mail provider {name!r}.{meant}"
