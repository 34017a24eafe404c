"""Authlib's Flask client with social logins: `connection`, and logins that fail at the provider."""

import functools
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from authlib.integrations.base_client.errors import OAuthError

from helpers.client_facts import shows

from .test_authlib import Application

GOOGLE, GINA = "google-oauth2", "google-oauth2|1001"
client = functools.partial(shows, "Authlib (Flask)", over="http, https")


@pytest.fixture
def log_in(idp, url, user_of, monkeypatch):
    """Return a function that logs in with a connection, and answers for the provider."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    idp.add_connection(GOOGLE, strategy=GOOGLE)
    idp.add_connection("github", strategy="github", enabled_clients=["acme-spa"])
    idp.add_user(GINA, email="gina@gmail.example", given_name="Gina")
    idp.add_user("google-oauth2|1002", email="bill@gmail.example", blocked=True)

    def log_in(connection=GOOGLE, **form):
        application = Application(SimpleNamespace(url=url))
        user = user_of(application)
        page = user.visit(f"/?connection={connection}")
        assert urlsplit(page.url).path == "/u/login/provider"
        state = urlsplit(page.url).query.partition("state=")[2]
        user.session.post(page.url, data={"state": state, **form}, timeout=10)
        return application.token["userinfo"]

    return log_in


@client("social login with `connection`")
def test_a_social_user_logs_in(log_in):
    claims = log_in(action="pick", user_id=GINA)
    assert (claims["sub"], claims["given_name"]) == (GINA, "Gina")


@client(refuses=["canceled social login", "blocked social user", "failed social login"])
def test_a_login_that_fails_at_the_provider_is_refused(idp, log_in):
    with pytest.raises(OAuthError, match="access_denied: access_denied"):
        log_in(action="deny")
    fault = idp.fault("connection", refuse="provider_failed")
    with fault, pytest.raises(OAuthError, match="failed to obtain access token"):
        log_in(action="pick", user_id=GINA)
    with pytest.raises(OAuthError, match="unauthorized: user is blocked"):
        log_in(action="pick", user_id="google-oauth2|1002")


@client(refuses=["unknown connection", "connection that is not enabled"])
def test_a_connection_that_the_client_cannot_use_is_refused(log_in):
    with pytest.raises(OAuthError, match="the connection was not found"):
        log_in("google")
    with pytest.raises(OAuthError, match="no connections enabled for the client"):
        log_in("github")
