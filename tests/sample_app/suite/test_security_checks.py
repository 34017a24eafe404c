"""What the shop has to check and tolerate: one test for each of shop.bugs."""

import pytest

API = "https://api.shop.example/"


def test_the_state_is_checked(idp, browser):
    idp.fault("callback", wrong="state", times=1)
    assert browser.log_in("alice").status_code == 400
    assert browser.visit("/").json() == {"hello": None}


def test_the_nonce_is_checked(idp, browser):
    idp.fault("id_token", wrong="nonce", times=1)
    assert browser.log_in("alice").status_code == 400
    assert browser.visit("/").json() == {"hello": None}


def test_the_audience_is_checked(idp, call_api):
    token = idp.access_token(user="alice", audience=API, scope="read:orders", wrong="aud")
    assert call_api(token).status_code == 401


def test_unsigned_tokens_are_refused(idp, call_api):
    token = idp.access_token(user="alice", audience=API, scope="read:orders", alg="none")
    assert call_api(token).status_code == 401


def test_pkce_is_used(idp, browser):
    browser.log_in("alice")
    idp.assert_signed_in("alice", client="shop", pkce="S256")


def test_each_refresh_token_is_used_once(idp, browser):
    # Access tokens expire at once, so that the shop needs a new one for each call.
    idp.fault("token", set={"expires_in": 1})
    browser.log_in("alice")
    assert browser.visit("/orders").status_code == 200
    assert browser.visit("/orders").status_code == 200
    idp.assert_token_requested(grant="refresh_token", client="shop", times=2)


def test_new_keys_are_fetched(idp, call_api):
    def fresh_token():
        return idp.access_token(user="alice", audience=API, scope="read:orders")

    assert call_api(fresh_token()).status_code == 200
    # The next key is already published, so only the one after it is new.
    idp.rotate_keys()
    idp.rotate_keys()
    assert call_api(fresh_token()).status_code == 200


def test_a_request_is_retried_after_a_429(idp, browser):
    with idp.fault("token", rate_limit=True, headers={"Retry-After": "0"}, times=1) as limit:
        browser.log_in("alice")
    assert limit.fired == 1
    assert browser.visit("/").json() == {"hello": "Alice"}


def test_a_small_clock_difference_is_tolerated(idp, browser):
    idp.clock.skew = 30
    assert browser.log_in("alice").status_code == 200
    assert browser.visit("/orders").status_code == 200


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "/\t/evil.example/"],
)
def test_the_login_does_not_redirect_to_other_sites(idp, browser, shop, target):
    idp.sign_in_as("alice")
    page = browser.get(f"{shop}/login", params={"next": target}, timeout=10)
    assert page.url == f"{shop}/"
