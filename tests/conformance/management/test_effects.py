"""What a change has done to logins and tokens when the next request arrives."""

import pytest

from helpers.acme import DATABASE, RBAC_API
from helpers.tenant_client import claims_of

ALICE = "/users/auth0%7Calice"


@pytest.fixture
def login(idp):
    """Log alice in. Return her tokens."""
    return idp.tokens(scope="openid offline_access")


def is_logged_in(idp):
    return "code=" in idp.authorize(prompt="none").location


def test_a_blocked_user_loses_the_session_and_refresh_tokens(idp, login):
    assert is_logged_in(idp)
    assert idp.call("PATCH", ALICE, {"blocked": True}).status_code == 200
    assert not is_logged_in(idp)
    refused = {"error": "unauthorized", "error_description": "user is blocked"}
    assert (idp.password_token().status_code, idp.password_token().json) == (401, refused)
    assert idp.refresh(login["refresh_token"]).json["error"] == "invalid_grant"


def test_an_assigned_role_is_in_the_next_token_and_a_removed_one_is_not(idp):
    new = {"connection": DATABASE, "email": "carol@acme.example", "password": "Passw0rd!"}
    path = f"/users/{idp.call('POST', '/users', new).json['user_id']}/roles"

    def permissions():
        answer = idp.password_token(username=new["email"], audience=RBAC_API)
        return claims_of(answer.json["access_token"])["permissions"]

    role = idp.call("POST", "/roles", {"name": "auditor"}).json["id"]
    granted = {"resource_server_identifier": RBAC_API, "permission_name": "read:reports"}
    idp.call("POST", f"/roles/{role}/permissions", {"permissions": [granted]})
    assert permissions() == []
    idp.call("POST", path, {"roles": [role]})
    assert permissions() == ["read:reports"]
    idp.call("DELETE", path, {"roles": [role]})
    assert permissions() == []


def test_a_rotated_secret_replaces_the_old_one_at_once(idp, login):
    new = idp.call("POST", "/clients/web/rotate-secret").json["client_secret"]
    assert idp.refresh(login["refresh_token"]).status_code == 401
    assert idp.refresh(login["refresh_token"], client_secret=new).status_code == 200


def test_of_a_deleted_client_only_access_tokens_are_left(idp, login):
    code = idp.callback()["code"]
    assert idp.call("DELETE", "/clients/web").status_code == 204
    assert idp.redeem(code).status_code == 401
    assert idp.refresh(login["refresh_token"]).status_code == 401
    assert idp.authorize().status_code == 400
    assert idp.userinfo(login["access_token"]).status_code == 200
    idp.later(login["expires_in"])
    assert idp.userinfo(login["access_token"]).status_code == 401


def test_a_revoked_session_ends_with_its_refresh_tokens(idp, login):
    sid = claims_of(login["id_token"])["sid"]
    assert idp.call("POST", f"/sessions/{sid}/revoke").status_code == 202
    assert not is_logged_in(idp)
    assert idp.refresh(login["refresh_token"]).json["error"] == "invalid_grant"
