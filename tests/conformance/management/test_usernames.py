"""Usernames of users whom the Management API creates or changes."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, DATABASE
from helpers.management import ManagementClient
from helpers.tenant_client import hint
from mockidp.resources.connection import Connection
from mockidp.resources.connection_options import ConnectionOptions

ALICE = "/users/auth0%7Calice"
NEW = {"connection": DATABASE, "email": "carol@acme.example", "password": "Passw0rd!"}
NOT_ALLOWED = "Cannot set username for connection without requires_username"


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


@pytest.fixture
def named():
    """Return a tenant whose database requires usernames."""
    database = Connection(name=DATABASE, options=ConnectionOptions(requires_username=True))
    return ManagementClient(document=replace(ACME, databases=(database,)))


def test_a_database_without_usernames_refuses_one(idp):
    for answer in (
        idp.call("POST", "/users", NEW | {"username": "carol"}),
        idp.call("PATCH", ALICE, {"username": "alice"}),
    ):
        assert error(answer) == (400, NOT_ALLOWED, "operation_not_supported")
        assert f"`options.requires_username: true` of connection {DATABASE}" in hint(answer)
    assert idp.call("PATCH", ALICE, {"username": None}).status_code == 200


def test_a_database_that_requires_a_username_needs_one(named):
    answer = named.call("POST", "/users", NEW)
    message = "Payload validation error: 'Missing required property: username'."
    assert error(answer) == (400, message, "invalid_body")
    assert named.call("POST", "/users", NEW | {"username": "carol"}).json["username"] == "carol"
    assert named.call("PATCH", ALICE, {"username": "ali"}).json["username"] == "ali"


@pytest.mark.parametrize(
    ("username", "reason"),
    [
        ("abcdefghijklmnop", "The username must not be longer than 15 characters"),
        ("carol c", "The username has invalid characters"),
        ("c@acme.example", "The username cannot be an email"),
        (5, "Expected type string but found type number"),
    ],
)
def test_its_form_is_checked(named, username, reason):
    message = f"Payload validation error: '{reason}' on property username."
    new = named.call("POST", "/users", NEW | {"username": username})
    assert error(new) == (400, message, "invalid_body")
    assert error(named.call("PATCH", ALICE, {"username": username})) == error(new)
