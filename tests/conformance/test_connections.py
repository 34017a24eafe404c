"""The connection that a request names, and connections whose users have no password."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, DATABASE, PASSWORD_OF_ALL, user, with_tenant
from helpers.tenant_client import TenantClient, hint, sent_to_callback
from mockidp.protocol.oauth.grant_types import PASSWORD_REALM
from mockidp.resources.connection import Connection

SOCIAL = "google-oauth2"


def with_connection(strategy, name=SOCIAL, document=ACME, **fields):
    """Return the document with another connection, in which carol has a password."""
    return replace(
        document,
        connections=(Connection(name=name, strategy=strategy, **fields),),
        users=(*document.users, user("carol", connection=name)),
    )


def test_auth0_authorize__unknown_and_disabled_connections_have_different_errors(idp):
    answer = idp.authorize(connection="google")
    assert sent_to_callback(answer) == {
        "error": "invalid_request",
        "error_description": "the connection was not found",
        "state": "s1",
    }
    assert hint(answer) == (
        "The tenant has no connection 'google'. Connections that are enabled for client web: "
        "Username-Password-Authentication, staff."
    )
    answer = idp.authorize(client_id="other", connection="staff")
    description = sent_to_callback(answer)["error_description"]
    assert description == "no connections enabled for the client"
    assert "Add the client to the `enabled_clients` of connection staff." in hint(answer)


def test_auth0_authorize__a_client_without_any_connection_is_refused():
    closed = tuple(replace(one, enabled_clients=()) for one in ACME.databases)
    answer = TenantClient(replace(ACME, databases=closed)).authorize()
    sent = sent_to_callback(answer)
    assert sent["error_description"] == "no connections enabled for the client"
    assert "No connection is enabled for client web. Enabled connections: none." in hint(answer)


def test_auth0_sso__a_session_of_a_connection_not_enabled_for_the_client_is_not_used(idp):
    assert idp.callback("staffer")["code"]
    assert sent_to_callback(idp.authorize(prompt="none"))["code"]
    answer = idp.authorize(client_id="other", prompt="none")
    assert sent_to_callback(answer)["error"] == "login_required"
    assert "not enabled for the client" in hint(answer)
    assert idp.authorize(client_id="other").location.startswith("/u/login?state=")


@pytest.mark.parametrize("strategy", [SOCIAL, "samlp", "email", "sms", "oidc", "github"])
def test_auth0_password_realm__a_connection_without_passwords_is_refused(strategy):
    idp = TenantClient(with_connection(strategy))
    answer = idp.password_token(
        grant_type=PASSWORD_REALM, realm=SOCIAL, username="carol@acme.example"
    )
    assert answer.status_code == 400
    assert answer.json == {
        "error": "invalid_request",
        "error_description": "invalid connection specified for password grant",
    }
    assert hint(answer) == (
        f"Users of google-oauth2 (strategy {strategy}) do not log in with a password. Log in at "
        "/authorize?connection=google-oauth2 instead."
    )


@pytest.mark.parametrize("strategy", ["auth0", "ad", "adfs", "auth0-adldap", "waad"])
def test_auth0_password_realm__databases_and_directories_accept_passwords(strategy):
    idp = TenantClient(with_connection(strategy))
    answer = idp.password_token(
        grant_type=PASSWORD_REALM, realm=SOCIAL, username="carol@acme.example"
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("directory", "why"),
    [
        (None, "The tenant has no `default_directory`."),
        ("gone", "Setting `tenant.default_directory` is 'gone', but no such connection exists."),
        (SOCIAL, "Users of google-oauth2 (strategy samlp) do not log in with a password."),
    ],
)
def test_auth0_password__the_default_directory_must_accept_passwords(directory, why):
    idp = TenantClient(with_tenant(with_connection("samlp"), default_directory=directory))
    answer = idp.password_token(username="carol@acme.example")
    assert answer.status_code == 500
    assert answer.json == {
        "error": "server_error",
        "error_description": "Authorization server not configured with default connection.",
    }
    assert why in hint(answer)
    assert "Set `tenant.default_directory` to a database connection" in hint(answer)


def test_auth0_password__the_default_directory_must_be_enabled_for_the_client():
    idp = TenantClient(with_tenant(default_directory="staff"))
    assert idp.password_token(username="staffer@acme.example").status_code == 200
    answer = idp.password_token(client_id="other", username="staffer@acme.example")
    assert answer.status_code == 400
    assert answer.json == {
        "error": "invalid_request",
        "error_description": "no connections enabled for the client",
    }
    assert hint(answer) == (
        "Connection 'staff', the `tenant.default_directory`, is not enabled for client other. Add "
        "the client to the `enabled_clients` of connection staff."
    )


def test_auth0_login__a_social_user_has_no_password_even_if_a_database_is_enabled():
    idp = TenantClient(with_connection(SOCIAL))
    url = idp.authorize().location
    assert hint(idp.request("GET", url)) == ""
    refused = idp.submit(url, username="carol@acme.example", password=PASSWORD_OF_ALL)
    assert refused.status_code == 400
    assert "Users of google-oauth2 (strategy google-oauth2) do not log in" in hint(refused)
    assert sent_to_callback(idp.log_in(url))["code"]


def test_auth0_login__a_connection_removed_during_the_login_has_no_users():
    idp = TenantClient(with_connection("auth0"))
    url = idp.authorize(connection=SOCIAL).location
    idp.edit(ACME)
    refused = idp.submit(url, username="carol@acme.example", password=PASSWORD_OF_ALL)
    assert refused.status_code == 400
    assert "the requested one is not enabled any more" in hint(refused)
    assert DATABASE not in hint(refused)
