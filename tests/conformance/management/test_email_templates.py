"""E-mail templates: the next e-mail of a kind follows its template."""

import pytest

from helpers.acme import DATABASE
from helpers.tenant_client import hint

LIST = "/email-templates"
VERIFY = "/email-templates/verify_email"
FIELDS = {
    "template": "verify_email",
    "body": "<html></html>",
    "from": "me@acme.example",
    "resultUrl": "https://acme.example/verified",
    "subject": "Verify your address",
    "syntax": "liquid",
    "urlLifetimeInSeconds": 3600,
    "includeEmailInRedirect": False,
    "enabled": True,
}
NEW_USER = {"connection": DATABASE, "email": "carol@acme.example", "password": "Passw0rd!"}


def refusal(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


def test_an_update_of_a_missing_template_is_404_and_creation_works(idp):
    missing = (404, "The template does not exist.", "inexistent_email_template")
    for method in ("GET", "PATCH", "PUT"):
        body = None if method == "GET" else FIELDS
        assert refusal(idp.call(method, VERIFY, body)) == missing
    made = idp.call("POST", LIST, FIELDS)
    assert made.status_code == 200
    assert list(made.json.items()) == list(FIELDS.items())
    assert idp.call("GET", VERIFY).json == FIELDS
    assert idp.call("GET", VERIFY, fields="subject").json == {"subject": FIELDS["subject"]}


def test_a_second_one_is_refused(idp):
    idp.call("POST", LIST, FIELDS)
    refused = idp.call("POST", LIST, FIELDS)
    assert refusal(refused) == (409, "Template verify_email already exists.", None)


def test_patch_merges_and_put_replaces(idp):
    idp.call("POST", LIST, FIELDS)
    change = {"template": "verify_email", "subject": "Hello", "resultUrl": None}
    changed = idp.call("PATCH", VERIFY, change).json
    assert changed == {
        name: value for name, value in (FIELDS | change).items() if value is not None
    }
    assert idp.call("GET", VERIFY).json == changed
    replaced = {"template": "verify_email", "enabled": False, "includeEmailInRedirect": True}
    assert idp.call("PUT", VERIFY, replaced).json == replaced
    assert idp.call("GET", VERIFY).json == replaced


def test_the_next_email_has_the_new_subject(idp):
    idp.call("POST", LIST, FIELDS)
    idp.call("POST", "/users", NEW_USER)
    (mail,) = idp.tenant.outbox
    assert mail.subject == "Verify your address"


def test_an_email_whose_template_is_disabled_is_not_sent(idp):
    idp.call("POST", LIST, FIELDS)
    idp.call("PATCH", VERIFY, {"enabled": False})
    idp.call("POST", "/users", NEW_USER)
    assert list(idp.tenant.outbox) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"urlLifetimeInSeconds": "1"}, "Expected type integer but found type string' on property urlLifetimeInSeconds"),
        ({"colour": "red"}, "Additional properties not allowed: colour'"),
    ],
)  # fmt: skip
def test_a_wrong_body_is_refused(idp, change, reason):
    refused = idp.call("POST", LIST, FIELDS | change)
    assert (refused.status_code, refused.json["errorCode"]) == (400, "invalid_body")
    assert reason in refused.json["message"]
    assert idp.call("GET", VERIFY).status_code == 404
    idp.call("POST", LIST, FIELDS)
    assert reason in idp.call("PUT", VERIFY, FIELDS | change).json["message"]
    assert idp.call("GET", VERIFY).json == FIELDS


@pytest.mark.parametrize(
    ("name", "meant"), [("verify_emial", " Did you mean verify_email?"), (5, "")]
)
def test_a_template_that_auth0_does_not_have_is_refused(idp, name, meant):
    refused = idp.call("POST", LIST, FIELDS | {"template": name})
    assert (refused.status_code, refused.json["errorCode"]) == (400, "invalid_body")
    assert hint(refused) == f"Auth0 has no e-mail template {name!r}.{meant}"


def test_the_template_of_the_body_is_that_of_the_path(idp):
    idp.call("POST", LIST, FIELDS)
    refused = idp.call("PATCH", VERIFY, {"template": "welcome_email"})
    assert refusal(refused)[:2] == (
        400,
        "Payload validation error: 'Expected the value verify_email' on property template.",
    )
