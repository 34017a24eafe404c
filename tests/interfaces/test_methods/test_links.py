"""Impersonation links, sign-ins and explanations through the verbs."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from helpers.acme import ACME, CALLBACK, with_settings
from helpers.tenant_client import Fields, claims_of, hint
from mockidp import MockIdPError
from mockidp.tenant.settings import ImpersonationSettings


def open_link(wire, link):
    return wire.request("GET", link.removeprefix(wire.url))


def test_a_link_logs_an_admin_in_as_a_user(idp, wire):
    answer = open_link(wire, idp.impersonation_link("alice", impersonator="bob", state="to-admin"))
    sent = dict(parse_qsl(urlsplit(answer.location).query))
    assert answer.location.startswith(f"{CALLBACK}?")
    assert sent["state"] == "to-admin"
    tokens = wire.redeem(sent["code"]).json
    assert wire.userinfo(tokens["access_token"]).json["impersonator"]["user_id"] == "auth0|bob"


def test_a_link_takes_every_word(idp, wire):
    link = idp.impersonation_link(
        "alice@acme.example",
        client="other",
        state="s",
        callback_url=CALLBACK,
        response_type="token id_token",
        scope="openid email",
        audience="https://api.example/",
        ttl=5,
    )
    explained = idp.explain(link)
    assert explained.decoded["client"] == "other"
    assert explained.decoded["response_type"] == "token id_token"
    assert explained.reasons == (
        "The link is valid and logs in as auth0|alice. It expires in 5 s.",
    )
    fragment = dict(parse_qsl(urlsplit(open_link(wire, link).location).fragment))
    assert claims_of(fragment["id_token"])["email"] == "alice@acme.example"


def test_a_link_may_post_its_answer_to_the_callback(idp, wire):
    link = idp.impersonation_link("alice", state="s", response_mode="form_post")
    form = Fields(open_link(wire, link).text)
    assert (form.action, list(form.values)) == (CALLBACK, ["code", "state"])


def test_a_link_without_a_state_is_a_bad_mac_unless_the_setting_says_otherwise(face, idp, wire):
    answer = open_link(wire, idp.impersonation_link("alice"))
    assert (answer.status_code, "state" in hint(answer)) == (401, True)
    lax = with_settings(impersonation=ImpersonationSettings(require_state=False))
    idp = face.make(lax)
    wire = face.wire(idp)
    assert open_link(wire, idp.impersonation_link("alice")).status_code == 302


@pytest.mark.parametrize("setting", ["issuer", "browser_url"])
def test_a_link_is_for_the_browser_unless_it_is_said_for_whom(face, setting):
    idp = face.make(with_settings(**{setting: "https://login.acme.example/"}))
    link = idp.impersonation_link("alice", state="s")
    assert link.startswith("https://login.acme.example/users/auth0%7Calice/impersonate?&bewit=")
    link = idp.impersonation_link("alice", state="s", url="http://localhost:1")
    assert link.startswith("http://localhost:1/users/")


def test_a_link_obeys_the_clock(idp, wire):
    link = idp.impersonation_link("alice", state="s", ttl=60)
    idp.clock.advance(60)
    assert open_link(wire, link).status_code == 401
    assert "expired" in idp.journal.last("impersonation_link").hint


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        ({"user": "eve"}, "no user 'eve'"),
        ({"user": "alice", "impersonator": "eve"}, "no user 'eve'"),
        ({"user": "alice", "client": "wob"}, "The client does not exist"),
        ({"user": "alice", "callback_url": "http://x/"}, "Callback URL mismatch"),
        ({"user": "alice", "response_type": "x"}, "Unsupported response type"),
        ({"user": "alice", "response_mode": "query"}, "Set it to 'form_post'"),
        ({"user": "alice", "ttl": 0}, "Invalid ttl"),
    ],
)
def test_a_mistake_in_a_link_is_told(idp, ask, told):
    with pytest.raises(MockIdPError) as caught:
        idp.impersonation_link(**ask)
    assert told in str(caught.value)


def test_where_no_client_has_a_callback_it_says_what_to_name(face):
    idp = face.make()
    with pytest.raises(MockIdPError, match="Name a client and a `callback_url`"):
        idp.impersonation_link("alice")
    assert idp.impersonation_link("alice", client="app", callback_url=CALLBACK)


def test_the_impersonator_is_the_admin_or_else_another_user(face):
    def of(*names):
        users = [{"user_id": f"auth0|{name}"} for name in names]
        idp = face.make({"users": users, "clients": [{"name": "w", "callbacks": [CALLBACK]}]})
        return idp.explain(idp.impersonation_link(names[0], state="s")).decoded["impersonator"]

    assert of("alice", "bob", "admin") == "auth0|admin"
    assert of("alice", "bob") == "auth0|bob"
    assert of("alice") == "auth0|alice"


# --- sign-ins ---


def test_the_next_authorization_request_is_answered_at_once_and_only_that(idp, wire):
    idp.sign_in_as("bob")
    answer = wire.authorize()
    assert answer.location.startswith(f"{CALLBACK}?")
    code = dict(parse_qsl(urlsplit(answer.location).query))["code"]
    assert claims_of(wire.redeem(code).json["id_token"])["sub"] == "auth0|bob"
    assert wire.another_browser().authorize().location.startswith("/u/login")


def test_a_sign_in_may_be_for_one_client(idp, wire):
    idp.sign_in_as("bob", client="other")
    assert wire.authorize().location.startswith("/u/login")
    assert wire.authorize(client_id="other").location.startswith(CALLBACK)


@pytest.mark.parametrize(
    ("ask", "told"),
    [(("eve",), "There is no user 'eve'"), (("bob", "wob"), "no client 'wob'. Known: web")],
)
def test_a_mistake_in_a_sign_in_is_told(idp, ask, told):
    user, *client = ask
    with pytest.raises(MockIdPError, match=told):
        idp.sign_in_as(user, client=client[0] if client else None)


# --- explanations and assertions ---


def test_explain_says_what_a_thing_is_and_uses_nothing_up(idp, wire):
    sent = wire.callback()
    for _ in range(2):
        explained = idp.explain(sent["code"])
        assert (explained.kind, explained.accepted) == ("authorization code", True)
    assert wire.redeem(sent["code"]).status_code == 200
    assert idp.explain(sent["code"]).accepted is False
    assert idp.explain("nonsense").kind == "unknown"


def test_the_assertions_look_at_this_tenant_s_journal(idp, wire, behind):
    wire.tokens(nonce="n1")
    assert idp.assert_signed_in("alice", client="web", pkce=False, nonce=True, scope="openid")
    assert len(idp.assert_token_requested(grant="authorization_code", times=1)) == 1
    idp.assert_no_refusals()
    wire.redeem("no-code")
    idp.assert_no_refusals(ignoring="invalid_grant")
    with pytest.raises(AssertionError, match="Expected no refusals, found 1"):
        idp.assert_no_refusals()
    with pytest.raises(AssertionError, match="audience"):
        idp.assert_signed_in("alice", audience="https://api.example/")
    with pytest.raises(AssertionError, match="Expected 1 token request"):
        idp.assert_token_requested(times=1)
    assert len(ACME.clients) == len(behind.tenant.directory.clients)
