"""What an exchange leaves in the journal."""

import json
import logging
from dataclasses import replace

import pytest
from acme import API, CALLBACK, PASSWORD_OF_ALL
from tenant_client import TenantClient, basic, bearer

from mockidp.flows.testing.link import make_impersonation_link
from mockidp.protocol.pkce import s256

VERIFIER = "verifier-" * 6


@pytest.fixture
def last(idp):
    """Return the last entry, by what is asked for."""

    def last(*names, **words):
        entry = idp.tenant.journal.last(*names, **words)
        assert entry is not None
        return entry

    return last


def names(entry):
    return [check.name for check in entry.trace]


def link_for(idp, **fields):
    defaults = {"client": "web", "state": "s", "impersonator": "bob"}
    return make_impersonation_link(idp.tenant, idp.url, "alice", **defaults | fields).url


def open_link(idp, url, method="GET"):
    environ = {"REQUEST_URI": url.removeprefix(idp.url)}
    return idp.request(method, url.removeprefix(idp.url), environ_overrides=environ)


# --- whom it is about ---


def test_a_login_is_told_step_by_step(idp, last):
    idp.callback(scope="openid", audience=API)
    told = [(one.endpoint, one.method, one.client, one.user) for one in idp.tenant.journal]
    assert told == [
        ("authorize", "GET", "web", None),
        ("login", "GET", "web", None),
        ("login", "POST", "web", "auth0|alice"),
        ("resume", "GET", "web", "auth0|alice"),
    ]
    assert [entry.status for entry in idp.tenant.journal] == [302, 200, 302, 302]
    entry = last("authorize")
    assert entry.url == "http://localhost:9400/authorize"
    assert entry.parameters["redirect_uri"] == CALLBACK
    assert entry.audience == API
    assert names(entry) == [
        "client_id", "redirect_uri", "response_mode", "request_object", "response_type", "prompt",
        "max_age", "code_challenge", "connection", "audience", "session",
    ]  # fmt: skip
    assert last("resume").notes["scope"] == "openid"


def test_a_redeemed_code_is_told_with_all_that_was_decided(idp, last):
    code = idp.callback(
        code_challenge=s256(VERIFIER), code_challenge_method="S256", nonce="n", scope="openid"
    )["code"]
    assert last("resume").notes["code"] == f"{code[:8]}..."
    idp.redeem(code, code_verifier=VERIFIER)
    entry = last("token")
    assert (entry.client, entry.user, entry.grant) == ("web", "auth0|alice", "authorization_code")
    assert entry.notes == {"pkce": "S256", "nonce": True, "scope": "openid", "impersonator": None}
    assert entry.parameters == {
        "client_id": "web",
        "client_secret": "***",
        "grant_type": "authorization_code",
        "code": f"{code[:8]}...",
        "redirect_uri": CALLBACK,
        "code_verifier": "verifier...",
    }
    assert [str(check) for check in entry.trace] == [
        "ok client_authentication(has_header=False)",
        "ok client_id(sent='web')",
        "ok client_secret(is_sent=True, method='client_secret_post')",
        f"ok grant_type(sent='authorization_code', of_client={entry_grants(idp)})",
        f"ok code(sent='{code[:8]}...', client='web')",
        f"ok redirect_uri(sent='{CALLBACK}', at_authorize='{CALLBACK}')",
        "ok code_verifier(sent='verifier...', method='S256')",
        "ok user(user='auth0|alice')",
        "ok audience(sent=None, default=None)",
    ]


def entry_grants(idp):
    return repr(idp.tenant.directory.client("web").grant_types)


def test_tokens_are_told_decoded(idp, last):
    idp.tokens(scope="openid offline_access read:items", audience=API, nonce="n")
    access, refresh, identity = sorted(
        last("token").tokens, key=lambda token: ["a", "r", "i"].index(token.kind[0])
    )
    assert access.header["typ"] == "JWT"
    assert API in access.claims["aud"]
    assert identity.claims["nonce"] == "n"
    assert refresh.header == {}
    assert refresh.claims == {
        "sub": "auth0|alice",
        "client_id": "web",
        "scope": "openid offline_access read:items",
        "audience": API,
        "counter": 0,
    }


