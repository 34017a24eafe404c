"""OpenID Connect Back-Channel Logout: which apps are told that a session has ended, and how."""

import threading

import joserfc.jwt
import jwt
import pytest
from joserfc.jwk import OctKey
from werkzeug.test import Client as WsgiClient

from helpers.accounts import choose, reset_link
from helpers.acme import ACME, with_client, with_settings
from helpers.backchannel_app import ALL, delivered, with_logout_url
from helpers.tenant_client import TenantClient, claims_of, hint
from mockidp.protocol.logout.logout_token import EVENT
from mockidp.resources.client_logout import BackchannelLogout, LogoutInitiators

BYE = "http://localhost:3000/bye"


@pytest.fixture
def idp(app):
    return TenantClient(with_logout_url(app.url))


def test_oidc_backchannel_2_5__a_logout_posts_a_logout_token_to_the_app(idp, app):
    id_token = claims_of(idp.tokens()["id_token"])
    assert idp.get("/v2/logout", client_id="web", returnTo=BYE).location == BYE
    (token,) = delivered(idp)
    assert app.posted == [
        {
            "logout_token": token.token,
            "type": "application/x-www-form-urlencoded",
            "path": "/backchannel-logout",
        }
    ]
    assert (token.state, token.status, token.attempts) == ("delivered", 200, 1)
    assert (token.sid, token.user_id) == (id_token["sid"], "auth0|alice")


def test_oidc_backchannel_2_4__the_token_is_signed_and_has_no_nonce(idp):
    id_token = claims_of(idp.tokens(nonce="n")["id_token"])
    idp.get("/v2/logout")
    (sent,) = delivered(idp)
    key = idp.tenant.keys.current.public_key
    claims = jwt.decode(
        sent.token, key, algorithms=["RS256"], audience="web", options={"verify_exp": False}
    )
    assert list(claims) == ["iss", "sub", "aud", "iat", "exp", "jti", "events", "trace_id", "sid"]
    assert (claims["iss"], claims["sub"]) == (id_token["iss"], "auth0|alice")
    assert claims["sid"] == id_token["sid"]
    assert claims["exp"] - claims["iat"] == 120
    assert claims["iat"] == int(idp.tenant.now())
    assert claims["events"] == {EVENT: {}}
    assert claims == sent.claims


@pytest.mark.parametrize(("profile", "typ"), [("auth0", "JWT"), ("oidc", "logout+jwt")])
def test_oidc_backchannel_2_4__typ_is_auth0s_or_the_standards(app, profile, typ):
    idp = TenantClient(with_settings(with_logout_url(app.url), profile=profile))
    idp.tokens()
    idp.get("/v2/logout")
    (sent,) = delivered(idp)
    header = jwt.get_unverified_header(sent.token)
    assert (header["typ"], header["alg"]) == (typ, "RS256")
    assert header["kid"] == idp.tenant.keys.current.kid


@pytest.mark.filterwarnings("ignore:Key size")  # a short secret, as apps have
def test_auth0_backchannel__the_token_is_signed_like_the_clients_id_tokens(app):
    idp = TenantClient(with_logout_url(app.url, "hs256"))
    idp.tokens(client_id="hs256")
    idp.get("/v2/logout")
    (sent,) = delivered(idp)
    key = OctKey.import_key(b"hs256-secret")
    assert joserfc.jwt.decode(sent.token, key, algorithms=["HS256"]).claims["aud"] == "hs256"


def test_oidc_backchannel_2_5__each_client_of_the_session_gets_its_own_token(app):
    idp = TenantClient(with_logout_url(app.url, "web", "spa"))
    idp.tokens()
    idp.tokens(client_id="spa")
    idp.tokens()
    idp.get("/v2/logout", client_id="web")
    sent = delivered(idp)
    assert {one.client_id for one in sent} == {"web", "spa"}
    assert {one.claims["aud"] for one in sent} == {"web", "spa"}
    assert len({one.claims["jti"] for one in sent}) == len(sent) == 2
    assert len({one.sid for one in sent}) == 1


