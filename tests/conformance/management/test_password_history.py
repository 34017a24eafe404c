"""The password history of a connection, which also applies to the Management API."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, DATABASE
from helpers.management import ManagementClient
from helpers.tenant_client import hint
from mockidp.resources.connection import Connection
from mockidp.resources.connection_options import ConnectionOptions
from mockidp.resources.password_options import PasswordHistoryOptions

ALICE = "/users/auth0%7Calice"
BEFORE = "Passw0rd!"
REFUSED = "PasswordHistoryError: Password has previously been used"


@pytest.fixture
def idp():
    history = PasswordHistoryOptions(enable=True, size=2)
    options = ConnectionOptions(password_history=history)
    database = Connection(name=DATABASE, options=options)
    return ManagementClient(document=replace(ACME, databases=(database,)))


def change(idp, password):
    return idp.call("PATCH", ALICE, {"password": password})


def test_an_update_refuses_the_last_passwords(idp):
    for password, status in (
        (BEFORE, 400), ("First-0ne", 200), (BEFORE, 400), ("Second-0ne", 200), (BEFORE, 200),
    ):  # fmt: skip
        answer = change(idp, password)
        assert answer.status_code == status, password
        if status == 400:
            assert answer.json["message"] == REFUSED
            assert "one of the last 2 of user auth0|alice" in hint(answer)


def test_a_ticket_cannot_set_the_password_that_an_update_replaced(idp):
    assert change(idp, "First-0ne").status_code == 200
    body = {"user_id": "auth0|alice", "new_password": BEFORE}
    answer = idp.call("POST", "/tickets/password-change", body)
    assert (answer.status_code, answer.json["message"]) == (400, REFUSED)


def test_another_update_does_not_change_the_history(idp):
    assert change(idp, "First-0ne").status_code == 200
    for name in ("Al", "Ali"):
        assert idp.call("PATCH", ALICE, {"name": name}).status_code == 200
    assert change(idp, BEFORE).status_code == 400


def test_a_new_user_with_the_same_id_has_no_history(idp):
    assert change(idp, "First-0ne").status_code == 200
    assert idp.call("DELETE", ALICE).status_code == 204
    body = {"connection": DATABASE, "user_id": "alice", "email": "alice@acme.example"}
    assert idp.call("POST", "/users", body | {"password": BEFORE}).status_code == 201