def test_an_opaque_token_is_told_by_what_it_stands_for(idp, last):
    idp.tokens(scope="openid")
    access = next(token for token in last("token").tokens if token.kind == "access_token")
    assert access.header == {}
    assert access.claims == {
        "sub": "auth0|alice", "client_id": "web", "scope": "openid", "expires_in": 86400,
    }  # fmt: skip


def test_the_global_clients_token_is_told(idp, last):
    idp.token(client_id="global", grant_type="client_credentials")
    (token,) = last("token").tokens
    assert token.claims == {"client_id": "global", "for": "Management API v1"}


def test_a_refreshed_token_is_told_with_its_user_and_audience(idp, last):
    tokens = idp.tokens(scope="openid offline_access", audience=API)
    idp.refresh(tokens["refresh_token"], scope="openid")
    entry = last(grant="refresh_token")
    assert (entry.user, entry.audience, entry.notes["scope"]) == ("auth0|alice", API, "openid")


def test_userinfo_names_client_and_user_of_either_kind_of_token(idp, last):
    for audience in (API, None):
        tokens = idp.tokens(scope="openid", audience=audience)
        idp.userinfo(tokens["access_token"])
        entry = last("userinfo")
        assert (entry.client, entry.user, entry.status) == ("web", "auth0|alice", 200)


def test_a_logout_names_whose_session_ended(idp, last):
    idp.callback()
    idp.get("/v2/logout", client_id="web")
    assert (last("logout").client, last("logout").user) == ("web", "auth0|alice")


def test_a_revocation_is_told(idp, last):
    tokens = idp.tokens(scope="openid offline_access")
    for expected in (True, False):
        idp.post(
            "/oauth/revoke",
            client_id="web",
            client_secret="web-secret",
            token=tokens["refresh_token"],
        )
        assert last("revoke").notes == {"revoked": expected}
        assert last("revoke").parameters["token"] == tokens["refresh_token"][:8] + "..."


def test_a_client_is_known_by_its_basic_header_too(idp, last):
    for secret in ("web-secret", "wrong"):
        idp.post("/oauth/token", headers=basic("web", secret), grant_type="refresh_token")
        assert last("token").client == "web"
    assert last("token").grant == "refresh_token"
    assert last("token").failed.name == "client_secret"


def test_an_unknown_client_is_told_as_it_was_named(idp, last):
    idp.token(client_id="nobody", grant_type="client_credentials", audience=API)
    entry = last("token", client="nobody")
    assert (entry.error, entry.grant, entry.audience) == (
        "access_denied",
        "client_credentials",
        API,
    )
    assert entry.failed.name == "client_id"


def test_a_client_removed_while_the_page_was_open_is_a_failed_check(idp, last):
    page = idp.authorize().location
    document = idp.tenant.directory.document
    others = tuple(one for one in document.clients if one.client_id != "web")
    idp.edit(replace(document, clients=others))
    idp.get(page)
    assert str(last("login").failed).startswith(
        "NO client_id(waiting='web'): client web was removed"
    )


# --- impersonation ---


def ask_for_link(idp, **body):
    token = idp.token(client_id="global", grant_type="client_credentials").json["access_token"]
    idp.post("/users/auth0%7Calice/impersonate", headers=bearer(token), json_body=body)
    return token


BODY = {
    "protocol": "oauth2",
    "impersonator_id": "auth0|bob",
    "client_id": "web",
    "additionalParameters": {"state": "s", "response_type": "code", "scope": "openid"},
}


def test_a_link_that_was_asked_for_is_told(idp, last):
    token = ask_for_link(idp, **BODY, token="leaked-by-the-sdk", nested=[{"password": "p"}, 1])
    entry = last("impersonate")
    assert (entry.status, entry.client, entry.user) == (200, "web", "auth0|alice")
    assert entry.notes["impersonator"] == "auth0|bob"
    assert entry.parameters == {
        **BODY, "token": "leaked-b...", "nested": [{"password": "***"}, 1],
    }  # fmt: skip
    assert entry.trace[0].compared["sent"] == f"{token[:8]}..."


