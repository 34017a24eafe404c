"""Logins with wrong passwords, and the answers that brute-force protection gives."""

from dataclasses import replace

WRONG = {"error": "invalid_grant", "error_description": "Wrong email or password."}
BLOCKED = {
    "error": "too_many_attempts",
    "error_description": (
        "Your account has been blocked after multiple consecutive login attempts. We've sent you a "
        "notification via your preferred contact method with instructions on how to unblock it."
    ),
}
BLOCKED_ON_PAGE = "Your account has been blocked after multiple consecutive login attempts."
ALICE = "alice@acme.example"
DAY = 24 * 3600


def with_password(document, user_id, password):
    users = tuple(
        replace(one, password=password) if one.user_id == user_id else one for one in document.users
    )
    return replace(document, users=users)


def wrong(idp, times=1, **form):
    """Send wrong passwords. Return the answers."""
    return [idp.password_token(password=f"wrong {n}", **form) for n in range(times)]


def from_address(idp, address, **form):
    """Send a password grant from another address."""
    body = {
        "grant_type": "password", "client_id": "web", "client_secret": "web-secret",
        "username": ALICE, "password": "wrong",
    }  # fmt: skip
    return idp.request(
        "POST", "/oauth/token", data=body | form, environ_overrides={"REMOTE_ADDR": address}
    )


def assert_wrong(*answers):
    assert [(answer.status_code, answer.json) for answer in answers] == [(403, WRONG)] * len(
        answers
    )


def assert_blocked(*answers):
    assert [(answer.status_code, answer.json) for answer in answers] == [(429, BLOCKED)] * len(
        answers
    )


def assert_logged_in(answer):
    assert answer.status_code == 200, answer.json
