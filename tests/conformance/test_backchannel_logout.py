"""OpenID Connect Back-Channel Logout: which apps are told that a session has ended, and how."""

import threading

import joserfc.jwt
import jwt
import pytest
from joserfc.jwk import OctKey
from werkzeug.test import Client as WsgiClient

from helpers.accounts import choose, reset_link
from helpers.acme import ACME, with_client, with_settings
from helpers.backchannel_app import ALL, BackchannelApp, with_logout_url
from helpers.tenant_client import TenantClient, claims_of, hint
from mockidp.faults import Fault, When
from mockidp.protocol.logout_token import EVENT
from mockidp.resources.client_logout import BackchannelLogout, LogoutInitiators
from mockidp.tenant.logout_tokens import Wanted

BYE = "http://localhost:3000/bye"


@pytest.fixture
def app():
    with BackchannelApp().served() as served:
        yield served


@pytest.fixture
def idp(app):
    return TenantClient(with_logout_url(app.url))


def delivered(idp, times=1):
    """Return the logout tokens after their delivery."""
    idp.tenant.logout_delivery.pauses = (0, 0)
    return idp.tenant.logout_delivery.tokens.wait_for(Wanted(), times=times, timeout=10)


def attempts(idp):
    return idp.tenant.journal.of("backchannel_logout")


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


# --- delivery ---


def test_auth0_backchannel__a_server_error_is_retried(idp, app):
    app.statuses = [500, 503]
    idp.tokens()
    idp.tenant.logout_delivery.pauses = (0, 0)
    idp.get("/v2/logout")
    (sent,) = delivered(idp)
    assert (sent.state, sent.attempts, sent.problem) == ("delivered", 3, "")
    assert [(one.status, one.error) for one in attempts(idp)] == [
        (500, "delivery_failed"), (503, "delivery_failed"), (200, None),
    ]  # fmt: skip
    assert [one.notes["attempt"] for one in attempts(idp)] == [1, 2, 3]
    assert len({one["logout_token"] for one in app.posted}) == 1


def test_auth0_backchannel__there_is_no_fourth_attempt(idp, app):
    app.statuses = [500] * 9
    idp.tokens()
    idp.tenant.logout_delivery.pauses = (0, 0)
    idp.get("/v2/logout")
    (sent,) = delivered(idp)
    assert (sent.state, sent.attempts, sent.status) == ("failed", 3, 500)
    assert "The app answered 500" in sent.problem
    assert "See its log." in attempts(idp)[-1].hint


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (302, "Redirects are not followed."),
        (400, "It refused the logout token"),
        (403, "no CSRF token"),
        (405, "Add a route for POST, or correct `oidc_logout.backchannel_logout_urls`"),
        (422, "Answer 200 once the session has ended"),
    ],
)
def test_auth0_backchannel__another_status_is_not_retried_and_the_hint_has_the_remedy(
    idp, app, status, remedy
):
    app.statuses = [status]
    idp.tokens()
    idp.get("/v2/logout")
    (sent,) = delivered(idp)
    assert (sent.state, sent.attempts, sent.status) == ("failed", 1, status)
    assert remedy in sent.problem
    assert attempts(idp)[0].hint == sent.problem


def test_auth0_backchannel__an_app_that_does_not_listen_is_named_in_the_journal():
    idp = TenantClient(with_logout_url("http://127.0.0.1:1/logout"))
    idp.tokens()
    idp.tenant.logout_delivery.pauses = (0, 0)
    idp.get("/v2/logout")
    (sent,) = delivered(idp)
    assert (sent.state, sent.attempts, sent.status) == ("failed", 3, None)
    assert "The app cannot be reached at http://127.0.0.1:1/logout" in sent.problem
    assert "of client web" in sent.problem
    assert [one.status for one in attempts(idp)] == [0, 0, 0]


