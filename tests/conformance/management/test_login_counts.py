"""Logins and resets of users, as the users show them."""

from helpers.accounts import choose
from mockidp.tenant.timestamps import timestamp

ALICE = "/users/auth0%7Calice"


def logins(idp):
    user = idp.call("GET", ALICE).json
    return user.get("logins_count"), user.get("last_login"), user.get("last_ip")


def test_a_login_with_credentials_is_counted(idp):
    assert logins(idp) == (None, None, None)
    idp.password_token()
    first = timestamp(idp.tenant.now())
    assert logins(idp) == (1, first, "127.0.0.1")
    idp.later(60)
    tokens = idp.tokens(scope="openid offline_access")
    second = timestamp(idp.tenant.now())
    assert logins(idp) == (2, second, "127.0.0.1")
    assert list(idp.call("GET", ALICE).json)[-3:] == ["last_ip", "last_login", "logins_count"]
    idp.later(60)
    assert "code=" in idp.authorize(prompt="none").location  # the session is used again
    idp.refresh(tokens["refresh_token"])
    idp.password_token(password="wrong")
    assert logins(idp)[:2] == (2, second)


def test_a_blocked_user_who_logs_in_is_counted(idp):
    idp.call("PATCH", ALICE, {"blocked": True})
    assert idp.password_token().status_code == 401
    assert logins(idp)[0] == 1


def test_users_are_found_by_their_logins(idp):
    idp.password_token()
    day = timestamp(idp.tenant.now())[:10]
    for query in ("logins_count:1", f"last_login:[{day} TO *]", "last_ip:127.0.0.1"):
        found = idp.call("GET", "/users", q=query, sort="last_login:-1", fields="user_id").json
        assert found == [{"user_id": "auth0|alice"}]


def test_a_new_password_is_dated(idp):
    assert "last_password_reset" not in idp.call("GET", ALICE).json
    idp.call("PATCH", ALICE, {"password": "N3w-password"})
    changed = timestamp(idp.tenant.now())
    assert idp.call("GET", ALICE).json["last_password_reset"] == changed
    idp.later(60)
    made = idp.call("POST", "/tickets/password-change", {"user_id": "auth0|alice"})
    choose(idp, made.json["ticket"].removeprefix(idp.url).rstrip("#"), "An0ther-password")
    assert idp.call("GET", ALICE).json["last_password_reset"] > changed
