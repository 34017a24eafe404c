"""The logins of users that a directory creates and deactivates."""

import pytest

from helpers.scim import DANA, Directory, company, dana, path_of
from helpers.tenant_client import claims_of
from mockidp.resources.connection import Connection

OFFLINE = {"scope": "openid email offline_access"}


def log_in(idp, **parameters):
    url = idp.open_provider("corp", **parameters)
    return idp.come_back(idp.pick(url, DANA))


def test_auth0_scim__a_user_can_log_in_at_once(idp):
    idp.provision()
    claims = claims_of(idp.redeem(log_in(idp, scope="openid email")["code"]).json["id_token"])
    assert (claims["sub"], claims["email"]) == (DANA, "dana@corp.example")


def deactivate_with_patch(idp):
    return idp.patch({"op": "replace", "value": {"active": False}})


def deactivate_with_put(idp):
    return idp.scim("PUT", path_of(DANA), dana(active=False))


@pytest.mark.parametrize("deactivate", [deactivate_with_patch, deactivate_with_put])
def test_auth0_scim__a_deactivated_user_is_blocked_and_logged_out(idp, deactivate):
    idp.provision()
    tokens = idp.redeem(log_in(idp, **OFFLINE)["code"]).json
    assert "code" in idp.callback(prompt="none")
    answer = deactivate(idp)
    assert (answer.status_code, answer.json["active"]) == (200, False)
    assert idp.profile()["blocked"] is True
    assert idp.callback(prompt="none")["error"] == "login_required"
    assert idp.refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"
    assert log_in(idp)["error_description"] == "user is blocked"
    idp.patch({"op": "replace", "value": {"active": True}})
    assert "code" in log_in(idp, prompt="login")
    again = idp.refresh(tokens["refresh_token"])
    assert again.json["error"] == "invalid_grant", "the refresh token was revoked"


def test_a_put_without_active_keeps_the_block(idp):
    idp.provision(active=False)
    assert idp.scim("PUT", path_of(DANA), dana(active=None)).json["active"] is False


def test_auth0_scim__a_deleted_user_is_logged_out(idp):
    idp.provision()
    log_in(idp)
    idp.scim("DELETE", path_of(DANA))
    assert idp.callback(prompt="none")["error"] == "login_required"


def test_a_user_of_another_connection_may_have_the_same_address():
    other = Connection(name="other", strategy="oidc")
    idp = Directory(company(None, other))
    idp.manage("POST", "/users", {"connection": "other", "email": "dana@corp.example"})
    assert idp.provision()["id"] == DANA
