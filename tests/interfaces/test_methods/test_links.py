"""The methods for impersonation links, sign-ins, explanations and assertions."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from helpers.acme import ACME, CALLBACK, with_settings
from helpers.tenant_client import Fields, claims_of, hint
from mockidp import MockIdPError
from mockidp.tenant.content.settings import ImpersonationSettings


def open_link(wire, link):
    return wire.request("GET", link.removeprefix(wire.url))


def test_a_link_logs_an_admin_in_as_a_user(idp, wire):
    answer = open_link(wire, idp.impersonation_link("alice", impersonator="bob", state="to-admin"))
    sent = dict(parse_qsl(urlsplit(answer.location).query))
    assert answer.location.startswith(f"{CALLBACK}?")
    assert sent["state"] == "to-admin"
    tokens = wire.redeem(sent["code"]).json
    assert wire.userinfo(tokens["access_token"]).json["impersonator"]["user_id"] == "auth0|bob"


def test_a_link_with_every_argument(idp, wire):
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


def test_a_link_can_post_its_answer_to_the_callback(idp, wire):
    link = idp.impersonation_link("alice", state="s", response_mode="form_post")
    form = Fields(open_link(wire, link).text)
    assert (form.action, list(form.values)) == (CALLBACK, ["code", "state"])


def test_a_link_without_a_state_is_a_bad_mac_unless_a_setting_allows_it(interface, idp, wire):
    answer = open_link(wire, idp.impersonation_link("alice"))
    assert (answer.status_code, "state" in hint(answer)) == (401, True)
    lenient = with_settings(impersonation=ImpersonationSettings(require_state=False))
    idp = interface.make(lenient)
    wire = interface.wire(idp)
    assert open_link(wire, idp.impersonation_link("alice")).status_code == 302


@pytest.mark.parametrize("setting", ["issuer", "browser_url"])
def test_a_link_uses_the_url_for_browsers_unless_a_url_is_given(interface, setting):
    idp = interface.make(with_settings(**{setting: "https://login.acme.example/"}))
    link = idp.impersonation_link("alice", state="s")
    assert link.startswith("https://login.acme.example/users/auth0%7Calice/impersonate?&bewit=")
    link = idp.impersonation_link("alice", state="s", url="http://localhost:1")
    assert link.startswith("http://localhost:1/users/")


def test_a_link_expires_by_the_tenants_clock(idp, wire):
    link = idp.impersonation_link("alice", state="s", ttl=60)
    idp.clock.advance(60)
    assert open_link(wire, link).status_code == 401
    assert "expired" in idp.journal.last("impersonation_link").hint


@pytest.mark.parametrize(
    ("arguments", "message"),
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
def test_invalid_arguments_of_impersonation_link_are_reported(idp, arguments, message):
    with pytest.raises(MockIdPError) as caught:
        idp.impersonation_link(**arguments)
    assert message in str(caught.value)


def test_without_a_client_with_a_callback_the_error_says_what_to_name(interface):
    idp = interface.make()
    with pytest.raises(MockIdPError, match="Name a client and a `callback_url`"):
        idp.impersonation_link("alice")
    assert idp.impersonation_link("alice", client="app", callback_url=CALLBACK)


def test_the_impersonator_is_the_admin_or_else_another_user(interface):
    def impersonator(*names):
        users = [{"user_id": f"auth0|{name}"} for name in names]
        idp = interface.make({"users": users, "clients": [{"name": "w", "callbacks": [CALLBACK]}]})
        return idp.explain(idp.impersonation_link(names[0], state="s")).decoded["impersonator"]

    assert impersonator("alice", "bob", "admin") == "auth0|admin"
    assert impersonator("alice", "bob") == "auth0|bob"
    assert impersonator("alice") == "auth0|alice"


# --- sign-ins ---


def test_only_the_next_authorization_request_is_answered_at_once(idp, wire):
    idp.sign_in_as("bob")
    answer = wire.authorize()
    assert answer.location.startswith(f"{CALLBACK}?")
    code = dict(parse_qsl(urlsplit(answer.location).query))["code"]
    assert claims_of(wire.redeem(code).json["id_token"])["sub"] == "auth0|bob"
    assert wire.another_browser().authorize().location.startswith("/u/login")


def test_a_sign_in_can_be_for_one_client(idp, wire):
    idp.sign_in_as("bob", client="other")
    assert wire.authorize().location.startswith("/u/login")
    assert wire.authorize(client_id="other").location.startswith(CALLBACK)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("eve",), "There is no user 'eve'"), (("bob", "wob"), "no client 'wob'. Known: web")],
)
def test_invalid_arguments_of_sign_in_as_are_reported(idp, arguments, message):
    user, *client = arguments
    with pytest.raises(MockIdPError, match=message):
        idp.sign_in_as(user, client=client[0] if client else None)


# --- explanations and assertions ---


def test_explain_does_not_use_up_a_code(idp, wire):
    sent = wire.callback()
    for _ in range(2):
        explained = idp.explain(sent["code"])
        assert (explained.kind, explained.accepted) == ("authorization code", True)
    assert wire.redeem(sent["code"]).status_code == 200
    assert idp.explain(sent["code"]).accepted is False
    assert idp.explain("nonsense").kind == "unknown"


def test_the_assertions_use_the_journal_of_the_tenant(idp, wire, behind):
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
