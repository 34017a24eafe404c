"""Login, orders and logout of the shop."""

from urllib.parse import urlsplit

import pytest

API = "https://api.shop.example/"
PROFILE = "openid profile email"


def test_after_the_login_the_requested_page_is_shown(idp, browser, shop):
    idp.sign_in_as("alice")
    page = browser.visit("/profile")
    assert page.url == f"{shop}/profile"
    assert page.json()["email"] == "alice@shop.example"
    idp.assert_signed_in("alice", client="shop", nonce=True)


def test_a_user_who_is_logged_in_sees_her_orders(idp, browser):
    browser.log_in("alice")
    assert browser.visit("/orders").json() == {"of": "auth0|alice", "orders": ["a teapot"]}
    idp.assert_no_refusals()


def test_a_refused_user_is_not_logged_in(idp, browser):
    with idp.fault("callback", error="access_denied", description="Not today"):
        refused = browser.log_in("alice")
    assert (refused.status_code, "Not today" in refused.text) == (400, True)
    assert browser.visit("/").json() == {"hello": None}


def test_after_a_logout_the_next_login_shows_the_login_page(idp, browser, shop):
    browser.log_in("alice")
    assert urlsplit(browser.visit("/login").url).path == "/"
    assert browser.visit("/logout").url == f"{shop}/"
    assert browser.visit("/").json() == {"hello": None}
    assert browser.visit("/login").url.startswith(f"{idp.url}/u/login?")


def test_a_user_with_a_revoked_refresh_token_has_to_log_in_again(idp, browser):
    with idp.fault("token", set={"expires_in": 1}):
        browser.log_in("alice")
    with idp.fault("token", refuse="refresh_token_revoked", when={"grant": "refresh_token"}):
        assert browser.visit("/orders").json()["error"] == "invalid_grant"


def test_the_api_requires_a_token(shop, call_api, idp):
    assert call_api("").status_code == 401
    assert call_api("not-a-token").status_code == 401


def test_the_api_requires_the_scope(idp, call_api):
    refused = call_api(idp.access_token(user="alice", audience=API, scope="openid"))
    assert refused.status_code == 403
    assert "insufficient_scope" in refused.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    "change",
    [
        {"expired": True},
        {"not_yet_valid": True},
        {"wrong": "iss"},
        {"alg": "HS256"},
        {"kid": "unknown"},
        {"signature": "broken"},
        {"signature": "another_key"},
        {"remove": ["exp"]},
    ],
    ids=str,
)
def test_the_api_refuses_an_invalid_token(idp, call_api, change):
    token = idp.access_token(user="alice", audience=API, scope="read:orders", **change)
    assert call_api(token).status_code == 401


@pytest.mark.parametrize("change", [{"wrong": "aud"}, {"wrong": "iss"}, {"signature": "broken"}])
def test_the_shop_refuses_an_invalid_id_token(idp, browser, change):
    with idp.fault("id_token", **change):
        assert browser.log_in("alice").status_code == 400


def test_without_keys_the_api_answers_503(idp, call_api):
    token = idp.access_token(user="alice", audience=API, scope="read:orders")
    with idp.fault("jwks", status=503):
        assert call_api(token).status_code == 503
    assert call_api(token).status_code == 200


def test_the_api_fetches_the_keys_once(idp, call_api):
    for _ in range(3):
        token = idp.access_token(user="alice", audience=API, scope="read:orders")
        assert call_api(token).status_code == 200
    assert len(idp.journal.of("jwks")) == 1


def test_support_logs_in_as_a_user_with_an_impersonation_link(idp, browser, shop):
    browser.log_in("sam")
    prepared = browser.post(f"{shop}/support/profile", timeout=10).json()
    link = idp.impersonation_link("alice", impersonator="sam", scope=PROFILE, **prepared)
    profile = browser.visit(link).json()
    assert profile["email"] == "alice@shop.example"
    assert profile["impersonator"]["user_id"] == "auth0|sam"


def test_other_users_cannot_use_an_impersonation_link(idp, browser, shop):
    browser.log_in("alice")
    assert browser.post(f"{shop}/support/profile", timeout=10).status_code == 403
    link = idp.impersonation_link("sam", impersonator="alice", scope=PROFILE, state="made.up")
    assert browser.visit(link).status_code == 400
