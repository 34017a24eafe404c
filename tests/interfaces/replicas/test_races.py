"""Fifty clients of two replicas use the same thing at once: one of them gets tokens."""

from collections import Counter
from urllib.parse import parse_qsl, urlsplit

import pytest

from helpers.app_under_test import CALLBACK, App, bearer
from helpers.tenant_client import race
from mockidp.clients.remote.disposable import DisposableIdP

COUNT = 50
ROTATING = {"rotation_type": "rotating", "expiration_type": "expiring"}


@pytest.fixture
def app(interface, session):
    return App(interface.url, session)


def raced(interface, act):
    """Call a function in fifty threads, each with a client that has its own connection."""

    def send():
        with interface.open_session() as session:
            return act(App(interface.url, session))

    return race(send, COUNT)


def statuses(interface, act):
    """Return the statuses of fifty requests, each over a connection of its own."""
    return Counter(raced(interface, lambda app: act(app).status_code))


def test_a_code_is_redeemed_once(app, interface):
    code = app.code()
    assert statuses(interface, lambda one: one.redeem(code)) == {200: 1, 403: COUNT - 1}


def test_a_link_opens_once(interface):
    link = interface.idp.impersonation_link("alice", client="app", callback_url=CALLBACK, state="s")
    opened = statuses(interface, lambda one: one.session.get(link, allow_redirects=False))
    assert opened == {302: 1, 401: COUNT - 1}


def test_every_login_of_a_user_is_counted(interface):
    before = interface.idp.get_user("alice").extra.get("logins_count", 0)
    raced(interface, App.code)
    assert interface.idp.get_user("alice").extra["logins_count"] == before + COUNT


# --- refresh tokens ---


def rotating_token(interface, app, leeway):
    """Return a refresh token of a client whose refresh tokens are rotated."""
    interface.idp.add_client(
        "app",
        name="App",
        client_secret="secret",
        callbacks=[CALLBACK],
        refresh_token={**ROTATING, "leeway": leeway},
    )
    return app.tokens()["refresh_token"]


def refresh(app, token):
    return app.token(grant_type="refresh_token", refresh_token=token)


def test_without_a_leeway_a_rotating_token_is_exchanged_once_and_its_family_revoked(app, interface):
    token = rotating_token(interface, app, leeway=0)
    answers = raced(interface, lambda one: refresh(one, token))
    assert Counter(one.status_code for one in answers) == {200: 1, 403: COUNT - 1}
    (newest,) = (one.json()["refresh_token"] for one in answers if one.status_code == 200)
    assert refresh(app, newest).status_code == 403


def test_within_the_leeway_every_exchange_of_a_rotating_token_gets_another_one(app, interface):
    token = rotating_token(interface, app, leeway=600)
    answers = raced(interface, lambda one: refresh(one, token).json()["refresh_token"])
    assert len({token, *answers}) == 1 + COUNT
    assert refresh(app, answers[0]).status_code == 200


# --- consents ---


@pytest.fixture
def third_party(interface):
    """A client that needs the consent of its users."""
    return interface.idp.add_client(
        "third", name="Third Party", callbacks=[CALLBACK], is_first_party=False
    )


def consent_page(app, scope):
    """Request a code, and log in if necessary. Return the URL of the consent page."""
    page = app.authorize(client_id="third", scope=scope)
    if urlsplit(page.url).path.endswith("/u/login"):
        page = app.log_in(page)
    assert urlsplit(page.url).path.endswith("/u/consent"), page.text
    return page.url


def accept(app, browser, url):
    """Accept a consent with the cookies of a browser. Return the parameters of the callback, if any."""
    app.session.cookies.update(browser.session.cookies)
    form = {"state": dict(parse_qsl(urlsplit(url).query))["state"], "action": "accept"}
    answer = app.follow(app.session.post(url, data=form, allow_redirects=False))
    return dict(parse_qsl(urlsplit(answer.headers.get("Location", "")).query))


@pytest.mark.usefixtures("third_party")
def test_the_consent_of_a_login_gives_one_code(app, interface):
    url = consent_page(app, "openid profile")
    answers = raced(interface, lambda one: accept(one, app, url))
    assert Counter(tuple(one) for one in answers) == {("code", "state"): 1, (): COUNT - 1}


@pytest.mark.usefixtures("third_party")
def test_consents_at_the_same_time_keep_the_scopes_of_all(app, interface):
    pages = iter([consent_page(app, f"openid scope:{number}") for number in range(COUNT)])
    assert all(raced(interface, lambda one: accept(one, app, next(pages))))
    headers = bearer(interface.idp.management_token("read:grants"))
    with interface.open_session() as session:
        (grant,) = session.get(f"{interface.url}/api/v2/grants", headers=headers).json()
    assert len(grant["scope"]) == 1 + COUNT


def test_both_replicas_answer(interface, replicas, session):
    nginx, urls = replicas
    path = interface.url.removeprefix(nginx)
    interface.idp.add_user("auth0|carol")
    for url in urls:
        users = session.get(f"{url}{path}/_mockidp/v1/users").json()["items"]
        assert "auth0|carol" in {one["user_id"] for one in users}


def test_a_disposable_tenant_is_deleted_in_both_replicas(replicas, session):
    nginx, urls = replicas
    idp = DisposableIdP(nginx)
    paths = [url + idp.url.removeprefix(nginx) + "/.well-known/jwks.json" for url in urls]
    keys = [session.get(path) for path in paths]
    assert keys[0].json() == keys[1].json()
    idp.delete()
    assert [session.get(path).status_code for path in paths] == [404, 404]
