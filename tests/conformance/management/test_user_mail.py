"""The e-mail that verifies an address, which the Management API sends."""

from dataclasses import replace

import pytest

from helpers.accounts import path_of
from helpers.acme import ACME, DATABASE
from mockidp.resources.connection import Connection
from mockidp.tenant.content.email_template import EmailTemplate

NEW = {"connection": DATABASE, "email": "carol@acme.example", "password": "Passw0rd!"}
ALICE = "/users/auth0%7Calice"


def sent(idp):
    return [(one.to, one.kind) for one in idp.tenant.outbox]


@pytest.mark.parametrize(
    ("fields", "is_sent"),
    [
        ({}, True),
        ({"verify_email": True}, True),
        ({"verify_email": False}, False),
        ({"email_verified": True}, False),
        ({"email_verified": True, "verify_email": True}, True),
    ],
)
def test_a_new_user_gets_an_email(idp, fields, is_sent):
    assert idp.call("POST", "/users", NEW | fields).status_code == 201
    assert sent(idp) == ([("carol@acme.example", "verify_email")] if is_sent else [])


def test_the_link_verifies_the_address(idp):
    user_id = idp.call("POST", "/users", NEW).json["user_id"]
    (mail,) = idp.tenant.outbox
    assert idp.get(path_of(mail.link)).status_code == 200
    assert idp.call("GET", f"/users/{user_id}").json["email_verified"] is True


@pytest.mark.parametrize(
    ("fields", "to"),
    [
        ({"verify_email": True}, "alice@acme.example"),
        ({"email": "new@acme.example"}, None),
        ({"email": "new@acme.example", "email_verified": False}, "new@acme.example"),
        ({"email": "new@acme.example", "email_verified": True}, None),
        (
            {"email": "new@acme.example", "email_verified": False, "verify_email": False},
            None,
        ),
        ({"name": "Alice"}, None),
        ({"verify_email": True, "client_id": "web"}, "alice@acme.example"),
    ],
)
def test_a_changed_user_gets_an_email(idp, fields, to):
    assert idp.call("PATCH", ALICE, fields).status_code == 200
    assert sent(idp) == ([(to, "verify_email")] if to else [])


@pytest.mark.parametrize(
    ("method", "path", "body"), [("POST", "/users", NEW), ("PATCH", ALICE, {})]
)  # fmt: skip
def test_verify_email_is_a_boolean(idp, method, path, body):
    answer = idp.call(method, path, body | {"verify_email": "yes"})
    reason = "Payload validation error: 'Expected type boolean but found type string' on property verify_email."
    assert (answer.status_code, answer.json["message"]) == (400, reason)
    assert sent(idp) == []


def test_a_user_of_a_passwordless_connection_gets_none(make_idp):
    idp = make_idp(
        document=replace(ACME, connections=(Connection(name="email", strategy="email"),))
    )
    body = {"connection": "email", "email": "carol@acme.example"}
    assert idp.call("POST", "/users", body).status_code == 201
    assert sent(idp) == []


def test_the_template_can_be_switched_off(make_idp):
    off = EmailTemplate(template="verify_email", enabled=False)
    idp = make_idp(document=replace(ACME, email_templates=(off,)))
    answer = idp.call("POST", "/users", NEW)
    assert "not enabled" in answer.headers["Mockidp-Hint"]
    assert sent(idp) == []
