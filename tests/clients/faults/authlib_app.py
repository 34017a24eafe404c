"""A Flask application that logs in with Authlib, and the browser of its user."""

from urllib.parse import parse_qs, urljoin, urlsplit

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
        browser.get(_get_callback(given, request_url))
    return app, acme, tokens


def _get_callback(given, request_url):
    """Return the URL of the callback. On the page in place of a provider, pick the given user."""
    with requests.Session() as tenant:
        answer = tenant.get(request_url, timeout=10, allow_redirects=False)
        page = urljoin(request_url, answer.headers["Location"])
        if "providerUser" in given:
            [state] = parse_qs(urlsplit(page).query)["state"]
            form = {"state": state, "action": "pick", "user_id": given["providerUser"]}
            answer = tenant.post(page, data=form, timeout=10, allow_redirects=False)
        while not answer.headers["Location"].startswith(given["callback"]):
            page = urljoin(request_url, answer.headers["Location"])
            answer = tenant.get(page, timeout=10, allow_redirects=False)
        return answer.headers["Location"]


def _subject(logged_in):
    """Return the user, or "nobody" if Authlib found no ID token."""
    _, _, tokens = logged_in
    return tokens["token"].get("userinfo", {}).get("sub", "nobody")


def logs_in(given):
    return _subject(_log_in(given))


def logs_in_at_a_provider(given):
    return _subject(_log_in(given, connection="google-oauth2"))


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
    "logs in at a provider": logs_in_at_a_provider,
    "logs in silently": logs_in_silently,
    "logs in within a second": logs_in_within_a_second,
    "reads userinfo": reads_userinfo,
    "refreshes": refreshes,
}
