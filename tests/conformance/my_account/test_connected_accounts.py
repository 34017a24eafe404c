"""Connected accounts: an app connects an account of its user, and lists and deletes them."""

import pytest

from helpers.acme import API, CALLBACK
from helpers.connected_accounts import App
from helpers.interleaved import lose_next_swap, replace_method
from helpers.tenant_client import bearer, hint
from helpers.tenants import RUNS_AGAIN
from helpers.token_vault import (
    GOOGLE,
    SLACK,
    exchange,
    exchange_access_token,
    refresh_token,
)
from mockidp.protocol.oauth.pkce import s256

VERIFIER = "v" * 43


@pytest.fixture
def app():
    return App()


def test_auth0_accounts__an_app_connects_an_account_and_gets_its_token(app):
    started = app.start(
        scopes=["calendar"], code_challenge=s256(VERIFIER), code_challenge_method="S256"
    )
    assert started.status_code == 201
    assert list(started.json) == ["auth_session", "connect_uri", "connect_params", "expires_in"]
    assert started.json["expires_in"] == 300
    page = app.get(app.page(started.json)).text
    assert "Gina Doe" in page
    assert "calendar" in page
    sent = app.agree(started.json)
    assert sent["state"] == "s"
    answer = app.complete(started.json, sent["connect_code"], code_verifier=VERIFIER)
    assert answer.status_code == 201
    assert list(answer.json) == ["id", "connection", "access_type", "scopes", "created_at"]
    assert (answer.json["connection"], answer.json["scopes"]) == (GOOGLE, ["calendar"])
    assert answer.json["access_type"] == "offline"
    token = exchange(app, refresh_token(app)).json
    assert token["scope"] == "calendar"
    of_api = app.mock.access_token(user="alice", audience=API)
    assert exchange_access_token(app, of_api).json["access_token"] == token["access_token"]
    by_name = exchange(app, refresh_token(app), login_hint="gina@gmail.example")
    assert by_name.json["access_token"] == token["access_token"]


def test_auth0_accounts__lists_and_deletes(app):
    connected = app.connect().json
    assert connected["scopes"] == ["email", "profile"]
    assert app.call("GET", "/accounts").json == {"accounts": [connected]}
    assert app.call("GET", "/accounts", connection=SLACK).json == {"accounts": []}
    connections = app.call("GET", "/connections").json["connections"]
    assert connections == [
        {"name": GOOGLE, "strategy": GOOGLE, "scopes": ["email", "profile"]},
        {"name": SLACK, "strategy": "oauth2", "scopes": ["chat:write", "users:read"]},
    ]
    path = f"/accounts/{connected['id']}"
    assert app.call("DELETE", path).status_code == 204
    assert exchange(app, refresh_token(app)).status_code == 401
    again = app.call("DELETE", path)
    assert (again.status_code, again.json["detail"]) == (404, "Connected account not found")


def test_auth0_accounts__pages_of_a_list(app):
    for name in ("a", "b", "c"):
        app.mock.connect_account("alice", SLACK, login_hint=name)
    first = app.call("GET", "/accounts", take=2).json
    assert len(first["accounts"]) == 2
    for name in ("from", "next"):
        rest = app.call("GET", "/accounts", **{"take": 2, name: first["next"]}).json
        assert len(rest["accounts"]) == 1
        assert "next" not in rest
    assert app.call("GET", "/accounts", **{"from": "nowhere"}).status_code == 400


def test_the_page_accepts_somebody_who_is_no_user(app):
    started = app.start(authorization_params={"login_hint": "nina@gmail.example"}).json
    assert "nina@gmail.example" in app.get(app.page(started)).text
    refused = app.post(app.page(started), action="create", email="nina", name="")
    assert (refused.status_code, "nina" in refused.text) == (400, True)
    assert app.post(app.page(started), action="create", email="", name="").status_code == 400
    sent = app.agree(started, action="create", email="Nina@gmail.example", name="Nina")
    assert app.complete(started, sent["connect_code"]).status_code == 201
    users = [one.email for one in app.tenant.directory.users.values()]
    assert "nina@gmail.example" not in users
    (account,) = app.tenant.directory.user("auth0|alice").connected_accounts
    assert account.login_hint == "nina@gmail.example"


def test_auth0_accounts__the_user_can_cancel(app):
    started = app.start(state=None).json
    sent = app.agree(started, action="deny")
    assert sent["error"] == "access_denied"
    assert "state" not in sent
    assert app.complete(started, "any").status_code == 400


def test_a_ticket_works_once_and_for_five_minutes(app):
    used, late = app.start().json, app.start().json
    app.agree(used)
    answer = app.get(app.page(used))
    assert (answer.status_code, "Invalid ticket" in answer.text) == (400, True)
    assert "was used before" in hint(answer)
    app.later(300)
    assert "has expired" in hint(app.get(app.page(late)))
    assert "No request to connect" in hint(app.get("/connected-accounts/connect", ticket="x"))


