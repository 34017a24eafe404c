"""Auth0's rate limits for the pages of a login and for the logins of one user."""

import pytest

from helpers.brute_force import ALICE, from_address
from helpers.cross_origin import co_authenticate
from helpers.methods import exhaust_rate_limit
from helpers.rate_limits import (
    REFUSED,
    client_of,
    wrong_password,
)
from helpers.tenant_client import hint


@pytest.fixture
def idp():
    return client_of()


def test_auth0_rate_limits__a_page_of_a_login_may_be_opened_20_times(idp):
    page = idp.authorize().location
    other = idp.authorize().location
    assert [idp.get(page).status_code for _ in range(21)] == [200] * 20 + [429]
    answer = idp.get(page)
    assert "You&#39;ve exceeded the rate limit for /u/login." in answer.text
    assert "invalid_request" in answer.text
    assert hint(answer).startswith(
        "Rate limit `page_view` is used up from 127.0.0.1 in one login on /u/login: it allows a "
        "burst of 20 requests, and 10 more per minute. "
    )
    assert idp.get(other).status_code == 200
    idp.later(6)
    assert idp.get(page).status_code == 200


def test_auth0_rate_limits__a_form_of_a_login_may_be_sent_10_times(idp):
    page = idp.authorize().location
    form = {"username": "nobody@acme.example", "password": "wrong"}
    statuses = [idp.submit(page, **form).status_code for _ in range(11)]
    assert statuses == [400] * 10 + [429]
    assert idp.get(page).status_code == 200
    idp.later(12)
    assert idp.submit(page, **form).status_code == 400


def test_auth0_rate_limits__a_page_without_a_login_does_not_count(idp):
    assert [idp.get("/u/login").status_code for _ in range(21)] == [400] * 21


def test_auth0_rate_limits__twenty_logins_of_one_user_are_allowed(idp):
    def log_in(address="127.0.0.1", **form):
        answer = from_address(idp, address, password="Passw0rd!", **form)
        idp.later(1)  # else the limit of the endpoint applies, with 30 requests
        return answer

    answers = [log_in() for _ in range(24)]
    assert [answer.status_code for answer in answers] == [200] * 23 + [429]
    assert answers[-1].json == REFUSED
    assert answers[-1].headers["X-RateLimit-Limit"] == "20"
    assert "`same_user_login` is used up from 127.0.0.1 for user auth0|alice" in hint(answers[-1])
    assert log_in("203.0.113.9").status_code == 200
    assert log_in(username="bob@acme.example").status_code == 200
    assert [log_in().status_code for _ in range(3)].count(429) == 2


def test_auth0_rate_limits__wrong_passwords_count_and_pages_share_the_limit(idp):
    exhaust_rate_limit(idp.tenant, "same_user_login", remaining=1)
    assert wrong_password(idp).status_code == 403
    assert wrong_password(idp).status_code == 429
    assert co_authenticate(idp).status_code == 429
    page = idp.authorize().location
    answer = idp.submit(page, username=ALICE, password="Passw0rd!")
    assert answer.status_code == 400
    assert 'data-error-code="same-user-login"' in answer.text
    assert "Too many login attempts for this user. Please wait, and try again later." in answer.text
    assert "Rate limit `same_user_login` is used up" in hint(answer)
    idp.later(6)
    assert idp.submit(page, username=ALICE, password="Passw0rd!").status_code == 302
