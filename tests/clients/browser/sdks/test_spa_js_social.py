"""auth0-spa-js with social logins: the buttons, `connection`, and logins that fail at the provider."""

import pytest

from helpers.client_facts import refusals, shows
from mockidp import RemoteIdP

GOOGLE, GINA = "google-oauth2", "google-oauth2|1001"
ORIGIN = "http://localhost:3000"
CLAIMS = "async () => await client.getIdTokenClaims()"


@pytest.fixture(scope="module")
def site(installed):
    modules = installed("@auth0/auth0-spa-js")
    return [modules.parent / "apps" / "spa-js", modules]


@pytest.fixture
def remote(visitor):
    """The tenant has users of Google, and GitHub for another client. It is reset at the end."""
    remote = RemoteIdP(visitor.server.url)
    remote.add_connection(GOOGLE, strategy=GOOGLE)
    remote.add_connection("github", strategy="github", enabled_clients=["acme-web"])
    remote.add_user(GINA, email="gina@gmail.example", name="Gina Doe", given_name="Gina")
    remote.add_user("google-oauth2|1002", email="bill@gmail.example", blocked=True)
    return remote


def log_in(visitor, **parameters):
    """Open the application, and log in with these parameters."""
    parameters = {"redirect_uri": ORIGIN, "scope": "openid profile email"} | parameters
    visitor.open(domain=visitor.server.url, authorizationParams=parameters, clientId="acme-spa")
    visitor.wait_for_heading("Nobody")
    visitor.click("Log in")


def pick(visitor, email):
    visitor.page.get_by_test_id("pick-user").filter(has_text=email).click()


@shows("auth0-spa-js", "social login with `connection`", over="http")
def test_connection_skips_the_login_page(visitor, remote):
    log_in(visitor, connection=GOOGLE)
    visitor.wait_for_heading("Pick a user")
    pick(visitor, "gina@gmail.example")
    visitor.wait_for_heading("Hello gina@gmail.example")
    claims = visitor.evaluate(CLAIMS)
    assert (claims["sub"], claims["given_name"]) == (GINA, "Gina")
    visitor.page.reload()
    visitor.wait_for_heading("Hello gina@gmail.example")


def test_a_button_of_the_login_page_creates_a_user(visitor, remote):
    log_in(visitor)
    assert visitor.page.get_by_role("button", name="Continue with GitHub").count() == 0
    visitor.click("Continue with Google")
    visitor.page.get_by_label("Name", exact=True).fill("Nina Doe")
    visitor.page.get_by_label("Email").fill("nina@gmail.example")
    visitor.page.get_by_test_id("new-user").click()
    visitor.wait_for_heading("Hello nina@gmail.example")
    sub = visitor.evaluate(CLAIMS)["sub"]
    assert sub.startswith("google-oauth2|1")
    assert remote.get_user(sub).family_name == "Doe"


@shows("auth0-spa-js", refuses=["canceled social login"], over="http")
def test_a_user_cancels(visitor, remote):
    log_in(visitor, connection=GOOGLE)
    visitor.page.get_by_test_id("cancel").click()
    visitor.wait_for_heading("Failed")
    assert visitor.alert_text() == "access_denied: access_denied"


@shows("auth0-spa-js", refuses=["blocked social user"], over="http")
def test_a_blocked_user(visitor, remote):
    log_in(visitor, connection=GOOGLE)
    pick(visitor, "bill@gmail.example")
    visitor.wait_for_heading("Failed")
    assert visitor.alert_text() == "unauthorized: user is blocked"


@pytest.mark.parametrize(
    ("connection", "message"),
    refusals(
        "auth0-spa-js",
        {
            "unknown connection": ("google", "the connection was not found"),
            "connection that is not enabled": ("github", "no connections enabled for the client"),
        },
        over="http",
    ),
)
def test_a_connection_that_the_client_cannot_use(visitor, remote, connection, message):
    log_in(visitor, connection=connection)
    visitor.wait_for_heading("Failed")
    assert visitor.alert_text() == f"invalid_request: {message}"


@shows("auth0-spa-js", refuses=["failed social login"], over="http")
def test_the_provider_fails(visitor, remote):
    remote.fault("connection", refuse="provider_failed")
    log_in(visitor, connection=GOOGLE)
    pick(visitor, "gina@gmail.example")
    visitor.wait_for_heading("Failed")
    assert visitor.alert_text() == "access_denied: failed to obtain access token"
