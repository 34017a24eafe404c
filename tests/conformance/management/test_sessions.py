"""Sessions of users: what they show, and what ends with them."""

from dataclasses import replace

import pytest

from helpers.interleaved import run_after_next_find
from helpers.tenant_client import claims_of, hint
from mockidp.flows.sessions.session import add_used_client

ALICE = "/users/auth0%7Calice"


@pytest.fixture
def login(idp):
    """Log alice in. Return her tokens."""
    return idp.tokens(scope="openid offline_access")


@pytest.fixture
def sid(login):
    return claims_of(login["id_token"])["sid"]


def is_logged_in(idp):
    return "code=" in idp.authorize(prompt="none").location


def test_a_session_is_listed_with_its_public_id(idp, sid):
    idp.later(60)
    idp.tokens(client_id="other")
    whole = idp.call("GET", f"{ALICE}/sessions").json
    assert list(whole) == ["sessions"]
    (session,) = whole["sessions"]
    assert list(session) == [
        "id", "user_id", "created_at", "updated_at", "authenticated_at", "idle_expires_at",
        "expires_at", "last_interacted_at", "device", "clients", "authentication",
    ]  # fmt: skip
    assert (session["id"], session["user_id"]) == (sid, "auth0|alice")
    assert session["clients"] == [{"client_id": "web"}, {"client_id": "other"}]
    assert session["last_interacted_at"] > session["created_at"]
    (method,) = session["authentication"]["methods"]
    assert method == {"name": "pwd", "timestamp": session["authenticated_at"]}
    assert idp.call("GET", f"/sessions/{sid}").json == session
    cookie = next(iter(idp.tenant.sessions.scan()))[0]
    assert cookie not in str(whole)


def test_sessions_have_checkpoints(idp, sid):
    idp.another_browser().tokens()
    first = idp.call("GET", f"{ALICE}/sessions", include_totals="true", take=1).json
    assert list(first) == ["sessions", "next"]
    last = idp.call("GET", f"{ALICE}/sessions", take=1, **{"from": first["next"]}).json
    assert list(last) == ["sessions"]
    assert sid in {first["sessions"][0]["id"], last["sessions"][0]["id"]}


def test_deleting_all_sessions_logs_the_browser_out_but_keeps_refresh_tokens(idp, login):
    assert is_logged_in(idp)
    answer = idp.call("DELETE", f"{ALICE}/sessions")
    assert (answer.status_code, answer.json) == (202, {})
    assert not is_logged_in(idp)
    assert idp.call("GET", f"{ALICE}/sessions").json == {"sessions": []}
    assert idp.refresh(login["refresh_token"]).status_code == 200


def test_deleting_a_session_keeps_its_refresh_tokens(idp, login, sid):
    for _ in range(2):
        answer = idp.call("DELETE", f"/sessions/{sid}")
        assert (answer.status_code, answer.json) == (202, {})
    assert not is_logged_in(idp)
    assert idp.refresh(login["refresh_token"]).status_code == 200


def test_revoking_a_session_revokes_its_refresh_tokens(idp, login, sid):
    other = idp.another_browser().tokens(scope="openid offline_access")
    answer = idp.call("POST", f"/sessions/{sid}/revoke")
    assert (answer.status_code, answer.json) == (202, {})
    assert not is_logged_in(idp)
    refused = idp.refresh(login["refresh_token"])
    assert (refused.status_code, refused.json["error"]) == (403, "invalid_grant")
    assert idp.refresh(other["refresh_token"]).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("PATCH", ""), ("POST", "/revoke")]
)  # fmt: skip
def test_an_unknown_session_is_refused(idp, method, path):
    answer = idp.call(method, f"/sessions/none{path}", {} if method == "PATCH" else None)
    assert answer.status_code == 404
    assert answer.json["message"] == "The session does not exist."
    assert "`sid`" in hint(answer)


def test_metadata_is_replaced(idp, sid):
    path = f"/sessions/{sid}"
    changed = idp.call("PATCH", path, {"session_metadata": {"device": "tv"}})
    assert changed.status_code == 200
    assert changed.json["session_metadata"] == {"device": "tv"}
    assert idp.call("GET", path).json == changed.json
    assert is_logged_in(idp)
    assert idp.call("GET", path).json["session_metadata"] == {"device": "tv"}
    assert "session_metadata" not in idp.call("PATCH", path, {"session_metadata": None}).json


def test_metadata_and_another_change_at_the_same_time_are_both_kept(idp, sid, monkeypatch):
    store = idp.tenant.sessions
    key = store.scan()[0][0]
    run_after_next_find(monkeypatch, store, lambda: add_used_client(idp.tenant, key, "other"))
    idp.call("PATCH", f"/sessions/{sid}", {"session_metadata": {"a": "b"}})
    assert store.get(key).metadata == {"a": "b"}
    assert "other" in store.get(key).used_by


@pytest.mark.parametrize(
    "metadata",
    ["x", ["x"], {"a": 1}, {"a": "x" * 256}, {str(number): "x" for number in range(26)}],
)
def test_wrong_metadata_is_refused(idp, sid, metadata):
    answer = idp.call("PATCH", f"/sessions/{sid}", {"session_metadata": metadata})
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")
    assert "25 strings" in hint(answer)


def test_a_social_login_is_federated(idp, sid):
    key, entry = idp.tenant.sessions.scan()[0]
    google = replace(idp.tenant.directory.user("auth0|alice"), user_id="google-oauth2|1")
    idp.tenant.directory.users.store.put(google.user_id, google)
    changed = replace(entry.value, user_id=google.user_id, amr=("mfa",))
    idp.tenant.sessions.put(key, changed, expires_at=entry.expires_at)
    methods = idp.call("GET", f"/sessions/{sid}").json["authentication"]["methods"]
    assert [one["name"] for one in methods] == ["federated", "mfa"]


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (None, (False, False)),
        ({"preserve_refresh_tokens": True}, (False, True)),
        ({"session_id": "SID"}, (False, False)),
        ({"session_id": "SID", "preserve_refresh_tokens": True}, (False, True)),
        ({"session_id": "none"}, (True, True)),
    ],
)
def test_access_is_revoked(idp, login, sid, body, left):
    sent = {k: sid if v == "SID" else v for k, v in body.items()} if body else None
    answer = idp.call("POST", f"{ALICE}/revoke-access", sent)
    assert (answer.status_code, answer.json) == (202, {})
    token_is_left = idp.refresh(login["refresh_token"]).status_code == 200
    assert (is_logged_in(idp), token_is_left) == left
    assert ("has no session" in hint(answer)) is left[0]


@pytest.mark.parametrize("body", [{"session_id": 1}, {"preserve_refresh_tokens": "yes"}, {"x": 1}])
def test_a_wrong_selection_is_refused(idp, sid, body):
    answer = idp.call("POST", f"{ALICE}/revoke-access", body)
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")
    assert is_logged_in(idp)


def test_revoking_access_needs_both_scopes(make_idp):
    idp = make_idp("delete:sessions")
    answer = idp.call("POST", f"{ALICE}/revoke-access")
    assert answer.status_code == 403
    assert answer.json["message"] == "Insufficient scope, expected any of: delete:refresh_tokens"