def test_the_parameters_of_a_form_are_told_as_they_were_sent(idp, last):
    token = ask_for_link(idp)
    idp.post(
        "/users/auth0%7Calice/impersonate",
        headers=bearer(token),
        **{"additionalParameters[state]": "s", "additionalParameters[access_token]": "0123456789"},
    )
    assert last("impersonate").parameters == {
        "additionalParameters[state]": "s",
        "additionalParameters[access_token]": "01234567...",
    }


def test_a_link_that_is_asked_for_with_a_bad_body_is_refused_as_a_request(idp, last):
    ask_for_link(idp, **BODY | {"protocol": "soap"})
    assert str(last("impersonate").failed).startswith("NO request(): protocol is 'soap'")


def test_an_opened_link_names_client_user_and_impersonator(idp, last, caplog):
    caplog.set_level(logging.INFO, logger="mockidp")
    open_link(idp, link_for(idp))
    entry = last("impersonation_link")
    assert (entry.client, entry.user) == ("web", "auth0|alice")
    assert entry.notes["impersonator"] == "auth0|bob"
    assert caplog.messages[-1] == "impersonation_link 302 client='web'"


def test_an_opened_links_bewit_is_cut(idp, last):
    url = link_for(idp)
    open_link(idp, url)
    entry = last("impersonation_link")
    bewit = url.partition("bewit=")[2]
    assert entry.parameters == {"bewit": f"{bewit[:8]}..."}
    assert entry.trace[0].compared["sent"] == f"{bewit[:8]}..."


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.replace("?&bewit=", "&bewit="),
        lambda url: url.replace("bewit=", "bew="),
        lambda url: url.replace("bewit=", ""),
        lambda url: url.replace("bewit=", "next=/x%3Fbewit%3D"),
        lambda url: url.replace("bewit=", "amp;Bewit="),
        lambda url: url.replace("bewit=", "x/bewit="),
        lambda url: url.replace("/users/", "/user/"),
    ],
)
def test_a_changed_links_bewit_is_cut_wherever_it_stands(idp, last, change):
    url = link_for(idp)
    open_link(idp, change(url))
    told = json.dumps(last().to_dict())
    bewit = url.partition("bewit=")[2]
    assert last().error
    assert bewit not in told
    assert bewit[:8] in told


def test_codes_of_an_impersonated_login_say_so_when_they_are_redeemed(idp, last):
    answer = open_link(idp, link_for(idp))
    code = answer.location.partition("code=")[2].partition("&")[0]
    idp.redeem(code)
    assert last("token").notes["impersonator"] == "auth0|bob"


def test_tokens_of_a_link_are_told_where_it_was_opened(idp, last):
    open_link(idp, link_for(idp, response_type="token id_token"))
    assert [token.kind for token in last().tokens] == ["access_token", "id_token"]


# --- what is wrong with the request as such ---


@pytest.mark.parametrize(
    ("method", "path", "options"),
    [
        ("GET", "/nowhere", {}),
        ("GET", "/api/v2/users", {}),
        ("DELETE", "/authorize", {}),
        ("GET", "/authorize?client_id=a&client_id=b", {}),
        ("GET", "/authorize", {"headers": {"Host": "evil.example"}}),
        ("POST", "/oauth/token", {"data": b"{", "content_type": "application/json"}),
        ("POST", "/oauth/token", {"data": b"x" * 70_000, "content_type": "application/json"}),
        ("POST", "/oauth/token", {"data": b"x", "content_type": "text/plain"}),
        ("POST", "/oauth/token", {"json": {"client_id": "spa", "grant_type": ["password"]}}),
        ("GET", "/userinfo?access_token=a", {"headers": {"Authorization": "Bearer b"}}),
    ],
)
def test_a_request_that_no_flow_looks_at_fails_the_check_of_that_name(
    idp, last, method, path, options
):
    idp.request(method, path, **options)
    check = last().trace[-1]
    assert (check.name, check.passed, check.why) == ("request", False, last().hint)


