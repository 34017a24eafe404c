"""Authlib's Flask client: the two ends of a login whose middle a browser plays elsewhere.

A program as those of `tests/clients/node`: JSON from standard input, JSON to standard output.
"""

import json
import os
import sys
from urllib.parse import urlsplit

from authlib.integrations.flask_client import OAuth
from flask import Flask

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"


def application(given):
    """Return an app, which takes the issuer that discovery says."""
    app = Flask("application")
    app.secret_key = "of the session"
    client = OAuth(app).register(
        "acme",
        client_id=given["clientId"],
        client_secret=given["secret"],
        server_metadata_url=f"{given['url']}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256"},
    )

    def finish():
        token = client.authorize_access_token()
        leave = client.logout_redirect(given["left"], token["id_token"])
        email = client.userinfo(token=token)["email"]
        return {"iss": token["userinfo"]["iss"], "email": email, "leave": leave.location}

    app.add_url_rule("/", view_func=lambda: client.authorize_redirect(given["callback"]))
    app.add_url_rule(urlsplit(given["callback"]).path, view_func=finish)
    return app


def login(given):
    """Begin a login, or finish the one whose checks and whose end are given."""
    visitor = application(given).test_client()
    origin = {"base_url": given["left"]}
    with visitor.session_transaction(**origin) as session:
        session.update(given.get("checks", {}))
    if "landed" in given:
        return visitor.get(given["landed"], **origin).json
    url = visitor.get("/", **origin).location
    with visitor.session_transaction(**origin) as session:
        return {"url": url, "checks": dict(session)}


json.dump({"value": login(json.load(sys.stdin))}, sys.stdout)
