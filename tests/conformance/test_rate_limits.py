"""Auth0's rate limits: what each allows, when it refills, and how a request is refused."""

import pytest

from helpers.accounts import request_reset
from helpers.acme import ACME, API, ORIGIN, with_settings, with_tenant
from helpers.brute_force import ALICE
from helpers.interleaved import run_after_next_find
from helpers.legacy import LEGACY_TENANT, LegacyApp
from helpers.methods import exhaust_rate_limit
from helpers.rate_limits import (
    LIMITED,
    NOW,
    REFUSED,
    SENDERS,
    USERS,
    client_of,
    log_in_with_lock,
    numbers,
    start,
)
from helpers.tenant_client import bearer, hint, race
from mockidp.faults.vocabulary import ENDPOINTS
from mockidp.protocol.rate_limits import AUTHENTICATION_API, RATE_LIMITS
from mockidp.tenant.config.fault import parse_fault
from mockidp.tenant.content.tenant_settings import ErrorPage


@pytest.fixture
def idp():
    return client_of()


@pytest.mark.parametrize(
    ("name", "burst", "seconds"),
    [
        ("userinfo", 10, 12),
        ("token", 30, 1),
        ("change_password", 10, 60),
        ("passwordless_start", 50, 72),
        ("signup", 50, 2),
        ("co_authenticate", 5, 1),
        ("jwks", 20, 1),
    ],
)
def test_auth0_rate_limits__a_burst_is_allowed_and_then_refills(idp, name, burst, seconds):
    idp.token_of_alice = idp.tokens()["access_token"]
    idp.later(1)
    idp.reset_at = NOW + 1
    send = SENDERS[name]
    for number in range(1, burst + 1):
        answer = send(idp)
        assert answer.status_code == 200, (answer.text, hint(answer))
        limit, remaining, reset = numbers(answer)
        assert (limit, remaining) == (burst, burst - number)
        assert NOW + 1 < reset <= NOW + 1 + seconds
    answer = send(idp)
    assert (answer.status_code, answer.json) == (429, REFUSED)
    limit, remaining, reset, wait = numbers(answer)
    assert (limit, remaining, wait) == (burst, 0, reset - NOW - 1)
    assert hint(answer).startswith(f"Rate limit `{name}` is used up")
    assert send(idp).status_code == 429
    idp.later(seconds)
    assert send(idp).status_code == 200


def test_auth0_rate_limits__the_hint_names_limit_numbers_time_and_setting(idp):
    token = idp.tokens()["access_token"]
    for _ in range(10):
        assert idp.userinfo(token).status_code == 200
    answer = idp.userinfo(token)
    assert numbers(answer) == (10, 0, NOW + 12, 12)
    assert hint(answer) == (
        "Rate limit `userinfo` is used up for user auth0|alice: it allows a burst of 10 requests, "
        "and 5 more per minute. The next one is allowed at 2027-01-15 08:00:12 UTC on the tenant's "
        "clock, 12 seconds from now. Wait that long or call `idp.clock.advance(12)`, or set "
        "`mockidp.rate_limits` to off."
    )
    entry = idp.tenant.journal.last("userinfo")
    check = entry.trace[-1]
    assert (entry.status, entry.error, check.name) == (429, "too_many_requests", "rate_limit")
    assert check.compared == {"limit": "userinfo", "burst": 10, "remaining": 0}
    idp.later(11)
    assert "08:00:12 UTC on the tenant's clock, 1 second from now" in hint(idp.userinfo(token))


def test_mockidp_rate_limits__nothing_is_counted_by_default():
    idp = client_of(ACME)
    for _ in range(40):
        assert numbers(idp.machine_token()) == (100, 99, NOW + 1)
    assert idp.tenant.rate_limit_buckets.count() == 0
    assert numbers(idp.get("/.well-known/jwks.json")) == ()


