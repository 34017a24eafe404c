"""What a shop has to refuse, and what it has to put up with: one test for each of shop.bugs."""

import pytest

API = "https://api.shop.example/"


def test_it_checks_the_state(idp, browser):
    idp.fault("callback", wrong="state", times=1)
    assert browser.log_in("alice").status_code == 400
    assert browser.visit("/").json() == {"hello": None}


def test_it_checks_the_nonce(idp, browser):
    idp.fault("id_token", wrong="nonce", times=1)
    assert browser.log_in("alice").status_code == 400
    assert browser.visit("/").json() == {"hello": None}


def test_it_checks_the_audience(idp, call_api):
    token = idp.access_token(user="alice", audience=API, scope="read:orders", wrong="aud")
    assert call_api(token).status_code == 401


def test_it_refuses_tokens_without_a_signature(idp, call_api):
    token = idp.access_token(user="alice", audience=API, scope="read:orders", alg="none")
    assert call_api(token).status_code == 401


def test_it_uses_pkce(idp, browser):
    browser.log_in("alice")
    idp.assert_signed_in("alice", client="shop", pkce="S256")


def test_it_uses_each_refresh_token_once(idp, browser):
    # Every access token is about to expire, so that the shop needs a new one for every call.
    idp.fault("token", set={"expires_in": 1})
    browser.log_in("alice")
    assert browser.visit("/orders").status_code == 200
    assert browser.visit("/orders").status_code == 200
    idp.assert_token_requested(grant="refresh_token", client="shop", times=2)


def test_it_fetches_new_keys(idp, call_api):
    def fresh_token():
        return idp.access_token(user="alice", audience=API, scope="read:orders")

    assert call_api(fresh_token()).status_code == 200
    # The next key is published before it is needed, so only the one after it is new.
    idp.rotate_keys()
    idp.rotate_keys()
    assert call_api(fresh_token()).status_code == 200


def test_it_tries_again_after_a_429(idp, browser):
    with idp.fault("token", rate_limit=True, headers={"Retry-After": "0"}, times=1) as limit:
        browser.log_in("alice")
    assert limit.fired == 1
    assert browser.visit("/").json() == {"hello": "Alice"}


def test_it_allows_for_clocks_that_differ(idp, browser):
    idp.clock.skew = 30
    assert browser.log_in("alice").status_code == 200
    assert browser.visit("/orders").status_code == 200


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "/\t/evil.example/"],
)
def test_it_stays_at_home_after_the_login(idp, browser, shop, elsewhere):
    idp.sign_in_as("alice")
    arrived = browser.get(f"{shop}/login", params={"next": elsewhere}, timeout=10)
    assert arrived.url == f"{shop}/"
