"""Token Vault: the user's refresh or access token for an access token of another service."""

from dataclasses import replace

import pytest

from helpers.acme import API
from helpers.mfa import refused, with_mfa
from helpers.tenant_client import TenantClient, hint
from helpers.token_vault import (
    CALENDAR,
    GOOGLE,
    NOT_FOUND,
    SLACK,
    TENANT,
    exchange,
    exchange_access_token,
    refresh_token,
)
from mockidp import MockIdP, MockIdPError
from mockidp.protocol.tokens.token_vault import FEDERATED_TOKEN
from mockidp.tenant.config.load import parse_tenant

COMBINATION = "Invalid subject_token_type and requested_token_type combination."


@pytest.fixture
def idp():
    return TenantClient(TENANT)


@pytest.fixture
def mock(idp):
    return MockIdP(tenant=idp.tenant, url=idp.url)


def test_auth0_vault__a_refresh_token_is_exchanged_and_not_used_up(idp, mock):
    mock.connect_account("alice", GOOGLE, access_token="google-1", scopes=[CALENDAR, "openid"])
    token = refresh_token(idp)
    answer = exchange(idp, token)
    assert answer.status_code == 200
    assert list(answer.json.items()) == [
        ("access_token", "google-1"),
        ("scope", f"{CALENDAR} openid"),
        ("expires_in", 3600),
        ("issued_token_type", FEDERATED_TOKEN),
        ("token_type", "Bearer"),
    ]
    idp.later(100)
    assert exchange(idp, token).json["expires_in"] == 3500
    assert idp.refresh(token, client_id="planner").status_code == 200


def test_auth0_vault__the_service_of_an_api_exchanges_an_access_token(idp, mock):
    google = mock.connect_account("alice", GOOGLE)
    token = mock.access_token(user="alice", audience=API)
    assert exchange_access_token(idp, token).json["access_token"] == google
    answer = exchange_access_token(idp, "made-up")
    assert refused(answer) == (401, "invalid_request", "Invalid subject_token")
    answer = exchange_access_token(idp, token, client_id="planner")
    assert refused(answer)[:2] == (403, "unauthorized_client")
    assert "is not the client of an API" in hint(answer)


def test_auth0_vault__an_expired_token_is_renewed(idp, mock):
    first = mock.connect_account("alice", GOOGLE, expires_in=60, scopes=CALENDAR)
    token = refresh_token(idp)
    idp.later(60)
    renewed = exchange(idp, token).json
    assert renewed["access_token"] != first
    assert (renewed["expires_in"], renewed["scope"]) == (60, CALENDAR)
    assert exchange(idp, token).json["access_token"] == renewed["access_token"]


def test_auth0_vault__without_a_refresh_token_of_the_service_it_ends(idp, mock):
    mock.connect_account("alice", GOOGLE, expires_in=60, has_refresh_token=False)
    token = refresh_token(idp)
    assert exchange(idp, token).status_code == 200
    idp.later(60)
    answer = exchange(idp, token)
    assert refused(answer) == NOT_FOUND
    assert "has no refresh token (`has_refresh_token: false`)" in hint(answer)


def test_the_tenant_file_can_have_accounts(idp):
    token = refresh_token(idp, "vera")
    answer = exchange(idp, token)
    assert (answer.json["access_token"], answer.json["expires_in"]) == ("of-vera", 3600)
    idp.later(3600)
    assert exchange(idp, token).json["access_token"] != "of-vera"
    edited = [
        replace(
            one,
            connected_accounts=tuple(
                replace(each, access_token=None) for each in one.connected_accounts
            ),
        )
        for one in TENANT.users
    ]
    idp.edit(replace(TENANT, users=tuple(edited)))
    assert len(exchange(idp, refresh_token(idp, "vera")).json["access_token"]) > 20


def test_auth0_vault__a_user_without_an_account_is_refused(idp):
    answer = exchange(idp, refresh_token(idp))
    assert refused(answer) == NOT_FOUND
    assert "has not connected an account of google-oauth2" in hint(answer)
    assert "`connect_account`" in hint(answer)


def test_auth0_vault__login_hint_selects_one_of_several_accounts(idp, mock):
    for name in ("work", "home"):
        mock.connect_account("alice", GOOGLE, access_token=name, login_hint=f"{name}@gmail.example")
    token = refresh_token(idp)
    assert exchange(idp, token, login_hint="Work@gmail.example").json["access_token"] == "work"
    answer = exchange(idp, token)
    assert answer.json["access_token"] == "home"
    assert "has 2 accounts of google-oauth2" in hint(answer)
    answer = exchange(idp, token, login_hint="other@gmail.example")
    assert refused(answer) == (401, "user_not_found", "Identity User not found.")
    assert "work@gmail.example" in hint(answer)
    mock.connect_account("alice", GOOGLE, access_token="again", login_hint="work@gmail.example")
    assert len(idp.tenant.directory.user("auth0|alice").connected_accounts) == 2