@pytest.mark.parametrize(
    ("body", "status", "cause"),
    [
        ({"connection": None}, 400, "Send `connection`."),
        ({"connection": "github"}, 404, "`connected_accounts.active` of the connection to true"),
        ({"redirect_uri": "https://evil.example/"}, 400, "is not one of the `callbacks`"),
        ({"scopes": "calendar"}, 400, "Send a list of strings."),
        ({"authorization_params": "x"}, 400, "Send an object"),
        ({"code_challenge_method": "S256"}, 400, "without a `code_challenge`"),
        ({"scope": ["calendar"]}, 400, "Did you mean scopes?"),
    ],
)
def test_wrong_requests_are_refused(app, body, status, cause):
    answer = app.start(**body)
    assert answer.status_code == status
    assert answer.json["type"].startswith("https://auth0.com/api-errors/A0E-")
    assert cause in hint(answer)


@pytest.mark.parametrize(
    ("body", "status", "cause"),
    [
        ({"auth_session": "other"}, 400, "no request with this `auth_session`"),
        ({"connect_code": "other"}, 400, "is not the one with which the browser came back"),
        ({"redirect_uri": f"{CALLBACK}/other"}, 400, "the request was started with"),
        ({"code_verifier": "w" * 43}, 403, "`code_verifier`"),
    ],
)
def test_wrong_ends_are_refused_and_the_right_one_still_works(app, body, status, cause):
    started = app.start(code_challenge=s256(VERIFIER), code_challenge_method="S256").json
    code = app.agree(started)["connect_code"]
    right = {"code_verifier": VERIFIER}
    answer = app.complete(started, code, **right | body)
    assert answer.status_code == status
    assert cause in hint(answer)
    assert app.complete(started, code, **right).status_code == 201
    assert app.complete(started, code, **right).status_code == 400


def test_the_end_has_to_wait_for_the_user(app):
    answer = app.complete(app.start().json, "any")
    assert "The user has not agreed yet." in hint(answer)


def test_an_auth_session_belongs_to_its_user(app):
    started = app.start().json
    code = app.agree(started)["connect_code"]
    app.account_token = app.new_token("vera")
    assert "no request with this `auth_session`" in hint(app.complete(started, code))


def test_auth0_accounts__scopes_are_needed(app):
    token = app.new_token(scope="read:me:connected_accounts")
    assert app.call("POST", "/connect", {}, token=token).status_code == 403
    assert app.call("GET", "/accounts", token=token).status_code == 200
    app.tenant.directory.clients.store.delete("planner")
    assert "was deleted" in hint(app.call("GET", "/connections", token=token))


def test_two_answers_of_one_page_connect_one_account(app, monkeypatch):
    started = app.start().json
    store = app.tenant.connect_requests
    lose_next_swap(monkeypatch, store)
    answer = app.post(app.page(started), action="pick", user_id=f"{GOOGLE}|1001")
    assert "Another request used the ticket" in hint(answer)


@pytest.mark.one_process(RUNS_AGAIN)
def test_an_auth_session_of_two_requests_connects_one_account(app, monkeypatch):
    started = app.start().json
    code = app.agree(started)["connect_code"]
    answers = []

    def late(take, session):
        if not answers:
            answers.append(None)
            answers[0] = app.complete(started, code)
        return take(session)

    replace_method(monkeypatch, app.tenant.connect_requests, "take", late)
    slower = app.complete(started, code)
    assert "Another request used the `auth_session`" in hint(slower)
    (account,) = app.tenant.directory.user("auth0|alice").connected_accounts
    assert account.id == answers[0].json["id"]


def test_a_connection_that_was_removed_meanwhile_connects_nothing(app):
    started = app.start().json
    code = app.agree(started)["connect_code"]
    app.mock.remove_connection(GOOGLE)
    assert app.complete(started, code).status_code == 404
    assert app.tenant.directory.user("auth0|alice").connected_accounts == ()


def test_auth0_management__accounts_and_token_sets(app):
    connected = app.connect().json
    headers = bearer(app.mock.management_token())
    user = "/api/v2/users/auth0%7Calice"
    (account,) = app.get(f"{user}/connected-accounts", headers=headers).json["connected_accounts"]
    assert list(account) == [
        "id", "connection", "connection_id", "strategy", "access_type", "scopes", "created_at",
    ]  # fmt: skip
    assert account["id"] == connected["id"]
    sets = f"{user}/federated-connections-tokensets"
    (tokens,) = app.get(sets, headers=headers).json
    assert (tokens["connection"], tokens["scope"]) == (GOOGLE, "email profile")
    assert app.request("DELETE", f"{sets}/{tokens['id']}", headers=headers).status_code == 204
    assert app.get(sets, headers=headers).json == []
    assert exchange(app, refresh_token(app)).status_code == 401
