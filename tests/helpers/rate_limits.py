"""A tenant that counts requests against Auth0's rate limits, and requests that count."""

from dataclasses import replace

from helpers.accounts import request_reset, sign_up
from helpers.acme import API, CALLBACK, DATABASE, with_settings
from helpers.brute_force import ALICE
from helpers.cross_origin import allowing, co_authenticate
from helpers.passwordless import connection
from helpers.tenant_client import TenantClient

USERS = ("alice", "bob")
NOW = 1_800_000_000
REFUSED = {
    "error": "too_many_requests",
    "error_description": (
        "Too many requests. Check the X-RateLimit-Limit, X-RateLimit-Remaining and "
        "X-RateLimit-Reset headers."
    ),
}
NUMBERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After")
LIMITED = replace(
    with_settings(allowing(), rate_limits="auth0"), connections=(connection("email"),)
)


def client_of(document=LIMITED):
    idp = TenantClient(document)
    idp.tenant.clock.freeze(NOW)
    return idp


def numbers(answer):
    """Return the numbers of the headers, without absent ones."""
    return tuple(int(answer.headers[name]) for name in NUMBERS if name in answer.headers)


def start(idp, **more):
    body = {"client_id": "spa", "connection": "email", "email": "new@acme.example", "send": "code"}
    return idp.post("/passwordless/start", json_body=body | more)


def sign_up_another(idp):
    return sign_up(idp, email=f"new-{idp.tenant.ids.opaque_id()}@acme.example")


def wrong_password(idp):
    return idp.password_token(password="wrong")


def log_in_with_lock(app):
    body = {
        "client_id": "web", "redirect_uri": CALLBACK, "response_type": "code", "scope": "openid",
        "username": ALICE, "password": "Passw0rd!", "connection": DATABASE,
    }  # fmt: skip
    return app.post("/usernamepassword/login", json_body=body)


SENDERS = {
    "userinfo": lambda idp: idp.userinfo(idp.token_of_alice),
    "token": lambda idp: idp.machine_token(audience=API),
    "change_password": request_reset,
    "passwordless_start": start,
    "signup": sign_up_another,
    "co_authenticate": co_authenticate,
    "jwks": lambda idp: idp.get("/.well-known/jwks.json"),
}
"""Requests that count against the limit of an endpoint."""
