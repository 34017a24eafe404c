"""Logins, tokens and logouts in the journal, with their clients and users."""

from dataclasses import replace

from helpers.acme import API, CALLBACK
from helpers.tenant_client import basic
from mockidp.protocol.oauth.pkce import s256

VERIFIER = "verifier-" * 6


def names(entry):
    return [check.name for check in entry.trace]


def test_a_login_is_recorded_step_by_step(idp, last):
    idp.callback(scope="openid", audience=API)
    entries = [(one.endpoint, one.method, one.client, one.user) for one in idp.tenant.journal]
    assert entries == [
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
        "client_id", "redirect_uri", "response_mode", "response_type", "prompt",
        "max_age", "code_challenge", "pushed_request", "access_token", "organization",
        "connection", "audience", "session",
    ]  # fmt: skip
    assert last("resume").notes["scope"] == "openid"


def test_a_redeemed_code_is_recorded_with_all_checks(idp, last):
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
        "passed client_authentication(has_header=False)",
        "passed client_id(sent='web')",
        "passed client_secret(is_sent=True, method='client_secret_post')",
        f"passed grant_type(sent='authorization_code', allowed={entry_grants(idp)})",
        f"passed code(sent='{code[:8]}...', client='web')",
        f"passed redirect_uri(sent='{CALLBACK}', at_authorize='{CALLBACK}')",
        "passed code_verifier(sent='verifier...', method='S256')",
        "passed user(user='auth0|alice')",
        "passed audience(sent=None, default=None)",
    ]


def entry_grants(idp):
    return repr(idp.tenant.directory.client("web").grant_types)


def test_tokens_are_recorded_decoded(idp, last):
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


def test_an_opaque_token_is_recorded_with_its_meaning(idp, last):
    idp.tokens(scope="openid")
    access = next(token for token in last("token").tokens if token.kind == "access_token")
    assert access.header == {}
    assert access.claims == {
        "sub": "auth0|alice", "client_id": "web", "scope": "openid", "expires_in": 86400,
    }  # fmt: skip


def test_the_global_clients_token_is_recorded(idp, last):
    idp.token(client_id="global", grant_type="client_credentials")
    (token,) = last("token").tokens
    assert token.claims == {"client_id": "global", "for": "Management API v1"}


def test_a_refreshed_token_is_recorded_with_its_user_and_audience(idp, last):
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


def test_a_logout_names_the_user_whose_session_ended(idp, last):
    idp.callback()
    idp.get("/v2/logout", client_id="web")
    assert (last("logout").client, last("logout").user) == ("web", "auth0|alice")


def test_a_revocation_is_recorded(idp, last):
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


def test_a_client_in_a_basic_header_is_recorded(idp, last):
    for secret in ("web-secret", "wrong"):
        idp.post("/oauth/token", headers=basic("web", secret), grant_type="refresh_token")
        assert last("token").client == "web"
    assert last("token").grant == "refresh_token"
    assert last("token").failed.name == "client_secret"


def test_an_unknown_client_is_recorded_as_it_was_sent(idp, last):
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
    document = idp.tenant.document
    others = tuple(one for one in document.clients if one.client_id != "web")
    idp.edit(replace(document, clients=others))
    idp.get(page)
    assert str(last("login").failed).startswith(
        "failed client_id(waiting='web'): Client web was removed while the page was open."
    )
