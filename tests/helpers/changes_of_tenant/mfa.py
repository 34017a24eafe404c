"""Requests for second factors."""

import json
from urllib.parse import quote

from helpers.changes_of_tenant.words import GRANTS, LOGIN

_MFA = "http://auth0.com/oauth/grant-type/mfa"
APP, PUSH = ("/mfa/totp", {"secret": "JBSWY3DPEHPK3PXP"}), ("/mfa/push", {})
_MFA_API = {"audience": "http://localhost/mfa/", "scope": "remove:authenticators"}


def mfa_token(mock, *factors, **form):
    """Demand a second factor of alice, who has enrolled some. Return an `mfa_token`."""
    names = ("otp", "sms", "email", "push-notification", "recovery-code")
    change = {
        "guardianFactors": [{"name": name, "enabled": True} for name in names],
        "guardianPolicies": {"policies": ["all-applications"]},
    }
    assert mock.control("PATCH", "/tenant", change).status == 200
    grants = [*GRANTS, "password", *(f"{_MFA}-{name}" for name in ("otp", "oob", "recovery-code"))]
    mock.control("PATCH", "/clients/acme-web", {"grant_types": grants})
    for path, fields in factors:
        assert mock.control("POST", path, {"user": "alice", **fields}).status < 300
    return mock.token(grant_type="password", **LOGIN, **form).json["mfa_token"]


def challenge(mock, *factors):
    """Return the request for a challenge by push notification."""
    token = mfa_token(mock, *factors)
    form = {
        "client_id": "acme-web", "client_secret": "acme-web-secret", "mfa_token": token,
        "challenge_type": "oob",
    }  # fmt: skip
    return lambda: mock.post("/mfa/challenge", form)


def answer_push(mock):
    """Return the call that answers a push notification."""
    assert challenge(mock, PUSH)().status == 200
    return lambda: mock.control("POST", "/mfa/push-answers", {"user": "alice", "approved": True})


def associate(mock):
    """Return the request that enrolls an app."""
    headers = {"Authorization": f"Bearer {mfa_token(mock)}"}
    body = json.dumps({"authenticator_types": ["otp"]})
    return lambda: mock.send(
        "POST", "/mfa/associate", body, content_type="application/json", **headers
    )


def otp(mock, token, **form):
    """Return the token request with the code of the app."""
    code = mock.control("GET", "/users/auth0%7Calice/totp").json["code"]
    return lambda: mock.token(grant_type=f"{_MFA}-otp", mfa_token=token, **{"otp": code, **form})


def factor_page(mock, *, opened):
    """Log alice in with her password. Return the call of the page of the second factor."""
    mfa_token(mock, APP)
    answer = mock.log_in(mock.login_page())
    cookie = answer.cookie
    page = mock.get(answer.headers["Location"], Cookie=cookie).headers["Location"]
    if not opened:
        return lambda: mock.get(page, Cookie=cookie)
    mock.get(page, Cookie=cookie)
    code = mock.control("GET", "/users/auth0%7Calice/totp").json["code"]
    form = {"state": page.partition("state=")[2], "code": code, "rememberBrowser": "true"}
    return lambda: mock.post("/u/mfa-otp-challenge", form, Cookie=cookie)


def remove_factor(mock):
    """Return the request that removes a factor."""
    token = otp(mock, mfa_token(mock, APP, **_MFA_API))().json["access_token"]
    headers = {"Authorization": f"Bearer {mfa_token(mock)}"}
    first = json.loads(mock.get("/mfa/authenticators", **headers).text)[0]
    path = f"/mfa/authenticators/{quote(first['id'], safe='')}"
    return lambda: mock.send("DELETE", path, Authorization=f"Bearer {token}")