def test_auth0_backchannel__a_client_without_a_login_gets_no_token(app):
    idp = TenantClient(with_logout_url(app.url, "web", "spa"))
    idp.tokens(client_id="spa")
    idp.callback()  # the code is never redeemed
    idp.get("/v2/logout")
    assert [one.client_id for one in delivered(idp)] == ["spa"]


def test_auth0_backchannel__another_session_of_the_user_goes_on(idp):
    idp.tokens()
    other = idp.another_browser()
    sid = claims_of(other.tokens()["id_token"])["sid"]
    idp.get("/v2/logout")
    (sent,) = delivered(idp)
    assert sent.sid != sid
    other.get("/v2/logout")
    assert [one.sid for one in delivered(idp, 2)] == [sent.sid, sid]


def test_auth0_backchannel__an_unsubscribed_client_gets_no_token(idp):
    idp.tokens()
    idp.edit(ACME)
    idp.get("/v2/logout")
    assert delivered(idp, 0) == []


def test_auth0_backchannel__the_older_field_works_too(app):
    logout = BackchannelLogout(backchannel_logout_urls=(app.url,))
    idp = TenantClient(with_client(ACME, "web", oidc_backchannel_logout=logout))
    idp.tokens()
    idp.get("/v2/logout")
    assert [one.state for one in delivered(idp)] == ["delivered"]


def test_oidc_backchannel__only_one_of_two_logouts_sends_a_token(idp):
    idp.tokens()
    cookie = f"auth0-http={idp.browser.get_cookie('auth0-http').value}"
    start = threading.Barrier(50)

    def log_out():
        browser = WsgiClient(idp.app, use_cookies=False)
        start.wait()
        browser.get("/v2/logout", base_url=idp.url, headers={"Cookie": cookie})

    threads = [threading.Thread(target=log_out) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(delivered(idp)) == 1


def test_oidc_backchannel_2_4__a_logout_token_is_no_id_token_hint(idp):
    idp.tokens()
    idp.get("/v2/logout")
    (sent,) = delivered(idp)
    answer = idp.get("/oidc/logout", id_token_hint=sent.token)
    assert answer.status_code == 400
    assert "It is a logout token." in hint(answer)


# --- initiators ---


def subscribed(app, *selected):
    initiators = LogoutInitiators(selected_initiators=("rp-logout", "idp-logout", *selected))
    return TenantClient(with_logout_url(app.url, initiators=initiators))


def change_password(idp):
    return choose(idp, reset_link(idp), "Another-Passw0rd!")


@pytest.mark.parametrize("mode", ["all", "custom"])
def test_auth0_backchannel__a_changed_password_notifies_subscribed_clients(app, mode):
    idp = subscribed(app, "password-changed")
    if mode == "all":
        idp = TenantClient(with_logout_url(app.url, initiators=ALL))
    idp.tokens()
    assert change_password(idp).status_code == 200
    (sent,) = delivered(idp)
    assert (sent.initiator, sent.state) == ("password-changed", "delivered")


def test_auth0_backchannel__other_clients_are_named_in_a_hint(idp):
    idp.tokens()
    answer = change_password(idp)
    assert (
        "Client web gets no logout token, because its `backchannel_logout_initiators` do not "
        "include password-changed. Add it to `selected_initiators`, or set `mode` to all."
    ) in hint(answer)
    assert delivered(idp, 0) == []


def test_auth0_backchannel__an_expired_session_notifies_subscribed_clients(app):
    idp = subscribed(app, "session-expired")
    idp.tokens()
    idp.later(3600 * 73)
    idp.authorize()
    (sent,) = delivered(idp)
    assert sent.initiator == "session-expired"
    idp.authorize()
    assert len(delivered(idp)) == 1