@pytest.mark.parametrize(
    "host", ["app.example.com", "169.254.169.254", "8.8.8.8", "[2001:4860:4860::8888]", "0.0.0.0"]
)
def test_backchannel_hosts__a_host_elsewhere_gets_no_request(host):
    idp = TenantClient(with_logout_url(f"http://{host}/logout"))
    idp.tokens()
    idp.get("/v2/logout")
    (sent,) = delivered(idp)
    assert (sent.state, sent.attempts, sent.status) == ("failed", 1, None)
    assert "is not local. Add it to `mockidp.backchannel_hosts`" in sent.problem
    assert sent.claims["aud"] == "web", "the token can still be read"


def test_backchannel_hosts__a_listed_host_gets_the_request():
    url = "http://app.invalid/logout"
    idp = TenantClient(with_settings(with_logout_url(url), backchannel_hosts=("APP.invalid",)))
    idp.tokens()
    idp.tenant.logout_delivery.pauses = (0, 0)
    idp.get("/v2/logout")
    (sent,) = delivered(idp)
    assert "cannot be reached at http://app.invalid/logout" in sent.problem


def test_oidc_backchannel_2_5__the_answer_does_not_wait_for_the_app(idp, app):
    app.waits = threading.Event()
    idp.tokens()
    idp.get("/v2/logout")
    (sent,) = idp.tenant.logout_delivery.tokens.of(Wanted())
    assert sent.state == "pending"
    app.waits.set()
    assert [one.state for one in delivered(idp)] == ["delivered"]
    assert [one.endpoint for one in idp.tenant.journal][-2:] == ["logout", "backchannel_logout"]


def test_backchannel__the_journal_has_the_facts_but_not_the_token(idp):
    idp.tokens()
    idp.get("/v2/logout")
    (sent,) = delivered(idp)
    (entry,) = attempts(idp)
    assert (entry.method, entry.url, entry.status) == ("POST", sent.url, 200)
    assert (entry.client, entry.user) == ("web", "auth0|alice")
    assert entry.notes == {"initiator": "rp-logout", "sid": sent.sid, "attempt": 1}
    assert sent.token not in idp.tenant.journal.to_json()


def test_backchannel__a_reset_cancels_deliveries(idp, app):
    app.waits = threading.Event()
    idp.tokens()
    idp.get("/v2/logout")
    idp.tenant.reset()
    app.waits.set()
    assert delivered(idp, 0) == []
    assert attempts(idp) == []


# --- faults ---


def add_fault(idp, endpoint, **words):
    return idp.tenant.faults.add(Fault(endpoint=endpoint, **words))


def test_faults__a_logout_token_can_be_wrong(idp, app):
    idp.tokens()
    fault = add_fault(idp, "logout_token", signature="another_key", wrong=("aud",))
    answer = idp.get("/v2/logout")
    (sent,) = delivered(idp)
    assert sent.claims["aud"] == "https://another-audience.example/"
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(
            sent.token, idp.tenant.keys.current.public_key, algorithms=["RS256"],
            options={"verify_aud": False, "verify_exp": False},
        )  # fmt: skip
    assert fault.fired == 1
    assert "the logout_token was changed" in hint(answer)
    assert app.posted[0]["logout_token"] == sent.token


def test_faults__a_logout_token_can_be_lost(idp, app):
    idp.tokens()
    add_fault(idp, "backchannel_logout", drop=True, times=1)
    answer = idp.get("/v2/logout")
    (sent,) = delivered(idp)
    assert (sent.state, sent.attempts, sent.status) == ("failed", 1, None)
    assert "the logout token was not sent" in sent.problem
    assert app.posted == []
    assert attempts(idp)[0].faults == ("backchannel_logout: drop",)
    assert "Fault `backchannel_logout: drop`" in hint(answer)


def test_faults__a_logout_token_can_be_late(idp, app):
    idp.tokens()
    fault = add_fault(idp, "backchannel_logout", delay=60)
    idp.get("/v2/logout")
    assert app.posted == []
    fault.cancel()
    assert [one.state for one in delivered(idp)] == ["delivered"]


def test_faults__those_for_another_client_do_not_fire(idp):
    idp.tokens()
    add_fault(idp, "backchannel_logout", drop=True, when=When(client="spa"))
    idp.get("/v2/logout")
    assert [one.state for one in delivered(idp)] == ["delivered"]
