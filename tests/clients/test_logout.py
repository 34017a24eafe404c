"""Logout with real clients: apps that are told about it, and requests that are refused."""

import pytest

from helpers.client_facts import facts, shows
from helpers.free_ports import find_free_ports
from helpers.node_app import node_app
from helpers.tenant_client import claims_of

EXPRESS = "express-openid-connect"
BOTH = "http, https"


@pytest.fixture(scope="module", params=["url", "tls_url"])
def app(request, acme, remote, node_apps):
    """Return the URL of an app that ends a session when it receives a logout token."""
    port = find_free_ports([3000])[3000]
    url = f"http://localhost:{port}"
    logout = {
        "backchannel_logout_urls": [f"{url}/backchannel-logout"],
        "backchannel_logout_initiators": {"mode": "all"},
    }
    remote.add_client(
        "told",
        client_secret="told-secret",
        callbacks=[f"{url}/callback"],
        grant_types=["authorization_code"],
        oidc_logout=logout,
    )
    options = {
        "port": port,
        "baseURL": url,
        "issuerBaseURL": getattr(acme, request.param),
        "clientID": "told",
        "clientSecret": "told-secret",
        "authorizationParams": {"response_type": "code", "scope": "openid"},
    }
    with node_app(node_apps / "backchannel.cjs", options, ca_file=acme.ca_file):
        yield url


@pytest.fixture
def read(app, browser):
    """Return a function that opens a path of the app and returns its text."""
    return lambda path: browser.session.get(f"{app}{path}", timeout=10).text


@pytest.fixture
def log_in(read, remote):
    """Return a function that logs alice in to the app."""

    def log_in():
        remote.sign_in_as("alice")
        assert read("/login") == "Hello auth0|alice"
        return max((one.number for one in remote.logout_tokens()), default=0)

    return log_in


@shows(EXPRESS, "back-channel logout", over=BOTH)
def test_an_ended_session_ends_in_the_app(log_in, read, remote):
    last = log_in()
    remote.end_sessions("alice")
    [token] = remote.logout_tokens(client="told", after=last, times=1)
    assert (token.state, token.status) == ("delivered", 204), token.problem
    assert read("/") == "Nobody"


FAULTS = {
    "logout token with a wrong signature": {"signature": "another_key"},
    "expired logout token": {"expired": True},
    "logout token of another issuer": {"wrong": "iss"},
    "logout token for another client": {"wrong": "aud"},
    "logout token with a nonce": {"set": {"nonce": "n"}},
    "logout token without events": {"remove": "events"},
}


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(words, id=name, marks=facts(EXPRESS, refuses=[name], over=BOTH))
        for name, words in FAULTS.items()
    ],
)
def test_the_sdk_refuses_a_wrong_logout_token(log_in, read, remote, words):
    last = log_in()
    with remote.fault("logout_token", **words):
        remote.end_sessions("alice")
    [token] = remote.logout_tokens(client="told", after=last, times=1)
    assert (token.state, token.status, token.attempts) == ("failed", 400, 1)
    assert "It refused the logout token" in token.problem
    assert read("/") == "Hello auth0|alice"


def test_a_lost_logout_token_leaves_the_user_logged_in(log_in, read, remote):
    last = log_in()
    with remote.fault("backchannel_logout", drop=True):
        remote.end_sessions("alice")
    [token] = remote.logout_tokens(client="told", after=last, times=1)
    assert token.state == "failed"
    assert read("/") == "Hello auth0|alice"


CLIENT = "openid-client 6"
BYE = "http://localhost:3000"


@shows(
    CLIENT,
    "logout with a hint",
    refuses=[
        "logout to a URL that is not allowed",
        "logout hint of another session",
        "tampered ID token hint",
        "ID token hint of another client",
    ],
    over=BOTH,
)
@pytest.mark.parametrize("url", ["url", "tls_url"])
def test_the_tenant_refuses_wrong_logouts(node, acme, remote, url):
    issuer = getattr(acme, url)
    id_token = remote.id_token(user="alice", client="acme-spa", url=issuer, claims={"sid": "s1"})
    header, payload, signature = id_token.split(".")
    forged = f"{header}.{payload}.{signature[:-8]}AAAAAAAA"
    of_web = remote.id_token(user="alice", client="acme-web", url=issuer)
    requests = {
        "hinted": {"id_token_hint": id_token, "post_logout_redirect_uri": BYE, "state": "s"},
        "url": {"id_token_hint": id_token, "post_logout_redirect_uri": f"{BYE}/elsewhere"},
        "logout_hint": {"id_token_hint": id_token, "logout_hint": "s2"},
        "tampered": {"id_token_hint": forged},
        "client": {"id_token_hint": of_web},
    }
    given = {"issuer": issuer, "clientId": "acme-spa", "requests": requests}
    found = node("backchannel.mjs", given, ca_file=acme.ca_file)
    assert found["backchannel_logout_supported"] is True
    assert found["backchannel_logout_session_supported"] is True
    answers = found["answers"]
    assert claims_of(id_token)["aud"] == "acme-spa"
    assert answers.pop("hinted")["location"] == f"{BYE}?state=s"
    assert {one["status"] for one in answers.values()} == {400}
    assert "is not in `allowed_logout_urls` of client acme-spa" in answers["url"]["hint"]
    assert "is not the `sid` of the `id_token_hint`" in answers["logout_hint"]["hint"]
    assert "The signature does not match" in answers["tampered"]["hint"]
    assert "was issued to client acme-web" in answers["client"]["hint"]
