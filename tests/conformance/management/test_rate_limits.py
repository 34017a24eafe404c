"""The rate limit of the Management API, and its headers."""

import pytest

from helpers.acme import ACME, with_settings
from helpers.rate_limits import numbers
from helpers.tenant_client import hint


def frozen(idp):
    idp.frozen_at = int(idp.tenant.now())
    idp.tenant.clock.freeze(idp.frozen_at)
    return idp


@pytest.fixture
def limited(make_idp):
    return frozen(make_idp(document=with_settings(ACME, rate_limits="auth0")))


def test_ten_calls_are_allowed_and_then_two_in_each_second(limited):
    for left in range(9, -1, -1):
        answer = limited.call("GET", "/roles")
        assert answer.status_code == 200
        assert numbers(answer)[:2] == (10, left)
    refused = limited.call("POST", "/roles", {"name": "editor"})
    assert (refused.status_code, refused.json) == (
        429,
        {
            "statusCode": 429,
            "error": "Too Many Requests",
            "message": "Global limit has been reached",
            "errorCode": "too_many_requests",
        },
    )
    assert numbers(refused) == (10, 0, limited.frozen_at + 1, 1)
    assert "Rate limit `management_api` is used up" in hint(refused)
    limited.later(1)
    statuses = [limited.call("GET", "/roles").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_all_calls_count_and_those_of_other_apis_do_not(limited):
    for path in ("/roles", "/clients", "/none", "/users/none"):
        limited.call("GET", path)
    limited.get("/.well-known/jwks.json")
    assert numbers(limited.call("GET", "/roles", token="wrong"))[:2] == (10, 5)


@pytest.mark.parametrize("path", ["/roles", "/users/none", "/clients"])
def test_without_limits_the_reset_is_a_second_from_now(idp, path):
    assert numbers(frozen(idp).call("GET", path)) == (100, 99, idp.frozen_at + 1)
