"""Second requests of the same browser: who has to log in again, and what `auth_time` says."""

import secrets

LOGIN_PAGE = "/u/login"


def check_same_authentication(rp, first, second):
    """Check that the second request was answered from the session of the first."""
    assert first.arrival.pages == [LOGIN_PAGE]
    assert second.arrival.pages == []
    assert first.claims["sub"] == second.claims["sub"]
    if "auth_time" in first.claims:
        assert (
            second.claims.get("auth_time", first.claims["auth_time"]) == first.claims["auth_time"]
        )


def log_in_twice(rp, provider, seconds, **changes):
    """Log in, wait, log in again, and return both logins. The second has to show the page."""
    first = rp.log_in()
    provider.idp.clock.advance(seconds)
    earliest = int(provider.now)
    second = rp.log_in(**changes)
    assert second.arrival.pages == [LOGIN_PAGE]
    assert earliest <= second.claims["auth_time"] <= provider.now
    assert second.claims["auth_time"] > first.claims["iat"]
    return first, second


def test_oidcc_prompt_login(rp, provider):
    log_in_twice(rp, provider, 1, prompt="login")


def test_oidcc_max_age_1(rp, provider):
    log_in_twice(rp, provider, 2, max_age="1")


def test_oidcc_max_age_10000(rp):
    first, second = rp.log_in(max_age="15000"), rp.log_in(max_age="10000")
    check_same_authentication(rp, first, second)
    assert first.claims["auth_time"] == second.claims["auth_time"]


def test_oidcc_prompt_none_logged_in(rp):
    check_same_authentication(rp, rp.log_in(), rp.log_in(prompt="none"))


def test_oidcc_id_token_hint(rp):
    first = rp.log_in()
    second = rp.log_in(prompt="none", id_token_hint=first.id_token)
    check_same_authentication(rp, first, second)


def test_oidcc_prompt_none_not_logged_in(rp):
    state = secrets.token_hex(64)
    rp.expect_error(rp.request(prompt="none", state=state), "login_required")
