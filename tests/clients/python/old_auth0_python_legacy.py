"""auth0-python 3 or 5: Auth0's legacy endpoints. JSON is read from standard input and written back.

The packages have the same name as the current one, so this program runs alone, with the folder of
one of them as PYTHONPATH.
"""

import json
import sys

given = json.load(sys.stdin)
if given["major"] == 3:
    from auth0.v3.authentication import Delegated, Enterprise, Social, Users
    from auth0.v3.exceptions import Auth0Error
else:
    from auth0.authentication import Delegated, Enterprise, Social, Users
    from auth0.authentication.exceptions import Auth0Error

GOOGLE = {"connection": "google-oauth2", "access_token": given["token"]}
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
domain = {"domain": given["domain"], "protocol": given["protocol"]}


def call(cls, method, **named):
    """Call a method. Version 3 passes the client to each method, version 5 to the constructor."""
    client = {"client_id": "old"}
    if given["major"] == 3:
        return getattr(cls(**domain), method)(**client, **named)
    return getattr(cls(**domain, **client), method)(**named)


def log_in(**changed):
    """Log in with a token of Google."""
    return call(Social, "login", **GOOGLE | changed)


def delegate(**changed):
    """Request an ID token for another client."""
    named = {"target": "old-api", "api_type": "app", "grant_type": JWT_BEARER} | changed
    return call(Delegated, "get_token", **named)


def refused(attempt, *arguments, **named):
    """Return the refusal of a call."""
    try:
        return attempt(*arguments, **named)
    except Auth0Error as error:
        return [error.status_code, error.error_code]


tokens, users = log_in(), Users(**domain)
delegated = delegate(id_token=tokens["id_token"])
metadata = {"client_id": "old"} if given["major"] == 3 else {}
enterprise = Enterprise(**domain) if metadata else Enterprise(**domain, client_id="old")
done = {
    "profile": users.userinfo(tokens["access_token"]),
    "idToken": delegated["id_token"],
    "info": users.tokeninfo(tokens["id_token"]) if given["major"] == 3 else None,
    "refused": {
        "unknown token of Google": refused(log_in, access_token="ya29.other"),
        "unknown connection": refused(log_in, connection="nowhere"),
        "unknown ID token": refused(delegate, id_token="unknown"),
        "delegation for Firebase": refused(
            delegate, id_token=tokens["id_token"], api_type="firebase"
        ),
        "unknown access token": refused(users.userinfo, "unknown"),
        "SAML metadata": refused(enterprise.saml_metadata, **metadata),
        "WS-Federation metadata": refused(enterprise.wsfed_metadata),
    },
}
json.dump(done, sys.stdout)
