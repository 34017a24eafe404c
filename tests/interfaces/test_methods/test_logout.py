"""Sessions that end without the browser, and the logout tokens that apps get."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, API, permission
from helpers.backchannel_app import ALL, BackchannelApp, with_logout_url
from helpers.tenant_client import claims_of, sent_to_callback
from mockidp.errors import MockIdPError, TimedOut

VALID = replace(
    ACME,
    roles=(replace(ACME.roles[0], permissions=(permission("read:items", API),)),),
    users=(replace(ACME.users[0], roles=("viewer",)), *ACME.users[1:]),
)
"""The tenant without a reference to a missing role, which the control API would refuse."""


@pytest.fixture
def app():
    with BackchannelApp().served() as served:
        yield served


@pytest.fixture
def mock(interface, app):
    idp = interface.make(with_logout_url(app.url, document=VALID, initiators=ALL))
    interface.behind(idp).tenant.logout_delivery.pauses = (0, 0)
    return idp


@pytest.fixture
def browser(interface, mock):
    return interface.wire(mock)


def log_in(browser, **parameters):
    return browser.tokens(scope="openid offline_access", audience=API, **parameters)


def is_logged_in(browser):
    return "code" in sent_to_callback(browser.authorize(prompt="none"))


def refreshes(browser, tokens):
    return browser.refresh(tokens["refresh_token"]).status_code == 200


def test_ended_sessions_notify_the_apps(mock, browser, app):
    sid = claims_of(log_in(browser)["id_token"])["sid"]
    assert mock.logout_tokens() == []
    mock.end_sessions("alice")
    (token,) = mock.logout_tokens(client="web", user="alice", sid=sid, times=1)
    assert (token.initiator, token.state, token.status) == ("session-revoked", "delivered", 200)
    assert app.posted[0]["logout_token"] == token.token
    assert str(token) == "#1 delivered to client=web user=auth0|alice (session-revoked)"
    assert not is_logged_in(browser)
    mock.end_sessions("alice")
    assert len(mock.logout_tokens()) == 1


def test_a_query_selects_logout_tokens(mock, browser):
    log_in(browser)
    mock.end_sessions("alice")
    assert len(mock.logout_tokens(times=1)) == 1
    assert mock.logout_tokens(user="bob") == []
    assert mock.logout_tokens(client="spa") == []
    assert mock.logout_tokens(sid="x") == []
    assert mock.logout_tokens(after=1) == []


def test_one_session_can_be_ended(mock, browser):
    sid = claims_of(log_in(browser)["id_token"])["sid"]
    mock.end_sessions("alice", sid="another")
    assert is_logged_in(browser)
    mock.end_sessions("alice", sid=sid)
    assert not is_logged_in(browser)


def test_refresh_tokens_of_the_session_are_revoked_on_request(mock, browser):
    first, second = log_in(browser), log_in(browser)
    of_another_session = log_in(browser.another_browser())
    sid = claims_of(first["id_token"])["sid"]
    mock.end_sessions("alice", sid=sid)
    assert refreshes(browser, first)
    browser = browser.another_browser()
    third = log_in(browser)
    mock.end_sessions("alice", refresh_tokens=True)
    assert not refreshes(browser, third)
    assert not refreshes(browser, of_another_session)
    assert refreshes(browser, second), "its session had ended before"


def test_unknown_names_are_refused(mock):
    for call in (
        lambda: mock.end_sessions("nobody"),
        lambda: mock.logout_tokens(user="nobody"),
        lambda: mock.logout_tokens(client="nobody"),
    ):
        with pytest.raises(MockIdPError, match="'nobody'"):
            call()


def test_waiting_in_vain_lists_the_tokens(mock, browser):
    with pytest.raises(TimedOut, match=r"Waited 0 s for 1 logout tokens .* There is no logout"):
        mock.logout_tokens(times=1, timeout=0)
    log_in(browser)
    mock.end_sessions("alice")
    mock.logout_tokens()
    with pytest.raises(TimedOut) as waited:
        mock.logout_tokens(times=2, timeout=0)
    assert "#1 delivered to client=web" in str(waited.value)
    with pytest.raises(MockIdPError, match="Argument `timeout` is '5'"):
        mock.logout_tokens(timeout="5")


def test_a_failed_delivery_is_logged_and_is_no_refusal(mock, browser, app, caplog):
    caplog.set_level("INFO", "mockidp.backchannel_logout")
    app.statuses = [400]
    log_in(browser)
    mock.end_sessions("alice")
    (token,) = mock.logout_tokens(times=1)
    assert token.state == "failed"
    mock.assert_no_refusals()
    (line,) = [one.message for one in caplog.records if app.url in one.message]
    assert line == f"backchannel_logout 400 client='web' hint={token.problem!r}"


# --- changes of the user ---


@pytest.mark.parametrize(
    ("fields", "initiator"),
    [
        ({"blocked": True}, "account-deactivated"),
        ({"password": "N3w-Passw0rd!"}, "password-changed"),
    ],
)
def test_a_blocked_user_or_a_new_password_ends_the_sessions(mock, browser, fields, initiator):
    log_in(browser)
    mock.patch_user("alice", **fields)
    (token,) = mock.logout_tokens(times=1)
    assert token.initiator == initiator


def test_other_changes_keep_the_sessions(mock, browser):
    log_in(browser)
    mock.patch_user("alice", email="alice@home.example")
    mock.patch_client("web", name="Web")
    assert mock.logout_tokens() == []
    assert is_logged_in(browser)


def test_a_deleted_user_loses_sessions_and_refresh_tokens(mock, browser):
    tokens = log_in(browser)
    mock.remove_user("alice")
    (token,) = mock.logout_tokens(user="auth0|alice", times=1)
    assert (token.initiator, token.state) == ("account-deleted", "delivered")
    mock.add_user("alice", email="alice@acme.example", password="Passw0rd!")
    assert not refreshes(browser, tokens)
    assert not is_logged_in(browser)


# --- the clock ---


def test_a_moved_clock_ends_expired_sessions(mock, browser, app):
    log_in(browser)
    mock.clock.advance(80 * 3600)
    (token,) = mock.logout_tokens(times=1)
    assert token.initiator == "session-expired"
    assert len(app.posted) == 1


def test_a_reset_forgets_the_tokens(mock, browser):
    log_in(browser)
    mock.end_sessions("alice")
    mock.logout_tokens(times=1)
    mock.reset()
    assert mock.logout_tokens() == []


def test_a_snapshot_keeps_which_apps_are_notified(mock, browser):
    log_in(browser)
    before = mock.snapshot()
    mock.end_sessions("alice")
    mock.restore(before)
    mock.end_sessions("alice")
    assert [one.client_id for one in mock.logout_tokens(times=2)] == ["web", "web"]
