"""App and browser inside and outside of containers, and the variable that each case needs."""

from urllib.parse import urlsplit

import pytest
import requests

from helpers.client_facts import shows

API = "https://api.acme.example/"
PUBLISHED = "http://localhost:9400"
"""The URL of the published port of the container."""


def test_an_app_in_a_container_and_a_browser_on_the_host(mock, client, browser, log_in_and_out):
    server = mock(MOCKIDP_BROWSER_URL=PUBLISHED)
    outside = browser(server.as_published)
    assert log_in_and_out(client(server.app_url), outside) == f"{server.app_url}/"


def test_without_the_variable_the_browser_cannot_resolve_the_host(mock, client, browser):
    server = mock()
    outside = browser(server.as_published)
    url = client(server.app_url).start_login()
    assert url.startswith(f"{server.app_url}/authorize?")
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        outside.page.goto(url)


@shows("openid-client 6", "RP-initiated logout", over="http")
def test_app_and_browser_on_the_host(mock, client, browser, log_in_and_out):
    server = mock()
    assert log_in_and_out(client(server.url), browser("localhost")) == f"{server.url}/"


def test_app_and_browser_in_containers(mock, client, browser, log_in_and_out):
    server = mock()
    inside = browser(server.as_service)
    assert log_in_and_out(client(server.app_url), inside) == f"{server.app_url}/"


def test_a_fixed_issuer_works_with_lenient_clients(mock, authlib, browser, log_in_and_out):
    server = mock(MOCKIDP_ISSUER=PUBLISHED)
    outside = browser(server.as_published)
    assert log_in_and_out(authlib(server.app_url), outside) == f"{PUBLISHED}/"


@shows("openid-client 6", refuses=["wrong issuer in discovery"], over="http")
def test_a_strict_client_refuses_a_fixed_issuer_and_the_log_suggests_a_setting(mock, openid_client):
    server = mock(MOCKIDP_ISSUER=PUBLISHED)
    app = openid_client(server.app_url)
    for _ in range(2):
        refused = app.refusal()
        assert refused["code"] == "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED"
        assert "discovered metadata issuer does not match the expected issuer" in refused["message"]
    line = f"read at {server.app_url}/, but the issuer is {PUBLISHED}/: strict clients refuse that"
    assert server.log().count(line) == 1
    assert f"Set MOCKIDP_BROWSER_URL={PUBLISHED}/" in server.log()


@pytest.mark.parametrize(
    ("variables", "expected"),
    [({"MOCKIDP_ISSUER": f"{PUBLISHED}/"}, (200, None)), ({}, (401, "Unexpected 'iss' value"))],
)
def test_an_api_in_a_container_checks_a_token_from_the_browser(mock, place_of, variables, expected):
    server = mock(**variables)
    form = {
        "grant_type": "client_credentials",
        "client_id": "acme-m2m",
        "client_secret": "acme-m2m-secret",
        "audience": API,
    }
    token = requests.post(f"{server.url}/oauth/token", json=form, timeout=10).json()
    given = {
        "issuer": f"{server.app_url}/",
        "audience": API,
        "scope": "read:items",
        "tokens": {"good": token["access_token"]},
    }
    answer = place_of(server.app_url).node("guards.cjs", given)["express-oauth2-jwt-bearer"]["good"]
    assert (answer["status"], answer.get("message")) == expected


def test_the_browser_opens_a_link_that_the_app_requested(mock, place_of, browser):
    server = mock(MOCKIDP_BROWSER_URL=PUBLISHED)
    grant = {
        "grant_type": "client_credentials",
        "client_id": "acme-global",
        "client_secret": "acme-global-secret",
    }
    body = {
        "protocol": "oauth2",
        "impersonator_id": "auth0|admin",
        "client_id": "acme-web",
        "additionalParameters": {"state": "to-admin", "response_type": "code"},
    }
    path = "/users/auth0%7Calice/impersonate"
    given = {"url": server.app_url, "path": path, "grant": grant, "body": body}
    link = place_of(server.app_url).python("impersonation_link.py", given)
    assert link.startswith(f"{PUBLISHED}/users/auth0%7Calice/impersonate?&bewit=")
    outside = browser(server.as_published, "127.0.0.1")
    wrong_host = outside.page.goto(
        link.replace(PUBLISHED, server.url.replace("localhost", "127.0.0.1"))
    )
    assert wrong_host.status == 401
    assert "MOCKIDP_BROWSER_URL" in wrong_host.headers["mockidp-hint"]
    outside.page.goto(link)
    assert outside.wait_for_callback()["state"] == "to-admin"
    assert urlsplit(outside.page.url).path == "/callback"
