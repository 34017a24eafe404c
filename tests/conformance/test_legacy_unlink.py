"""/unlink: separate an account from the one that it was linked to."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from helpers.acme import ACME, DATABASE
from helpers.interleaved import run_after_next_find
from helpers.legacy import LegacyApp, refused
from helpers.tenant_client import bearer, hint

PRIMARY = {"provider": "auth0", "user_id": "alice", "connection": DATABASE, "isSocial": False}
LINKED = {
    "provider": "google-oauth2",
    "user_id": "77",
    "connection": DATABASE,
    "isSocial": True,
    "profileData": {"email": "alice@gmail.example", "email_verified": True, "name": 7, "odd": 1},
}


@pytest.fixture
def idp():
    users = [
        replace(one, identities=(PRIMARY, LINKED)) if one.user_id == "auth0|alice" else one
        for one in ACME.users
    ]
    return LegacyApp(replace(ACME, users=tuple(users)))


@pytest.fixture
def token(idp):
    return idp.password_token(scope="openid identities").json["access_token"]


@pytest.mark.parametrize("path", ["/unlink", "/login/unlink"])
def test_auth0_unlink__the_account_is_a_user_again(idp, token, path):
    sent = {"access_token": token, "user_id": "google-oauth2|77"}
    answer = idp.post(path, json_body=sent)
    assert (answer.status_code, answer.text) == (200, "OK")
    profile = idp.get("/userinfo", headers=bearer(token)).json
    assert profile["identities"] == [PRIMARY]
    user = idp.tenant.directory.user("google-oauth2|77")
    assert (user.email, user.email_verified, user.name) == ("alice@gmail.example", True, None)
    assert user.connection == DATABASE
    assert "profileData" not in user.identities[0]


@pytest.mark.parametrize("name", ["access_token", "user_id"])
def test_auth0_unlink__missing_parameters(idp, token, name):
    sent = {"access_token": token, "user_id": "google-oauth2|77"}
    sent.pop(name)
    refused(idp.post("/unlink", **sent), 400, "invalid_request", f"missing {name} parameter")


@pytest.mark.parametrize("user_id", ["google-oauth2|78", "auth0|alice"])
def test_auth0_unlink__another_account(idp, token, user_id):
    answer = idp.post("/unlink", access_token=token, user_id=user_id)
    why = refused(answer, 400, "invalid_request", "the user has no such identity")
    assert "linked to user auth0|alice: google-oauth2|77." in why


def test_auth0_unlink__an_unknown_token(idp):
    answer = idp.post("/unlink", access_token="x", user_id="google-oauth2|77")
    assert (answer.status_code, answer.text) == (401, "Unauthorized")
    assert "never issued such an opaque token" in hint(answer)


def test_auth0_unlink__an_identity_without_a_profile(idp, token):
    bare = {"provider": "email", "user_id": "1", "connection": None}
    store = idp.tenant.directory.users.store
    alice = idp.tenant.directory.user("auth0|alice")
    store.put(alice.user_id, replace(alice, identities=(PRIMARY, bare)))
    assert idp.post("/unlink", access_token=token, user_id="email|1").status_code == 200
    assert idp.tenant.directory.user("email|1").connection == DATABASE


def test_auth0_unlink__the_address_was_used_again(idp, token):
    store = idp.tenant.directory.users.store
    other = replace(idp.tenant.directory.user("auth0|bob"), email="alice@gmail.example")
    store.put(other.user_id, other)
    answer = idp.post("/unlink", access_token=token, user_id="google-oauth2|77")
    why = refused(answer, 400, "invalid_request", "The user already exists.")
    assert "because user auth0|bob has" in why


def test_only_one_of_many_requests_unlinks(idp, token):
    sent = {"access_token": token, "user_id": "google-oauth2|77"}
    apps = [idp.another_browser() for _ in range(50)]
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda app: app.post("/unlink", **sent), apps))
    assert sorted(one.status_code for one in answers) == [200] + [400] * 49


def test_a_user_who_is_changed_meanwhile_keeps_the_change(idp, token, monkeypatch):
    store = idp.tenant.directory.users.store

    def rename():
        alice = store.get("auth0|alice")
        store.put(alice.user_id, replace(alice, name="Alice B."))

    run_after_next_find(monkeypatch, store, rename)
    sent = {"access_token": token, "user_id": "google-oauth2|77"}
    assert idp.post("/unlink", **sent).status_code == 200
    alice = idp.tenant.directory.user("auth0|alice")
    assert (alice.name, alice.identities) == ("Alice B.", (PRIMARY,))
