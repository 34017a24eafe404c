"""An expired login page redirects to the default login route."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, URL, with_client, with_tenant
from helpers.tenant_client import TenantClient, hint

ROUTE = "https://start.example.com/"
CLIENT_ROUTE = "https://app.example.com/login?from=auth0#top"
ISS = "iss=http%3A%2F%2Flocalhost%3A9400%2F"


def finished_login(idp):
    """Return the login page's path with the state of a login that has ended."""
    login = idp.authorize().location
    idp.follow(idp.log_in(login))
    return login.removeprefix(URL)


def test_auth0_login_route__an_unknown_state_redirects_with_the_issuer():
    idp = TenantClient(with_tenant(default_redirection_uri=ROUTE))
    answer = idp.get("/u/login", state="long-gone")
    assert (answer.status_code, answer.location) == (302, f"{ROUTE}?{ISS}")
    assert "Parameter `state` names no login of this tenant" in hint(answer)


@pytest.mark.parametrize("parameters", [{}, {"state": ""}])
def test_auth0_login_route__a_missing_state_also_redirects(parameters):
    idp = TenantClient(with_tenant(default_redirection_uri=ROUTE))
    assert idp.get("/u/login", **parameters).location == f"{ROUTE}?{ISS}"


def test_auth0_login_route__a_finished_login_redirects_to_the_clients_own_url():
    document = with_tenant(default_redirection_uri=ROUTE)
    idp = TenantClient(with_client(document, "web", initiate_login_uri=CLIENT_ROUTE))
    answer = idp.get(finished_login(idp))
    assert answer.status_code == 302
    assert answer.location == f"https://app.example.com/login?from=auth0&{ISS}#top"
    assert "This login was already finished" in hint(answer)


def test_auth0_login_route__a_client_without_a_url_uses_the_tenants():
    idp = TenantClient(with_tenant(default_redirection_uri=ROUTE))
    assert idp.get(finished_login(idp)).location == f"{ROUTE}?{ISS}"


def test_auth0_login_route__a_removed_client_uses_the_tenants():
    document = with_tenant(default_redirection_uri=ROUTE)
    idp = TenantClient(with_client(document, "web", initiate_login_uri=CLIENT_ROUTE))
    page = finished_login(idp)
    idp.edit(replace(document, clients=document.clients[1:]))
    assert idp.get(page).location == f"{ROUTE}?{ISS}"


def test_auth0_login_route__an_expired_form_also_redirects():
    idp = TenantClient(with_client(ACME, "web", initiate_login_uri=CLIENT_ROUTE))
    login = idp.authorize().location
    idp.later(3601)
    answer = idp.log_in(login)
    assert answer.status_code == 302
    assert answer.location.startswith("https://app.example.com/login?")


@pytest.mark.parametrize("url", [None, ""])
def test_auth0_login_route__without_a_url_an_error_page_is_shown(url):
    idp = TenantClient(with_tenant(default_redirection_uri=url))
    answer = idp.get("/u/login", state="long-gone")
    assert answer.status_code == 400
    assert "we couldn&#39;t find your session" in answer.text


def test_auth0_login_route__an_active_login_is_shown():
    idp = TenantClient(with_tenant(default_redirection_uri=ROUTE))
    answer = idp.get(idp.authorize().location.removeprefix(URL))
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
