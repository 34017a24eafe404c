"""Where app and browser are, and the one variable that each case takes."""

from urllib.parse import urlsplit

import pytest
import requests

API = "https://api.acme.example/"
PUBLISHED = "http://localhost:9400"
"""Where the browser finds the port that the container publishes."""


def test_an_app_in_a_container_and_a_browser_on_the_host(mock, client, browser, logs_in_and_out):
    server = mock(MOCKIDP_BROWSER_URL=PUBLISHED)
    outside = browser(server.as_published)
    assert logs_in_and_out(client(server.app_url), outside) == f"{server.app_url}/"


def test_without_the_variable_the_browser_is_sent_where_it_finds_nothing(mock, client, browser):
    server = mock()
    outside = browser(server.as_published)
    url = client(server.app_url).begins()
    assert url.startswith(f"{server.app_url}/authorize?")
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        outside.page.goto(url)


def test_everything_on_the_runner(mock, client, browser, logs_in_and_out):
    server = mock()
    assert logs_in_and_out(client(server.url), browser("localhost")) == f"{server.url}/"


def test_a_job_in_a_container_beside_the_service(mock, client, browser, logs_in_and_out):
    server = mock()
    inside = browser(server.as_service)
    assert logs_in_and_out(client(server.app_url), inside) == f"{server.app_url}/"


def test_a_pinned_issuer_is_for_clients_that_are_not_strict(
    mock, authlib, browser, logs_in_and_out
):
    server = mock(MOCKIDP_ISSUER=PUBLISHED)
    outside = browser(server.as_published)
    assert logs_in_and_out(authlib(server.app_url), outside) == f"{PUBLISHED}/"


def test_a_pinned_issuer_is_refused_by_a_strict_client_and_the_log_says_what_to_set(
    mock, openid_client
):
    server = mock(MOCKIDP_ISSUER=PUBLISHED)
    app = openid_client(server.app_url)
    for _ in range(2):
        refused = app.refusal()
        assert refused["code"] == "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED"
        assert "discovered metadata issuer does not match the expected issuer" in refused["message"]
    told = f"read at {server.app_url}/, but the issuer is {PUBLISHED}/: strict clients refuse that"
    assert server.log().count(told) == 1
    assert f"Set MOCKIDP_BROWSER_URL={PUBLISHED}/" in server.log()


@pytest.mark.parametrize(
    ("variables", "told"),
    [({"MOCKIDP_ISSUER": f"{PUBLISHED}/"}, (200, None)), ({}, (401, "Unexpected 'iss' value"))],
)
def test_an_api_in_a_container_checks_what_a_page_got_in_the_browser(mock, beside, variables, told):
    server = mock(**variables)
    asked = {
        "grant_type": "client_credentials",
        "client_id": "acme-m2m",
        "client_secret": "acme-m2m-secret",
        "audience": API,
    }
    token = requests.post(f"{server.url}/oauth/token", json=asked, timeout=10).json()
    given = {
        "issuer": f"{server.app_url}/",
        "audience": API,
        "scope": "read:items",
        "tokens": {"good": token["access_token"]},
    }
    answer = beside(server.app_url).node("guards.cjs", given)["express-oauth2-jwt-bearer"]["good"]
    assert (answer["status"], answer.get("message")) == told


def test_a_link_that_the_app_asks_for_is_opened_by_the_browser(mock, beside, browser):
    server = mock(MOCKIDP_BROWSER_URL=PUBLISHED)
    grant = {
        "grant_type": "client_credentials",
        "client_id": "acme-global",
        "client_secret": "acme-global-secret",
    }
    asked = {
        "protocol": "oauth2",
        "impersonator_id": "auth0|admin",
        "client_id": "acme-web",
        "additionalParameters": {"state": "to-admin", "response_type": "code"},
    }
    path = "/users/auth0%7Calice/impersonate"
    given = {"url": server.app_url, "path": path, "grant": grant, "asked": asked}
    link = beside(server.app_url).python("impersonation_link.py", given)
    assert link.startswith(f"{PUBLISHED}/users/auth0%7Calice/impersonate?&bewit=")
    outside = browser(server.as_published, "127.0.0.1")
    elsewhere = outside.page.goto(
        link.replace(PUBLISHED, server.url.replace("localhost", "127.0.0.1"))
    )
    assert elsewhere.status == 401
    assert "MOCKIDP_BROWSER_URL" in elsewhere.headers["mockidp-hint"]
    outside.page.goto(link)
    assert outside.arrives()["state"] == "to-admin"
    assert urlsplit(outside.page.url).path == "/callback"
