"""Examples of sessions that end, and of back-channel logout."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import requests

from mockidp import MockIdP

CALLBACK = "http://localhost:3000/callback"


def _log_in(idp: MockIdP) -> None:
    idp.sign_in_as("alice")
    request = {
        "client_id": "acme-web",
        "response_type": "code",
        "redirect_uri": CALLBACK,
        "scope": "openid",
    }
    answer = requests.get(f"{idp.url}/authorize", params=request, allow_redirects=False, timeout=5)
    [code] = parse_qs(urlsplit(answer.headers["Location"]).query)["code"]
    form = {
        "grant_type": "authorization_code",
        "client_id": "acme-web",
        "client_secret": "acme-web-secret",
        "code": code,
        "redirect_uri": CALLBACK,
    }
    assert requests.post(f"{idp.url}/oauth/token", data=form, timeout=5).status_code == 200


def end_sessions(idp: MockIdP) -> None:
    _log_in(idp)
    idp.end_sessions("alice")
    silent = {"client_id": "acme-web", "response_type": "code", "prompt": "none"}
    answer = requests.get(f"{idp.url}/authorize", params=silent, allow_redirects=False, timeout=5)
    assert "error=login_required" in answer.headers["Location"]


def logout_tokens(idp: MockIdP) -> None:
    logout = {
        "backchannel_logout_urls": ["http://localhost:3000/backchannel-logout"],
        "backchannel_logout_initiators": {"mode": "all"},
    }
    idp.patch_client("acme-web", oidc_logout=logout)
    _log_in(idp)
    idp.end_sessions("alice")
    [token] = idp.logout_tokens(client="acme-web")
    assert token.claims["sub"] == "auth0|alice"
    assert token.initiator == "session-revoked"
    assert token.state == "failed"  # because no app runs at port 3000 in this example
