"""Scopes, the `claims` parameter, and /userinfo."""

import json

from helpers.oidf.oracle import CLAIMS_OF_SCOPE, PROTOCOL_CLAIMS


def check_scope(rp, *scopes):
    """Log in with scopes. Their claims are at /userinfo; without access token, in the ID token."""
    wanted = set.union(*(CLAIMS_OF_SCOPE[scope] for scope in ("openid", *scopes)))
    login = rp.log_in(scope=" ".join(("openid", *scopes)))
    if login.access_token is None:
        assert set(login.front) - PROTOCOL_CLAIMS | {"sub"} == wanted
    else:
        assert set(rp.userinfo(login)) == wanted
        assert set(login.front) | set(login.back) <= PROTOCOL_CLAIMS


def test_oidcc_scope_profile(rp):
    check_scope(rp, "profile")


def test_oidcc_scope_email(rp):
    check_scope(rp, "email")


def test_oidcc_scope_address(rp):
    check_scope(rp, "address")


def test_oidcc_scope_phone(rp):
    check_scope(rp, "phone")


def test_oidcc_scope_all(rp):
    check_scope(rp, "address", "email", "phone", "profile")


def test_oidcc_claims_essential(rp):
    place = "id_token" if rp.response_type == "id_token" else "userinfo"
    login = rp.log_in(claims=json.dumps({place: {"name": {"essential": True}}}))
    if place == "id_token":
        assert login.front["name"] == "Alice Adams"
        assert set(login.front) <= PROTOCOL_CLAIMS | {"name"}
    else:
        assert rp.userinfo(login) == {"sub": "auth0|alice", "name": "Alice Adams"}
        assert "name" not in login.front | login.back


def test_oidcc_userinfo_get(rp):
    rp.userinfo(rp.log_in(scope="openid profile email"))


def test_oidcc_userinfo_post_header(rp):
    rp.userinfo(rp.log_in(scope="openid profile email"), "POST")


def test_oidcc_userinfo_post_body(rp):
    rp.userinfo(rp.log_in(scope="openid profile email"), "POST", in_body=True)
