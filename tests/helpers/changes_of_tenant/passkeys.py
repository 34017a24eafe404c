"""Requests for passkeys."""

import json
from functools import partial

from helpers.changes_of_tenant.words import LOGIN

WEBAUTHN = "urn:okta:params:oauth:grant-type:webauthn"
_OPTIONS = {"authentication_methods": {"passkey": {"enabled": True}}}
ENABLED = {"databases": [{"name": "Username-Password-Authentication", "options": _OPTIONS}]}
"""The section of a tenant file that lets users have passkeys."""


def _start(step, mock, **body):
    mock.control("PATCH", "/tenant", ENABLED)
    mock.control("PATCH", "/clients/acme-spa", {"grant_types": [WEBAUTHN]})
    sent = json.dumps({"client_id": "acme-spa", **body})
    return lambda: mock.send("POST", f"/passkey/{step}", sent, content_type="application/json")


challenge = partial(_start, "challenge")
"""Return the request for a challenge."""
sign_up = partial(_start, "register", user_profile={"email": "new@acme.example"})
"""Return the request for the challenge of a sign-up."""


def decline(mock):
    """Return the form of a user who wants no passkey."""
    mock.control("PATCH", "/tenant", {**ENABLED, "prompts": {"identifier_first": True}})
    state = mock.login_page()
    user = {"username": LOGIN["username"], "action": "default"}
    mock.post(f"/u/login/identifier?state={state}", {"state": state, **user})
    password = {"state": state, "password": LOGIN["password"], "action": "default"}
    cookie = mock.post(f"/u/login/password?state={state}", password).cookie
    form = {"state": state, "action": "abort-passkey-enrollment"}
    return lambda: mock.post(f"/u/passkey-enrollment?state={state}", form, Cookie=cookie)
