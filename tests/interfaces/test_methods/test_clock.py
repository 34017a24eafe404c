"""Every lifetime follows the tenant's clock, so no test has to wait."""

import time
from email.utils import parsedate_to_datetime
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlsplit

import pytest

from helpers.acme import API, CALLBACK
from helpers.tenant_client import claims_of

NOON = 1896091200


def date_of(answer):
    return int(parsedate_to_datetime(answer.headers["Date"]).timestamp())


def session_cookie(answer):
    (cookie,) = [
        one for one in answer.headers.getlist("Set-Cookie") if one.startswith("auth0-http=")
    ]
    return SimpleCookie(cookie)["auth0-http"]


def test_the_header_date_follows_now_and_iat_the_skew(idp, wire):
    idp.clock.skew = 90
    answer = wire.machine_token(audience=API)
    claims = claims_of(answer.json["access_token"])
    assert (date_of(answer), claims["iat"], claims["exp"]) == (NOON, NOON + 90, NOON + 90 + 86400)
    tokens = wire.tokens()
    claims = claims_of(tokens["id_token"])
    assert (claims["iat"], claims["exp"]) == (NOON + 90, NOON + 90 + 36000)
    assert claims_of(idp.access_token(audience=API))["iat"] == NOON + 90


def test_skewed_tokens_are_checked_by_the_clock_without_skew(idp):
    idp.clock.skew = -86400
    assert idp.explain(idp.access_token(audience=API)).accepted is False
    idp.clock.skew = 0
    assert idp.explain(idp.access_token(audience=API)).accepted is True


@pytest.mark.parametrize(("later", "status"), [(59, 200), (60, 403)])
def test_the_lifetime_of_codes(idp, wire, later, status):
    code = wire.callback()["code"]
    idp.clock.advance(later)
    assert wire.redeem(code).status_code == status


@pytest.mark.parametrize(("later", "status"), [(86399, 200), (86400, 401)])
def test_the_lifetime_of_opaque_access_tokens(idp, wire, later, status):
    token = idp.access_token(user="alice")
    idp.clock.advance(later)
    assert wire.userinfo(token).status_code == status


@pytest.mark.parametrize(("later", "status"), [(86399, 200), (86400, 401)])
def test_the_lifetime_of_api_access_tokens_at_userinfo(idp, wire, later, status):
    token = idp.access_token(audience=API, user="alice", scope="openid")
    idp.clock.advance(later)
    assert wire.userinfo(token).status_code == status


@pytest.mark.parametrize(("later", "status"), [((299,), 200), ((300,), 403), ((299,) * 4, 403)])
def test_the_idle_and_absolute_lifetimes_of_refresh_tokens(idp, wire, later, status):
    token = wire.tokens(client_id="spa", scope="openid offline_access")["refresh_token"]
    for seconds in later:
        idp.clock.advance(seconds)
        answer = wire.refresh(token, client_id="spa")
        token = answer.json.get("refresh_token")
    assert answer.status_code == status


@pytest.mark.parametrize(("later", "is_silent"), [(71 * 3600, True), (72 * 3600, False)])
def test_the_idle_lifetime_of_sessions(idp, wire, later, is_silent):
    wire.callback()
    idp.clock.advance(later)
    sent = urlsplit(wire.authorize(prompt="none").location)
    assert ("code" in dict(parse_qsl(sent.query))) is is_silent


def test_the_lifetime_of_login_pages(idp, wire):
    page = wire.authorize().location
    idp.clock.advance(3600)
    assert wire.submit(page, username="alice@acme.example", password="x").status_code == 400


def test_max_age_follows_the_clock(idp, wire):
    wire.callback()
    idp.clock.advance(10)
    assert wire.authorize(max_age="10").location.startswith(CALLBACK)
    idp.clock.advance(1)
    assert wire.authorize(max_age="10").location.startswith("/u/login")


@pytest.mark.parametrize(("later", "status"), [(119, 302), (120, 401)])
def test_the_lifetime_of_links(idp, wire, later, status):
    link = idp.impersonation_link("alice", state="s")
    idp.clock.advance(later)
    assert wire.request("GET", link.removeprefix(wire.url)).status_code == status


def test_a_session_cookie_expires_by_the_tenants_clock(idp, wire):
    page = wire.authorize().location
    answer = wire.submit(page, username="alice@acme.example", password="Passw0rd!")
    cookie = session_cookie(answer)
    lifetime = 168 * 3600
    assert int(cookie["max-age"]) == lifetime
    assert parsedate_to_datetime(cookie["expires"]).timestamp() == NOON + lifetime


def test_a_session_cookie_does_not_expire_after_the_year_9999(idp, wire):
    idp.clock.freeze("9999-12-31T23:59:00Z")
    page = wire.authorize().location
    answer = wire.submit(page, username="alice@acme.example", password="Passw0rd!")
    assert session_cookie(answer)["expires"] == "Fri, 31 Dec 9999 23:59:59 GMT"


def test_a_running_clock_that_is_set_continues(idp, wire):
    idp.clock.set("2040-01-01T00:00:00Z")
    idp.clock.resume()
    answer = wire.get("/.well-known/jwks.json")
    assert parsedate_to_datetime(answer.headers["Date"]).year == 2040


def test_the_journal_uses_the_tenants_clock(idp, wire):
    wire.get("/.well-known/jwks.json")
    idp.clock.advance(5)
    wire.get("/.well-known/jwks.json")
    assert [entry.at for entry in idp.journal] == [NOON, NOON + 5]
    assert {entry.duration for entry in idp.journal} == {0}


def test_the_clock_can_be_read_and_moved(idp):
    assert idp.clock.now() == NOON
    idp.clock.advance(-1.5)
    assert idp.clock.now() == NOON - 1.5
    idp.clock.skew = 5
    assert (idp.clock.skew, idp.clock.now()) == (5, NOON - 1.5)
    idp.clock.offset(3600)
    assert idp.clock.now() - time.time() == pytest.approx(3600, abs=60)
    idp.clock.freeze()
    assert idp.clock.now() == idp.clock.now()


@pytest.mark.parametrize(
    "move",
    [
        lambda clock: clock.set("tomorrow"),
        lambda clock: clock.freeze("2030-13-01T00:00:00Z"),
        lambda clock: clock.advance(float("nan")),
        lambda clock: clock.advance(1e18),
        lambda clock: clock.offset(10**400),
    ],
)
def test_an_invalid_time_is_refused_and_the_clock_does_not_move(idp, move):
    with pytest.raises(
        ValueError, match=r"Expected a time, found|Expected a number of seconds, found|year"
    ):
        move(idp.clock)
    assert idp.clock.now() == NOON


@pytest.mark.parametrize("verb", ["advance", "offset"])
def test_an_invalid_number_of_seconds_is_refused_and_the_clock_does_not_move(idp, verb):
    with pytest.raises(TypeError, match=r"Expected a number of seconds, found '1h'\."):
        getattr(idp.clock, verb)("1h")
    with pytest.raises(TypeError, match=r"Expected a number of seconds, found None\."):
        idp.clock.skew = None
    assert (idp.clock.now(), idp.clock.skew) == (NOON, 0)
