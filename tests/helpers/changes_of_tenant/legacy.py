"""Requests to Auth0's legacy endpoints."""

from helpers.changes_of_tenant.words import LOGIN

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
    assert mock.control("POST", "/clients", client).status == 200


def resource_owner(mock):
    """Return the request for tokens for a password."""
    _old_app(mock)
    form = {"client_id": "old", "grant_type": "password", "scope": "openid", **LOGIN}
    return lambda: mock.post("/oauth/ro", form | {"connection": "Username-Password-Authentication"})


def social(mock):
    """Return the request for tokens for a token of Google."""
    _old_app(mock)
    google = {"name": "google-oauth2", "strategy": "google-oauth2"}
    assert mock.control("POST", "/connections", google).status == 200
    gina = {"user_id": "google-oauth2|1", "connection": "google-oauth2", "identities": [_GOOGLE]}
    assert mock.control("POST", "/users", gina).status == 200
    return lambda: mock.post("/oauth/access_token", {"client_id": "old"} | _GOOGLE)
