"""@auth0/nextjs-auth0 with pushed authorization requests."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from helpers.client_facts import shows
from helpers.nextjs import CLIENT, URL
from mockidp import RemoteIdP


@pytest.fixture
def pushing(visitor, server, run_app):
    """Return the URL of an app that pushes its requests, in a tenant that accepts them."""
    document = f"{server.url}/_mockidp/v1/tenant"
    before = httpx.get(document).json()
    settings = before["tenant"] | {"pushed_authorization_requests_supported": True}
    httpx.put(document, json=before | {"tenant": settings}).raise_for_status()
    yield f"http://127.0.0.1:{run_app(pushedAuthorizationRequests=True)}"
    httpx.put(document, json=before).raise_for_status()


@shows("nextjs-auth0", "pushed authorization request", over="http")
def test_a_login_with_a_pushed_request(visitor, server, pushing):
    with httpx.Client(base_url=pushing) as browser:
        location = browser.get("/auth/login").headers["Location"]
        assert sorted(parse_qs(urlsplit(location).query)) == ["client_id", "request_uri"]
        RemoteIdP(server.url).sign_in_as("alice")
        callback = httpx.get(location).headers["Location"]
        browser.get(callback.removeprefix(URL))
        assert "Hello alice@acme.example" in browser.get("/").text
    again = httpx.get(location)
    assert again.status_code == 400
    assert "It was used at" in again.headers["Mockidp-Hint"]


@shows("nextjs-auth0", refuses=["pushed request with a wrong callback"], over="http")
@pytest.mark.parametrize(
    ("fields", "query", "hint"),
    [
        ({"callbacks": [f"{URL}/callback"]}, "", f"{URL}/auth/callback"),
        ({"client_secret": "another secret"}, "", "`client_secret` is not that of client"),
        ({}, "?audience=https://none/", "No API has the identifier 'https://none/'"),
    ],
)
def test_a_push_that_is_refused(visitor, pushing, fields, query, hint):
    visitor.patch_client("acme-web", **CLIENT | fields)
    answer = httpx.get(f"{pushing}/auth/login{query}")
    assert answer.status_code == 500
    [refused] = visitor.journal(endpoint="par")
    assert hint in refused["hint"]
