"""The app of the examples of second factors, which uses Auth0's MFA API."""

from __future__ import annotations

from typing import Any

import requests

from mockidp import MockIdP

CLIENT = {"client_id": "acme-web", "client_secret": "acme-web-secret"}
LOGIN = {"grant_type": "password", "username": "alice@acme.example", "password": "Passw0rd!"}
MFA = "http://auth0.com/oauth/grant-type/mfa"
GRANTS = ["password", *(f"{MFA}-{name}" for name in ("otp", "oob", "recovery-code"))]
FACTORS = ("otp", "sms", "email", "push-notification", "recovery-code")


def log_in(idp: MockIdP) -> dict[str, Any]:
    """Log alice in with her password, at a tenant that demands a second factor."""
    tenant = {
        "guardianFactors": [{"name": name, "enabled": True} for name in FACTORS],
        "guardianPolicies": {"policies": ["all-applications"]},
    }
    requests.patch(f"{idp.url}/_mockidp/v1/tenant", json=tenant, timeout=5)
    idp.patch_client("acme-web", grant_types=GRANTS)
    return requests.post(f"{idp.url}/oauth/token", data=CLIENT | LOGIN, timeout=5).json()


def mfa_token(idp: MockIdP) -> str:
    """Log alice in. Return the `mfa_token`."""
    return log_in(idp)["mfa_token"]


def challenge(idp: MockIdP, token: str) -> str:
    """Start an out-of-band challenge. Return the `oob_code`."""
    form = CLIENT | {"mfa_token": token, "challenge_type": "oob"}
    return requests.post(f"{idp.url}/mfa/challenge", data=form, timeout=5).json()["oob_code"]


def send(idp: MockIdP, grant: str, **form: str) -> requests.Response:
    """Send an MFA grant."""
    form |= CLIENT | {"grant_type": f"{MFA}-{grant}"}
    return requests.post(f"{idp.url}/oauth/token", data=form, timeout=5)