def test_auth0_rate_limits__tokens_are_added_one_by_one(idp):
    exhaust_rate_limit(idp.tenant, "change_password")
    assert numbers(request_reset(idp)) == (10, 0, NOW + 60, 60)
    idp.later(59.5)
    assert numbers(request_reset(idp)) == (10, 0, NOW + 60, 1)
    idp.later(120.5)
    assert [request_reset(idp).status_code for _ in range(4)] == [200, 200, 200, 429]
    idp.later(86_400)
    assert numbers(request_reset(idp)) == (10, 9, NOW + 180 + 86_460)
    assert idp.tenant.rate_limit_buckets.history("change_password") is not None


def test_mockidp_rate_limits__a_clock_that_is_set_back_refills(idp):
    exhaust_rate_limit(idp.tenant, "jwks")
    idp.tenant.clock.freeze(NOW - 3600)
    assert numbers(idp.get("/.well-known/jwks.json")) == (20, 19, NOW - 3599)


def test_auth0_rate_limits__each_user_address_and_email_has_a_bucket(idp):
    apps = idp, idp.another_browser()
    tokens = [app.tokens(user)["access_token"] for app, user in zip(apps, USERS, strict=True)]
    idp.later(60)
    for _ in range(10):
        idp.userinfo(tokens[0])
        request_reset(idp)
    assert [idp.userinfo(token).status_code for token in tokens] == [429, 200]
    assert request_reset(idp, email=" ALICE@acme.example").status_code == 429
    assert request_reset(idp, email="bob@acme.example").status_code == 200
    elsewhere = {"environ_overrides": {"REMOTE_ADDR": "203.0.113.9"}}
    body = {"client_id": "web", "connection": "Username-Password-Authentication", "email": ALICE}
    path = "/dbconnections/change_password"
    assert idp.request("POST", path, json=body, **elsewhere).status_code == 200
    assert " from 127.0.0.1 for alice@acme.example: " in hint(request_reset(idp))


def test_auth0_rate_limits__requests_without_the_key_of_a_limit_do_not_count(idp):
    for _ in range(12):
        assert idp.userinfo("unknown").status_code == 401
        assert request_reset(idp, email=None).status_code == 400
    assert numbers(idp.userinfo("unknown")) == ()


def test_auth0_rate_limits__passwordless_requests_of_confidential_clients_do_not_count(idp):
    exhaust_rate_limit(idp.tenant, "passwordless_start")
    assert start(idp).status_code == 429
    answer = start(idp, client_id="web", client_secret="web-secret")
    assert (answer.status_code, numbers(answer)) == (200, ())


def test_auth0_rate_limits__the_tenant_has_a_limit_for_all_endpoints(idp):
    exhaust_rate_limit(idp.tenant, "authentication_api", remaining=2)
    assert numbers(idp.get("/.well-known/openid-configuration")) == ()
    assert numbers(idp.get("/.well-known/jwks.json")) == (20, 19, NOW + 1)
    answer = idp.machine_token(audience=API)
    assert (answer.status_code, answer.json["error_description"]) == (
        429, "Global limit has been reached",
    )  # fmt: skip
    assert numbers(answer) == (300, 0, NOW + 1, 1)
    assert hint(answer).startswith("Rate limit `authentication_api` is used up: it allows a burst")
    page = idp.authorize()
    assert (page.status_code, page.mimetype) == (429, "text/html")
    assert "too_many_requests" in page.text
    assert numbers(page) == (300, 0, NOW + 1, 1)
    idp.later(60)
    assert idp.machine_token(audience=API).status_code == 200


@pytest.mark.parametrize(
    ("limit", "send", "seconds"),
    [
        ("oauth_ro", LegacyApp.ro, 0.1),
        ("usernamepassword_login", log_in_with_lock, 0.2),
        ("delegation", lambda app: app.delegate(id_token=app.token_of_alice), 60),
        ("tokeninfo", lambda app: app.post("/tokeninfo", id_token=app.token_of_alice), 0.075),
    ],
)
def test_auth0_rate_limits__legacy_endpoints(limit, send, seconds):
    app = LegacyApp(with_settings(LEGACY_TENANT, rate_limits="auth0"))
    app.token_of_alice = app.id_token()
    exhaust_rate_limit(app.tenant, limit, remaining=1)
    assert [send(app).status_code for _ in range(2)] == [200, 429]
    app.later(seconds)
    assert [send(app).status_code for _ in range(2)] == [200, 429]


