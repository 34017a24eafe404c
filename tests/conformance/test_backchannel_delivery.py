"""The delivery of logout tokens to apps: retries, refusals, hosts, the journal and faults."""

import threading

import jwt
import pytest

from helpers.acme import with_settings
from helpers.backchannel_app import attempts, delivered, with_logout_url
from helpers.tenant_client import TenantClient, hint
from mockidp.faults import Fault, When
from mockidp.tenant.logout.tokens import Wanted


@pytest.fixture
def idp(app):
    return TenantClient(with_logout_url(app.url))


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
