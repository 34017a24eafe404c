"""The session cookie: name, attributes and lifetime."""

import re

import pytest

from helpers.tenant_client import TenantClient, claims_of


def cookie_after_login(idp):
    login = idp.authorize().location
    answer = idp.submit(login, username="alice@acme.example", password="Passw0rd!")
    return answer.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("url", "name", "attributes"),
    [
        ("http://localhost:9400", "auth0-http", {"HttpOnly", "Path=/", "SameSite=Lax"}),
        ("https://localhost:9443", "auth0", {"HttpOnly", "Path=/", "SameSite=None", "Secure"}),
    ],
)
def test_http_and_https_have_separate_cookies(url, name, attributes):
    pair, *rest = cookie_after_login(TenantClient(url=url)).split("; ")
    assert re.fullmatch(rf"{name}=[\w-]{{32}}", pair)
    assert {one for one in rest if not one.startswith(("Expires", "Max-Age"))} == attributes
    assert "Max-Age=604800" in rest


def test_a_cookie_of_http_is_not_a_session_on_https(idp):
    value = cookie_after_login(idp).partition("=")[2].partition(";")[0]
    secure = idp.another_browser("https://localhost:9443")
    for name, logged_in in (("auth0-http", False), ("auth0", True)):
        assert ("code" in secure.silent_login(f"{name}={value}")) is logged_in


def test_the_cookie_is_not_the_sid_that_tokens_show(idp):
    sid = claims_of(idp.tokens()["id_token"])["sid"]
    assert idp.browser.get_cookie("auth0-http", domain="localhost").value != sid


def test_the_cookie_of_an_ended_session_has_no_effect(idp):
    cookie = cookie_after_login(idp).partition(";")[0]
    assert "code" in idp.silent_login(cookie)
    assert idp.get("/v2/logout").status_code == 302
    assert idp.silent_login(cookie)["error"] == "login_required"


def test_only_a_login_sets_a_cookie(idp):
    for answer in (idp.authorize(), idp.get("/userinfo"), idp.machine_token(audience="x")):
        assert "Set-Cookie" not in answer.headers
