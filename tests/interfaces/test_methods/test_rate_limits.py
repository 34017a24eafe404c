"""The method `exhaust_rate_limit`."""

from dataclasses import replace

import pytest

from mockidp import MockIdPError

JWKS = "/.well-known/jwks.json"


@pytest.fixture
def valid_tenant(valid_tenant):
    settings = replace(valid_tenant.mockidp, rate_limits="auth0")
    return replace(valid_tenant, mockidp=settings)


@pytest.fixture
def idp(interface, valid_tenant):
    idp = interface.make(valid_tenant)
    idp.clock.freeze("2030-01-31T12:00:00Z")
    return idp


def statuses(wire, count):
    return [wire.get(JWKS).status_code for _ in range(count)]


def test_the_next_request_is_refused_until_the_clock_moves(idp, wire):
    assert statuses(wire, 1) == [200]
    idp.exhaust_rate_limit("jwks")
    assert statuses(wire, 2) == [429, 429]
    idp.clock.advance(0.05)
    assert statuses(wire, 2) == [200, 429]
    idp.clock.advance(1)
    assert statuses(wire, 21) == [200] * 20 + [429]


def test_some_requests_can_remain(idp, wire):
    idp.exhaust_rate_limit("jwks", remaining=2)
    assert statuses(wire, 3) == [200, 200, 429]


def test_the_whole_burst_can_remain(idp, wire):
    idp.exhaust_rate_limit("jwks")
    idp.exhaust_rate_limit("jwks", remaining=20)
    assert statuses(wire, 21) == [200] * 20 + [429]


def test_every_user_is_limited(idp, wire):
    token = wire.tokens()["access_token"]
    assert wire.userinfo(token).status_code == 200
    idp.exhaust_rate_limit("userinfo")
    assert wire.userinfo(token).status_code == 429
    other = wire.another_browser()
    assert other.userinfo(other.tokens("bob")["access_token"]).status_code == 429


def test_a_reset_refills(idp, wire):
    idp.exhaust_rate_limit("jwks")
    idp.reset()
    assert statuses(wire, 1) == [200]


@pytest.mark.parametrize("remaining", [-1, 21])
def test_no_other_number_can_remain(idp, remaining):
    expected = f"remaining: found {remaining}, expected a number from 0 to 20, which is the burst"
    with pytest.raises(MockIdPError, match=expected):
        idp.exhaust_rate_limit("jwks", remaining=remaining)


def test_an_unknown_limit_is_an_error(idp):
    with pytest.raises(MockIdPError, match=r"'jwk'.*jwks"):
        idp.exhaust_rate_limit("jwk")


def test_without_the_setting_it_is_an_error(interface, valid_tenant):
    settings = replace(valid_tenant.mockidp, rate_limits="off")
    idp = interface.make(replace(valid_tenant, mockidp=settings))
    with pytest.raises(
        MockIdPError, match="Setting `rate_limits` is off, so no request is counted"
    ):
        idp.exhaust_rate_limit("jwks")
