"""Requests to Auth0's legacy endpoints."""

import re

from helpers.changes_of_tenant.words import CALLBACK, LOGIN

_GRANTS = ["ro", "access_token"]
_GOOGLE = {"connection": "google-oauth2", "access_token": "ya29.of-gina"}


def _old_app(mock):
    flags = {"allow_legacy_ro_grant_types": True}
    assert mock.control("PATCH", "/tenant", {"tenant": {"flags": flags}}).status == 200
    client = {
        "client_id": "old",
        "oidc_conformant": False,
        "grant_types": [f"http://auth0.com/oauth/legacy/grant-type/{one}" for one in _GRANTS],
    }
    mock.control("POST", "/clients", client)


def resource_owner(mock):
    """Return the request for tokens for a password."""
    _old_app(mock)
    form = {"client_id": "old", "grant_type": "password", "scope": "openid", **LOGIN}
    return lambda: mock.post("/oauth/ro", form | {"connection": "Username-Password-Authentication"})


def social(mock):
    """Return the request for tokens for a token of Google."""
    _old_app(mock)
    google = {"name": "google-oauth2", "strategy": "google-oauth2"}
    mock.control("POST", "/connections", google)
    gina = {"user_id": "google-oauth2|1", "connection": "google-oauth2", "identities": [_GOOGLE]}
    mock.control("POST", "/users", gina)
    return lambda: mock.post("/oauth/access_token", {"client_id": "old"} | _GOOGLE)


def hosted_login(mock):
    """Return the request for a form that logs the browser in."""
    form = {
        "client_id": "acme-web", "redirect_uri": CALLBACK, "response_type": "code",
        "connection": "Username-Password-Authentication", **LOGIN,
    }  # fmt: skip
    return lambda: mock.post("/usernamepassword/login", form)


def post_form(mock):
    """Return the request that posts the form."""
    html = hosted_login(mock)().text
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', html))
    fields["wctx"] = fields["wctx"].replace("&#34;", '"')
    return lambda: mock.post("/login/callback", fields)


def unlink(mock):
    """Return the request that separates a linked account."""
    identities = [
        {"provider": "auth0", "user_id": "alice", "connection": "Username-Password-Authentication"},
        {"provider": "auth0", "user_id": "bob2", "connection": "Username-Password-Authentication"},
    ]
    assert mock.control("PATCH", "/users/auth0%7Calice", {"identities": identities}).status == 200
    token = resource_owner(mock)().json["access_token"]
    return lambda: mock.post("/unlink", {"access_token": token, "user_id": "auth0|bob2"})
