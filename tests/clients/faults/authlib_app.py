"""A Flask application that logs in with Authlib, and the browser of its user."""

import requests
from authlib.integrations.flask_client import OAuth
from flask import Flask


def _log_in(given, *, timeout=None, **parameters):
    """Log in a user who is signed in at the tenant. Return the app, Authlib's client and its tokens."""
    app = Flask("application")
    app.secret_key = "session secret"
    app.config["PROPAGATE_EXCEPTIONS"] = True
    tokens = {}
    acme = OAuth(app).register(
        "acme",
        client_id=given["web"]["clientId"],
        client_secret=given["web"]["clientSecret"],
        server_metadata_url=f"{given['issuer']}.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile email offline_access",
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": "client_secret_post",
            "default_timeout": timeout,
        },
        update_token=lambda token, **_: tokens.update(refreshed=token),
    )
    app.add_url_rule(
        "/", view_func=lambda: acme.authorize_redirect(given["callback"], **parameters)
    )

    @app.get("/callback")
    def callback():
        tokens["token"] = acme.authorize_access_token()
        return "welcome"

    with app.test_client() as browser:
        request_url = browser.get("/", base_url="http://localhost:3000").location
        response = requests.get(request_url, timeout=10, allow_redirects=False)
        browser.get(response.headers["Location"])
    return app, acme, tokens


def _subject(logged_in):
    """Return the user, or "nobody" if Authlib found no ID token."""
    _, _, tokens = logged_in
    return tokens["token"].get("userinfo", {}).get("sub", "nobody")


def logs_in(given):
    return _subject(_log_in(given))


def logs_in_silently(given):
    return _subject(_log_in(given, prompt="none"))


def logs_in_within_a_second(given):
    return _subject(_log_in(given, timeout=1))


def reads_userinfo(given):
    app, acme, tokens = _log_in(given)
    with app.app_context():
        return acme.userinfo(token=tokens["token"]).get("sub", "nobody")


def refreshes(given):
    """Read userinfo with an expired token, so that Authlib refreshes it first."""
    app, acme, tokens = _log_in(given)
    with app.app_context():
        profile = acme.userinfo(token={**tokens["token"], "expires_at": 1})
    assert tokens["refreshed"]["access_token"] != tokens["token"]["access_token"]
    return profile["sub"]


ACTIONS = {
    "logs in": logs_in,
    "logs in silently": logs_in_silently,
    "logs in within a second": logs_in_within_a_second,
    "reads userinfo": reads_userinfo,
    "refreshes": refreshes,
}
