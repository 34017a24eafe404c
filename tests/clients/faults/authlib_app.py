"""A Flask application that logs in with Authlib, and the browser of somebody who uses it."""

import requests
from authlib.integrations.flask_client import OAuth
from flask import Flask


def _log_in(given, *, timeout=None, **parameters):
    """Log somebody in, whom the tenant knows already; return Authlib's client and the token."""
    app = Flask("application")
    app.secret_key = "of the session"
    app.config["PROPAGATE_EXCEPTIONS"] = True
    kept = {}
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
        update_token=lambda token, **_: kept.update(refreshed=token),
    )
    app.add_url_rule(
        "/", view_func=lambda: acme.authorize_redirect(given["callback"], **parameters)
    )

    @app.get("/callback")
    def callback():
        kept["token"] = acme.authorize_access_token()
        return "welcome"

    with app.test_client() as browser:
        sent = browser.get("/", base_url="http://localhost:3000").location
        brought = requests.get(sent, timeout=10, allow_redirects=False).headers["Location"]
        browser.get(brought)
    return app, acme, kept


def _subject(logged_in):
    """Return who is logged in: nobody, if Authlib found no ID token."""
    _, _, kept = logged_in
    return kept["token"].get("userinfo", {}).get("sub", "nobody")


def logs_in(given):
    return _subject(_log_in(given))


def logs_in_silently(given):
    return _subject(_log_in(given, prompt="none"))


def logs_in_within_a_second(given):
    return _subject(_log_in(given, timeout=1))


def reads_userinfo(given):
    app, acme, kept = _log_in(given)
    with app.app_context():
        return acme.userinfo(token=kept["token"]).get("sub", "nobody")


def refreshes(given):
    """Read userinfo with a token that is past, so that Authlib refreshes it on the way."""
    app, acme, kept = _log_in(given)
    with app.app_context():
        profile = acme.userinfo(token={**kept["token"], "expires_at": 1})
    assert kept["refreshed"]["access_token"] != kept["token"]["access_token"]
    return profile["sub"]


ACTIONS = {
    "logs in": logs_in,
    "logs in silently": logs_in_silently,
    "logs in within a second": logs_in_within_a_second,
    "reads userinfo": reads_userinfo,
    "refreshes": refreshes,
}
