"""Refresh tokens of users: what they show, and who can revoke them."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, API, public_client
from helpers.tenant_client import claims_of, hint
from mockidp.management.artifacts import refresh_tokens
from mockidp.resources.client_tokens import RefreshTokenPolicy

ALICE = "/users/auth0%7Calice"
SCOPE = "openid offline_access read:items"


@pytest.fixture
def login(idp):
    return idp.tokens(scope=SCOPE, audience=API)


@pytest.fixture
def token_id(idp, login):
    return idp.call("GET", f"{ALICE}/refresh-tokens").json["tokens"][0]["id"]


def works(idp, login, **form):
    return idp.refresh(login["refresh_token"], **form).status_code == 200


def test_a_refresh_token_is_listed(idp, login):
    whole = idp.call("GET", f"{ALICE}/refresh-tokens", take=10).json
    assert list(whole) == ["tokens", "total"]
    (token,) = whole["tokens"]
    assert list(token) == [
        "id", "user_id", "created_at", "idle_expires_at", "expires_at", "client_id", "session_id",
        "rotating", "resource_servers",
    ]  # fmt: skip
    assert token["session_id"] == claims_of(login["id_token"])["sid"]
    assert (token["client_id"], token["rotating"]) == ("web", False)
    (server,) = token["resource_servers"]
    assert server == {"audience": API, "scopes": "openid offline_access read:items"}
    assert idp.call("GET", f"/refresh-tokens/{token['id']}").json == token
    assert login["refresh_token"] not in str(whole)


def test_a_rotating_token_keeps_its_id(idp):
    login = idp.tokens(client_id="spa", scope="openid offline_access")
    before = idp.call("GET", f"{ALICE}/refresh-tokens").json["tokens"][0]
    assert before["rotating"] is True
    assert before["resource_servers"][0]["audience"] == f"{idp.url}/userinfo"
    assert before["created_at"] < before["idle_expires_at"] < before["expires_at"]
    idp.later(60)
    assert works(idp, login, client_id="spa")
    after = idp.call("GET", f"{ALICE}/refresh-tokens").json["tokens"][0]
    assert (after["id"], after["created_at"]) == (before["id"], before["created_at"])
    assert after["idle_expires_at"] > before["idle_expires_at"]


@pytest.mark.parametrize(
    ("policy", "has_idle_end", "has_end"),
    [
        (RefreshTokenPolicy(expiration_type="non-expiring"), False, False),
        (
            RefreshTokenPolicy(
                expiration_type="expiring",
                infinite_token_lifetime=True,
                infinite_idle_token_lifetime=True,
            ),
            False,
            False,
        ),
        (RefreshTokenPolicy(expiration_type="expiring", infinite_token_lifetime=True), True, False),
    ],
)
def test_what_never_ends_has_no_time(make_idp, policy, has_idle_end, has_end):
    client = public_client("spa", refresh_token=policy)
    idp = make_idp(document=replace(ACME, clients=(client,)))
    idp.tokens(client_id="spa", scope="openid offline_access")
    (token,) = idp.call("GET", f"{ALICE}/refresh-tokens").json["tokens"]
    assert (token["idle_expires_at"] is not None) is has_idle_end
    assert (token["expires_at"] is not None) is has_end
    idp.call("DELETE", "/clients/spa")
    assert idp.call("GET", f"{ALICE}/refresh-tokens").status_code == 200


def test_all_tokens_of_a_user_are_deleted(idp, login):
    answer = idp.call("DELETE", f"{ALICE}/refresh-tokens")
    assert (answer.status_code, answer.json) == (202, {})
    assert not works(idp, login)
    assert idp.call("GET", f"{ALICE}/refresh-tokens").json == {"tokens": [], "total": 0}


def test_a_token_is_deleted(idp, login, token_id):
    for _ in range(2):
        answer = idp.call("DELETE", f"/refresh-tokens/{token_id}")
        assert (answer.status_code, answer.json) == (202, {})
    assert not works(idp, login)


def test_metadata_is_kept_by_an_exchange(idp, login, token_id):
    path = f"/refresh-tokens/{token_id}"
    changed = idp.call("PATCH", path, {"refresh_token_metadata": {"a": "b"}}).json
    assert changed["refresh_token_metadata"] == {"a": "b"}
    assert works(idp, login)
    assert idp.call("GET", path).json["refresh_token_metadata"] == {"a": "b"}
    refused = idp.call("PATCH", path, {"refresh_token_metadata": {"a": 1}})
    assert (refused.status_code, refused.json["errorCode"]) == (400, "invalid_body")


def test_metadata_and_another_change_at_the_same_time_are_both_kept(idp, token_id, monkeypatch):
    store = idp.tenant.refresh_families

    def rotate():
        family = store.history(token_id).value
        store.put(token_id, replace(family, latest_counter=7))

    monkeypatch.setattr(
        refresh_tokens, "replace_value", first_run(rotate, refresh_tokens.replace_value)
    )
    idp.call("PATCH", f"/refresh-tokens/{token_id}", {"refresh_token_metadata": {"a": "b"}})
    found = store.get(token_id)
    assert (found.metadata, found.latest_counter) == ({"a": "b"}, 7)


def first_run(act, function):
    """Return the function, which first runs another one, once."""
    left = [act]

    def both(*arguments, **options):
        while left:
            left.pop()()
        return function(*arguments, **options)

    return both


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_an_unknown_token_is_refused(idp, method):
    answer = idp.call(method, "/refresh-tokens/none")
    assert answer.status_code == 404
    assert "and not the token" in hint(answer)


def test_tokens_are_listed_by_user_and_client(idp, login):
    assert (
        len(idp.call("GET", "/refresh-tokens", user_id="auth0|alice").json["refresh_tokens"]) == 1
    )
    query = {"user_id": "auth0|alice", "client_id": "other"}
    assert idp.call("GET", "/refresh-tokens", **query).json == {"refresh_tokens": []}
    refused = idp.call("GET", "/refresh-tokens")
    assert (refused.status_code, refused.json["errorCode"]) == (400, "invalid_query_string")


@pytest.mark.parametrize(
    ("body", "is_revoked"),
    [
        ({"ids": ["TOKEN", "none"]}, True),
        ({"user_id": "auth0|alice"}, True),
        ({"client_id": "web"}, True),
        ({"user_id": "auth0|alice", "client_id": "web", "audience": API}, True),
        ({"user_id": "auth0|alice", "client_id": "other"}, False),
        ({"client_id": "web", "audience": "https://other"}, False),
        ({"user_id": "auth0|bob"}, False),
        ({"ids": []}, False),
    ],
)
def test_tokens_are_revoked_in_bulk(idp, login, token_id, body, is_revoked):
    if "ids" in body:
        body = {"ids": [one.replace("TOKEN", token_id) for one in body["ids"]]}
    answer = idp.call("POST", "/refresh-tokens/revoke", body)
    assert (answer.status_code, answer.text) == (204, "")
    assert works(idp, login) is not is_revoked


@pytest.mark.parametrize(
    "body", [{}, {"ids": "x"}, {"user_id": 1}, {"audience": API}, {"client_id": "web", "x": 1}]
)
def test_a_wrong_selection_is_refused(idp, login, body):
    answer = idp.call("POST", "/refresh-tokens/revoke", body)
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")
    assert works(idp, login)
