"""Requests at the page in place of an identity provider, and back from it."""

import json

from helpers.assertions import public_pem
from helpers.universal_logout import ISSUER, PATH, revocation_token, subject

GOOGLE = {"name": "google-oauth2", "strategy": "google-oauth2"}


def pick(mock):
    """Return the request of a new user on the page."""
    mock.control("POST", "/connections", GOOGLE)
    state = mock.authorize(connection="google-oauth2").sent["state"]
    form = {"state": state, "action": "create", "email": "dana@gmail.example"}
    return lambda: mock.post("/u/login/provider", form)


def come_back(mock):
    """Return the request with the code of the identity provider."""
    location = pick(mock)().headers["Location"]
    return lambda: mock.get(location)


def log_out(mock):
    """Return the request of an identity provider to log a user out."""
    connection = {"name": "okta", "strategy": "okta"}
    provider = {"connection": "okta", "issuer": ISSUER, "key": public_pem()}
    mock.control("POST", "/connections", connection)
    mock.control("PATCH", "/tenant", {"mockidp": {"identity_providers": [provider]}})
    mock.control("POST", "/users", {"user_id": "okta|okta|00u1", "connection": "okta"})
    mock.control("POST", "/sign-ins", {"user": "okta|okta|00u1"})
    mock.authorize()

    def act():
        token = revocation_token(f"{mock.url}{PATH}okta")
        return mock.send(
            "POST", f"{PATH}okta", json.dumps(subject("00u1")),
            content_type="application/json", Authorization=f"Bearer {token}",
        )  # fmt: skip

    return act
