"""Start or finish a login with Authlib's Flask client. A browser does the part in between.

Like the programs of `tests/clients/node`, it reads JSON from standard input and writes JSON to
standard output.
"""

import json
import os
import sys
from urllib.parse import urlsplit

from authlib.integrations.flask_client import OAuth
from flask import Flask

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"


def application(given):
    """Return an app, which accepts the issuer in discovery."""
    app = Flask("application")
    app.secret_key = "session secret"
    client = OAuth(app).register(
        "acme",
        client_id=given["clientId"],
        client_secret=given["secret"],
        server_metadata_url=f"{given['url']}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256"},
    )

    def finish():
        token = client.authorize_access_token()
        logout = client.logout_redirect(given["logoutUrl"], token["id_token"])
        email = client.userinfo(token=token)["email"]
        return {"iss": token["userinfo"]["iss"], "email": email, "logoutRequest": logout.location}

    app.add_url_rule("/", view_func=lambda: client.authorize_redirect(given["callback"]))
    app.add_url_rule(urlsplit(given["callback"]).path, view_func=finish)
    return app


def login(given):
    """Start a login, or finish one if its checks and callback URL are given."""
    browser = application(given).test_client()
    origin = {"base_url": given["logoutUrl"]}
    with browser.session_transaction(**origin) as session:
        session.update(given.get("checks", {}))
    if "callbackUrl" in given:
        return browser.get(given["callbackUrl"], **origin).json
    url = browser.get("/", **origin).location
    with browser.session_transaction(**origin) as session:
        return {"url": url, "checks": dict(session)}


json.dump({"value": login(json.load(sys.stdin))}, sys.stdout)