def test_auth0_rate_limits__a_request_that_the_endpoint_refuses_counts_for_the_tenant(idp):
    exhaust_rate_limit(idp.tenant, "authentication_api", remaining=2)
    exhaust_rate_limit(idp.tenant, "jwks")
    answers = [idp.get("/.well-known/jwks.json") for _ in range(3)]
    assert [numbers(answer)[0] for answer in answers] == [20, 20, 300]


def test_auth0_rate_limits__a_custom_error_page_gets_the_refusal(idp):
    url = "https://acme.example/error"
    idp.edit(with_tenant(LIMITED, error_page=ErrorPage(url=url)))
    exhaust_rate_limit(idp.tenant, "authentication_api")
    location = idp.authorize().location
    assert location.startswith(url)
    assert "error=too_many_requests" in location


def test_mockidp_rate_limits__exactly_the_allowed_number_of_concurrent_requests_passes(idp):
    answers = race(lambda: idp.another_browser().get("/.well-known/jwks.json"))
    assert sorted(answer.status_code for answer in answers) == [200] * 20 + [429] * 30
    left = sorted(int(one.headers["X-RateLimit-Remaining"]) for one in answers)
    assert left == [0] * 30 + list(range(20))


def test_mockidp_rate_limits__two_requests_at_the_same_time_are_both_counted(idp, monkeypatch):
    jwks = "/.well-known/jwks.json"
    run_after_next_find(monkeypatch, idp.tenant.rate_limit_buckets, lambda: idp.get(jwks))
    idp.get(jwks)
    assert idp.get(jwks).headers["X-RateLimit-Remaining"] == "17"


def test_mockidp_rate_limits__preflights_and_replaced_answers_do_not_count(idp):
    exhaust_rate_limit(idp.tenant, "jwks")
    assert idp.request("OPTIONS", "/.well-known/jwks.json").status_code == 204
    idp.tenant.faults.add(parse_fault({"endpoint": "jwks", "rate_limit": True, "times": 1}))
    answer = idp.get("/.well-known/jwks.json")
    assert numbers(answer) == (20, 0, NOW + 1, 1)
    assert answer.json == REFUSED | {"error_description": "Global limit has been reached"}
    assert hint(answer).startswith("Fault")


def test_mockidp_rate_limits__a_reset_refills_and_a_snapshot_restores(idp):
    exhaust_rate_limit(idp.tenant, "jwks", remaining=1)
    snapshot = idp.tenant.snapshot()
    jwks = "/.well-known/jwks.json"
    assert [idp.get(jwks).status_code for _ in range(2)] == [200, 429]
    idp.tenant.restore(snapshot)
    assert [idp.get(jwks).status_code for _ in range(2)] == [200, 429]
    idp.tenant.reset()
    assert idp.get(jwks).status_code == 200


def test_mockidp_rate_limits__headers_are_readable_by_pages_of_other_origins(idp):
    answer = idp.get("/.well-known/jwks.json", headers={"Origin": ORIGIN} | bearer("x"))
    assert "X-RateLimit-Remaining" in answer.headers["Access-Control-Expose-Headers"]


def test_every_endpoint_of_the_authentication_api_counts_for_the_tenant():
    counted = {name for name in ENDPOINTS if AUTHENTICATION_API.counts(name, "GET", "/")}
    assert set(ENDPOINTS) - counted == {"impersonate", "management", "unmatched"}
    named = {name for one in RATE_LIMITS for name in (*one.endpoints, *one.not_at)}
    assert named - {"*"} <= set(ENDPOINTS)


def test_every_limit_has_a_name_of_its_own_and_a_mark():
    assert len({one.name for one in RATE_LIMITS}) == len(RATE_LIMITS)
    assert {one.evidence for one in RATE_LIMITS} <= {"R", "D", "I", "U"}
