"""The password grant and its realm."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, API, DATABASE, with_settings, with_tenant
from helpers.tenant_client import TenantClient, claims_of, hint
from mockidp.resources.connection import Connection

REALM = "http://auth0.com/oauth/grant-type/password-realm"
WRONG = {"error": "invalid_grant", "error_description": "Wrong email or password."}


def test_auth0_token__a_bare_openid_is_expanded(idp):
    body = idp.password_token(scope="openid").json
    assert list(body) == ["access_token", "id_token", "scope", "expires_in", "token_type"]
    assert body["scope"] == "openid profile email address phone"
    assert list(claims_of(body["id_token"])) == [
        "given_name", "nickname", "name", "picture", "updated_at", "email", "email_verified",
        "iss", "sub", "aud", "iat", "exp",
    ]  # fmt: skip


def test_auth0_token__further_scopes_follow_the_expansion(idp):
    body = idp.password_token(scope="offline_access openid").json
    assert body["scope"] == "openid profile email address phone offline_access"


def test_auth0_token__with_an_audience_nothing_is_expanded(idp):
    body = idp.password_token(scope="openid read:items", audience=API).json
    assert body["scope"] == "openid read:items"
    assert claims_of(body["access_token"])["gty"] == "password"


def test_auth0_token__without_openid_there_is_nothing_to_expand(idp):
    assert list(idp.password_token(scope="email").json) == [
        "access_token", "expires_in", "token_type",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "cause"),
    [
        ({"password": "wrong"}, "User auth0|alice has another password."),
        ({"username": "nobody@acme.example"}, "has no user with the e-mail or username"),
        ({"username": "staffer@acme.example"}, f"Connection {DATABASE} has no user"),
        ({"username": " "}, "has no user with the e-mail or username ' '"),
        ({"username": "less"}, "User auth0|passwordless has no password"),
    ],
)
def test_auth0_token__a_wrong_password_and_an_unknown_user_have_the_same_error(idp, form, cause):
    answer = idp.password_token(**form)
    assert answer.status_code == 403
    assert answer.json == WRONG
    assert cause in hint(answer)


@pytest.mark.parametrize(
    ("names", "searched"),
    [
        (["db"], "Connection db has no user"),
        (["db", "email"], "None of the connections db and email has a user"),
        (["db", "google", "email"], "None of the connections db, google and email has a user"),
    ],
)
def test_the_hint_names_every_connection_that_has_no_such_user(names, searched):
    connections = tuple(Connection(name=one, enabled_clients=("web",)) for one in names)
    idp = TenantClient(replace(ACME, databases=connections, users=()))
    idp.edit(replace(idp.tenant.document, users=(replace(ACME.users[0], connection="db"),)))
    answer = idp.submit(idp.authorize().location, username="x", password="y", action="default")
    assert hint(answer) == f"{searched} with the e-mail or username 'x'."


def test_auth0_token__a_realm_is_a_connection_of_the_client(idp):
    form = {"grant_type": REALM, "username": "staffer@acme.example", "realm": "staff"}
    assert idp.password_token(**form).status_code == 200
    answer = idp.password_token(**form, client_id="other")
    assert answer.status_code == 400
    assert answer.json == {"error": "invalid_request", "error_description": "Unknown realm staff."}
    assert "No connection 'staff' is enabled for client other" in hint(answer)


def test_auth0_token__an_unknown_audience_has_its_own_text(idp):
    answer = idp.password_token(audience="https://no.example/")
    assert answer.status_code == 400
    assert answer.json == {
        "error": "invalid_request",
        "error_description": "invalid audience specified for password grant exchange",
    }
    assert "https://no.example/" in hint(answer)


@pytest.mark.parametrize("default_directory", [None, "gone"])
def test_auth0_token__without_a_default_directory_it_is_500(default_directory):
    idp = TenantClient(with_tenant(default_directory=default_directory))
    answer = idp.password_token()
    assert answer.status_code == 500
    assert answer.json == {
        "error": "server_error",
        "error_description": "Authorization server not configured with default connection.",
    }
    assert "tenant.default_directory" in hint(answer)
    assert idp.password_token(grant_type=REALM, realm=DATABASE).status_code == 200


def test_auth0_token__a_blocked_user_is_401_unauthorized(idp):
    answer = idp.password_token(username="blocked@acme.example")
    assert answer.status_code == 401
    assert answer.json == {"error": "unauthorized", "error_description": "user is blocked"}


def test_auth0_token__a_blocked_user_can_be_an_invalid_grant():
    idp = TenantClient(with_settings(blocked_user_error="invalid_grant"))
    answer = idp.password_token(username="blocked@acme.example")
    assert answer.status_code == 403
    assert answer.json == {"error": "invalid_grant", "error_description": "user is blocked"}


def test_auth0_token__that_a_user_is_blocked_is_reported_only_if_the_password_is_right(idp):
    answer = idp.password_token(username="blocked@acme.example", password="wrong")
    assert answer.json == WRONG


def test_auth0_token__the_apis_user_policy_applies(idp):
    answer = idp.password_token(client_id="other", audience="https://granted.example/")
    assert answer.status_code == 400
    assert 'You need to create a "client-grant"' in answer.json["error_description"]


def test_auth0_token__hints_contain_no_password(idp):
    answer = idp.password_token(password="guessed-pass")
    assert "guessed-pass" not in str(answer.headers)
    assert ACME.users[0].password not in str(answer.headers)