def test_what_cannot_be_read_leaves_no_parameters(idp, last):
    idp.request("POST", "/oauth/token?a=1&a=2", data=b"{", content_type="application/json")
    assert last().parameters == {}
    idp.get("/nowhere", a="1")
    assert last().parameters == {"a": "1"}


def test_a_long_value_is_cut(idp, last):
    idp.authorize(state="x" * 5000)
    assert last().parameters["state"] == "x" * 2000


def test_a_name_that_is_none_is_cut_and_its_value_is_not_shown(idp, last):
    idp.get("/nowhere", **{"x" * 101: "1"})
    assert last().parameters == {"x" * 8 + "...": "***"}


def test_json_that_is_sent_as_a_form_does_not_show_its_secrets(idp, last):
    body = json.dumps({"client_id": "web", "client_secret": "web-secret"})
    idp.request("POST", "/oauth/token", data=body, content_type="application/x-www-form-urlencoded")
    assert last().parameters == {'{"client...': ""}


def test_what_steers_the_mock_is_no_exchange(idp):
    idp.get("/_mockidp/health")
    assert list(idp.tenant.journal) == []


def test_a_bug_of_the_mock_is_told(monkeypatch):
    idp = TenantClient()
    monkeypatch.setattr(idp.tenant.keys, "_published", None)
    idp.browser.get("/.well-known/jwks.json", base_url=idp.url)
    (entry,) = idp.tenant.journal
    assert (entry.is_bug, entry.status, entry.error) == (True, 500, "server_error")


def test_time_goes_by_the_tenants_clock(idp, last, monkeypatch):
    at = idp.tenant.now()
    idp.get("/.well-known/jwks.json")
    assert (last().at, last().duration) == (at, 0.0)
    monkeypatch.setattr(
        type(idp.tenant.keys), "jwks_json", property(lambda _keys: idp.later(1.5) or b"{}")
    )
    idp.get("/.well-known/jwks.json")
    assert (last().at, last().duration) == (at, 1.5)


# --- no secret whole ---


def test_no_entry_holds_a_secret_whole(idp):
    page = idp.authorize(prompt="login").location
    idp.submit(page, username="alice@acme.example", password="guessed-password")
    idp.submit(page, username="alice@acme.example", password=PASSWORD_OF_ALL)
    code = idp.callback(code_challenge=VERIFIER)["code"]
    tokens = idp.redeem(code, code_verifier=VERIFIER).json
    more = idp.tokens(scope="openid offline_access", audience=API)
    answers = [
        idp.redeem(code),
        idp.redeem("a-code-that-nobody-made"),
        idp.refresh(more["refresh_token"], client_id="other"),
        idp.refresh(more["refresh_token"]),
        idp.password_token(),
        idp.password_token(password="guessed-password"),
        idp.userinfo(tokens["access_token"]),
        idp.userinfo(more["access_token"]),
        idp.get("/userinfo", access_token=more["id_token"]),
        idp.get("/oidc/logout", id_token_hint=tokens["id_token"], client_id="other"),
        idp.post("/oauth/token", headers=basic("web", "guessed-secret"), grant_type="password"),
        idp.post("/oauth/token", json_body={"client_secret": ["web-secret"], "client_id": "web"}),
    ]
    secrets = [code, VERIFIER, PASSWORD_OF_ALL, "web-secret", "other-secret", "guessed-password"]
    secrets += ["guessed-secret", "a-code-that-nobody-made"]
    secrets += [one[name] for one in (tokens, more) for name in ("access_token", "id_token")]
    secrets += [more["refresh_token"]]
    told = idp.tenant.journal.to_json()
    assert len(answers) < len(idp.tenant.journal)
    assert [secret for secret in secrets if secret in told] == []