@pytest.mark.parametrize(
    ("form", "expected", "cause"),
    [
        ({"subject_token": None}, (400, "invalid_request"), "`subject_token`"),
        ({"connection": None}, (400, "invalid_request"), "`connection` was not sent"),
        ({"requested_token_type": None}, (400, "invalid_request"), "is missing"),
        (
            {"subject_token_type": "urn:x"},
            (400, "invalid_request"),
            "`subject_token_type` is urn:x",
        ),
        ({"connection": "gogle"}, (400, "invalid_request"), "'gogle' does not exist."),
        ({"connection": "box"}, (400, "invalid_request"), "is not enabled for client planner"),
        ({"connection": "github"}, (400, "invalid_request"), "`connected_accounts.active`"),
        ({"subject_token": "made-up"}, (403, "invalid_grant"), "never issued such a refresh token"),
    ],
)
def test_auth0_vault__incomplete_and_wrong_requests_are_refused(idp, form, expected, cause):
    answer = exchange(idp, **{"subject_token": refresh_token(idp)} | form)
    assert refused(answer)[:2] == expected
    assert cause in hint(answer)


def test_auth0_vault__known_texts(idp):
    token = refresh_token(idp)
    assert refused(exchange(idp, token, requested_token_type="urn:x"))[2] == COMBINATION
    not_enabled = exchange(idp, token, connection="github")
    assert refused(not_enabled)[2] == "Token Vault is not enabled for the provided connection"


@pytest.mark.parametrize(
    ("client_id", "cause"),
    [
        ("no-vault", "Add urn:auth0:params:oauth:grant-type:token-exchange:federated"),
        ("foreign", "has `is_first_party: false`"),
        ("old", "has `oidc_conformant: false`"),
        ("open", "has `token_endpoint_auth_method: none`"),
    ],
)
def test_auth0_vault__only_some_clients_may_use_it(idp, client_id, cause):
    secret = {"client_secret": None} if client_id == "open" else {}
    answer = exchange(idp, "any", client_id=client_id, **secret)
    assert refused(answer)[:2] == (403, "unauthorized_client")
    assert cause in hint(answer)


def test_auth0_vault__rotating_refresh_tokens_are_not_supported(idp):
    token = refresh_token(idp, client_id="rotating")
    answer = exchange(idp, token, client_id="rotating")
    assert answer.status_code == 400
    assert "`refresh_token.rotation_type` to non-rotating" in hint(answer)


def test_auth0_vault__a_second_factor_for_every_login_excludes_it(mock):
    token = refresh_token(TenantClient(tenant=mock.tenant, app=mock.app))
    strict = with_mfa(document=TENANT)
    idp = TenantClient(tenant=mock.tenant, app=mock.app)
    idp.edit(strict)
    mock.connect_account("alice", GOOGLE)
    answer = exchange(idp, token)
    assert answer.json["error"] == "mfa_required"
    assert "Auth0 returns no token of another service" in hint(answer)


def test_a_connection_can_be_for_connected_accounts_alone(idp, mock):
    slack = mock.connect_account("alice", SLACK)
    assert exchange(idp, refresh_token(idp), connection=SLACK).json["access_token"] == slack
    assert SLACK not in idp.tenant.directory.connections_for(idp.tenant.directory.client("planner"))


def test_a_fault_for_a_user_applies_to_the_exchange(idp, mock):
    mock.connect_account("alice", GOOGLE)
    error = "federated_connection_refresh_token_not_found"
    token = refresh_token(idp)
    mock.fault("token", error=error, when={"user": "alice"}, times=1)
    assert exchange(idp, token).json["error"] == error
    assert exchange(idp, token).status_code == 200


def test_a_test_can_connect_only_with_connections_for_it(mock):
    with pytest.raises(MockIdPError, match=r"Set `connected_accounts\.active` of the connection"):
        mock.connect_account("alice", "github")
    with pytest.raises(MockIdPError, match="There is no connection 'gogle'"):
        mock.connect_account("alice", "gogle")


def test_a_database_has_no_connected_accounts():
    with pytest.raises(MockIdPError, match="only with a social or enterprise strategy"):
        parse_tenant("databases: [{name: d, strategy: auth0, connected_accounts: {active: true}}]")


def test_parameters_without_effect_are_named(idp):
    answer = exchange(idp, refresh_token(idp, "vera"), organization="red", scope="x")
    assert answer.status_code == 200
    for name in ("organization", "scope"):
        assert f"Parameter `{name}` was ignored" in hint(answer)
