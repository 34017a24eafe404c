"""Requests for codes and links in place of a password."""

import json

from helpers.changes_of_tenant.words import GRANTS

_EMAIL = {"name": "email", "strategy": "email"}
_RECIPIENT = {"client_id": "acme-spa", "connection": "email", "email": "new@acme.example"}


def _post_json(mock, path, body):
    return mock.send("POST", path, json.dumps(body), content_type="application/json")


def start(mock, **more):
    """Return the request for a code or a link."""
    mock.control("POST", "/connections", _EMAIL)
    return lambda: _post_json(mock, "/passwordless/start", _RECIPIENT | more)


def _passwordless_code(mock):
    """Return the last code that was sent."""
    start(mock, send="code")()
    return mock.control("GET", "/outbox").json["items"][-1]["code"]


def redeem(mock):
    """Return the token request with the code."""
    otp = "http://auth0.com/oauth/grant-type/passwordless/otp"
    mock.control("PATCH", "/clients/acme-spa", {"grant_types": [*GRANTS, otp]})
    form = {"grant_type": otp, "username": "new@acme.example", "realm": "email"}
    code = _passwordless_code(mock)
    return lambda: mock.token("acme-spa", **form, otp=code)


def guess(mock):
    """Return the request with a wrong code."""
    start(mock, send="code")()
    guess = _RECIPIENT | {"verification_code": "0"}
    return lambda: _post_json(mock, "/passwordless/verify", guess)


def open_link(mock):
    """Return the request that opens the link."""
    start(mock, authParams={"response_type": "code"})()
    link = mock.control("GET", "/outbox").json["items"][-1]["link"]
    return lambda: mock.get(link.removeprefix(mock.url))
