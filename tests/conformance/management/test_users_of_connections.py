"""What a new or changed user may be, by the connection of the user."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, DATABASE
from helpers.tenant_client import hint
from mockidp.resources.connection import Connection, ConnectionOptions
from mockidp.resources.user import User

NEW = {"connection": DATABASE, "email": "Carol@Acme.example", "password": "Passw0rd!"}
ALICE = "/users/auth0%7Calice"


def error(answer):
    return answer.status_code, answer.json["message"], answer.json.get("errorCode")


LINKED = replace(
    ACME,
    connections=(
        *ACME.connections,
        Connection(name="google", strategy="google-oauth2"),
        Connection(name="email", strategy="email"),
        Connection(
            name="free",
            strategy="samlp",
            options=ConnectionOptions(extra={"set_user_root_attributes": "on_first_login"}),
        ),
    ),
    users=(
        *ACME.users,
        User(user_id="google-oauth2|1", connection="google", email="g@acme.example"),
        User(user_id="email|1", connection="email", email="e@acme.example"),
        User(user_id="samlp|free|1", connection="free", email="s@acme.example"),
    ),
)
NOT_SUPPORTED = (
    400, "The user's main connection does not support this operation", "operation_not_supported",
)  # fmt: skip


def test_profiles_that_an_identity_provider_writes_are_not_changed(make_idp):
    idp = make_idp(document=LINKED)
    body = {"name": "G", "family_name": "Goo", "user_metadata": {}}
    answer = idp.call("PATCH", "/users/google-oauth2%7C1", body)
    message = (
        "The following user attributes cannot be updated: family_name, name. The connection "
        "(google) must either be a database connection (using the Auth0 store), a passwordless "
        "connection (email or sms) or has disabled 'Sync user profile attributes at each login'. "
        "For more information, see https://auth0.com/docs/dashboard/guides/connections/"
        "configure-connection-sync"
    )
    assert error(answer) == (400, message, "operation_not_supported")
    assert "set_user_root_attributes" in hint(answer)
    metadata = {"user_metadata": {"theme": "dark"}, "blocked": True}
    assert idp.call("PATCH", "/users/google-oauth2%7C1", metadata).status_code == 200


@pytest.mark.parametrize("user_id", ["email%7C1", "samlp%7Cfree%7C1", "auth0%7Calice"])
def test_other_profiles_are_changed(make_idp, user_id):
    changed = make_idp(document=LINKED).call("PATCH", f"/users/{user_id}", {"name": "New"})
    assert changed.json["name"] == "New"


@pytest.mark.parametrize("fields", [{"password": "N3w-password"}, {"username": "g"}])
@pytest.mark.parametrize("user_id", ["email%7C1", "google-oauth2%7C1"])
def test_only_users_of_databases_have_a_password_and_a_username(make_idp, user_id, fields):
    answer = make_idp(document=LINKED).call("PATCH", f"/users/{user_id}", fields)
    assert error(answer) == NOT_SUPPORTED
    assert "Only users of databases" in hint(answer)


def test_the_connection_of_an_update_is_that_of_the_user(make_idp):
    idp, fields = make_idp(document=LINKED), {"email": "a@acme.example"}
    assert error(idp.call("PATCH", ALICE, fields | {"connection": "google"})) == NOT_SUPPORTED
    unknown = idp.call("PATCH", ALICE, fields | {"connection": "none"})
    message = "The connection does not exist."
    assert error(unknown) == (400, message, "inexistent_connection")
    assert idp.call("PATCH", ALICE, fields | {"connection": DATABASE}).status_code == 200


def test_the_client_of_an_update_has_to_exist(idp):
    answer = idp.call("PATCH", ALICE, {"email": "a@acme.example", "client_id": "none"})
    assert error(answer) == (404, "The client does not exist.", "inexistent_client")
    assert idp.call("GET", ALICE).json["email"] == "alice@acme.example"


def test_an_update_to_the_address_of_another_user_is_refused(idp):
    answer = idp.call("PATCH", ALICE, {"email": "BOB@acme.example"})
    message = "The specified new email already exists"
    assert error(answer) == (400, message, "auth0_idp_error")
    same = idp.call("PATCH", ALICE, {"email": "Alice@acme.example"})
    assert same.status_code == 200


def test_no_text_message_verifies_a_phone_number(idp):
    answer = idp.call("PATCH", ALICE, {"phone_number": "+15551234567", "verify_phone_number": True})
    assert answer.status_code == 200
    assert "no text message was sent" in hint(answer)


def test_a_client_creates_users_only_in_its_connections(make_idp):
    database = Connection(name=DATABASE, enabled_clients=("web",))
    document = replace(ACME, connections=(database,))
    answer = make_idp(document=document).call("POST", "/users", NEW)
    message = (
        "Connection must be enabled for this client to perform single user creation and signup "
        f"operations (client_id: manager - connection: {DATABASE})"
    )
    assert error(answer) == (400, message, "auth0_idp_error")
    assert "enabled_clients" in hint(answer)


SECRET = "Zt7".ljust(64, "x")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/users", NEW | {"email_verified": "hunter2-password"}),
        ("POST", "/users", NEW | {"connection": SECRET}),
        ("PATCH", ALICE, {"blocked": SECRET}),
        ("PATCH", "/clients/web", {"app_type": SECRET}),
        ("PATCH", "/clients/web", {"jwt_configuration": SECRET}),
        ("POST", "/tickets/password-change", {"user_id": SECRET}),
    ],
)
def test_a_secret_in_a_wrong_field_is_not_repeated_in_the_hint(idp, method, path, body):
    answer = idp.call(method, path, body)
    assert answer.status_code in (400, 404)
    assert hint(answer)
    assert SECRET not in hint(answer)
    assert "hunter2" not in hint(answer)


@pytest.mark.parametrize("strategy", ["samlp", "google-oauth2", "ad"])
def test_users_of_identity_providers_are_not_created(make_idp, strategy):
    corp = Connection(name="corp", strategy=strategy)
    idp = make_idp(document=replace(ACME, connections=(*ACME.connections, corp)))
    body = {"connection": "corp", "email": "zoe@corp.example", "user_id": "zoe"}
    answer = idp.call("POST", "/users", body)
    message = (
        "Connection does not support user creation through the API. It must either be a database "
        "or passwordless connection"
    )
    assert error(answer) == (400, message, "operation_not_supported")
    assert f"Connection corp has the strategy {strategy}" in hint(answer)
