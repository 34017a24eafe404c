"""Requests for logins from a page of the app."""

import json

from helpers.changes_of_tenant.words import CALLBACK, LOGIN


def request_ticket(mock):
    """Return the request for a login ticket."""
    mock.control("PATCH", "/clients/acme-web", {"cross_origin_authentication": True})
    body = LOGIN | {
        "client_id": "acme-web", "realm": "Username-Password-Authentication",
        "credential_type": "http://auth0.com/oauth/grant-type/password-realm",
    }  # fmt: skip
    origin = CALLBACK.removesuffix("/callback")
    return lambda: mock.send(
        "POST", "/co/authenticate", json.dumps(body), content_type="application/json", Origin=origin
    )


def log_in(mock):
    """Return the authorization request with a login ticket."""
    answer = request_ticket(mock)()
    path = f"/authorize?client_id=acme-web&response_type=code&login_ticket={answer.json['login_ticket']}"
    return lambda: mock.get(path, Cookie=answer.cookie)


def verify(mock):
    """Return the form that verifies a browser without the cookie."""
    loc = f"{CALLBACK}-cross-auth"
    mock.control("PATCH", "/clients/acme-web", {"cross_origin_loc": loc})
    sent = request_ticket(mock)().json
    path = f"/authorize?client_id=acme-web&response_type=code&login_ticket={sent['login_ticket']}"
    state = mock.get(path).sent["state"]
    return lambda: mock.post("/co/verify", {"state": state, "verifier": sent["co_verifier"]})
