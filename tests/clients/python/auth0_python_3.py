"""auth0-python 3.24: its authentication clients. JSON is read from standard input and written back.

The package has the same name as the current one, so this program runs alone, with its folder as
PYTHONPATH.
"""

import json
import sys

from auth0.v3.authentication import Database, GetToken, Passwordless, RevokeToken
from auth0.v3.exceptions import Auth0Error

DATABASE = "Username-Password-Authentication"
given = json.load(sys.stdin)
domain = {"domain": given["domain"], "protocol": given["protocol"]}
grants, passwordless, database = GetToken(**domain), Passwordless(**domain), Database(**domain)
done = {}


def run(name, call, *arguments, **named):
    """Keep the result or the refusal of a call."""
    try:
        done[name] = {"value": call(*arguments, **named)}
    except Auth0Error as error:
        refusal = {"status": error.status_code, "error": error.error_code}
        done[name] = {"refused": refusal | {"description": error.message}}
    return done[name].get("value")


alice = {"username": "alice@acme.example", "password": "Passw0rd!"}
api = {"scope": "openid offline_access", "realm": DATABASE, "audience": given["audience"]}
web, signed_up = ("web", "web-secret"), ("web", "python-3@acme.example", "Passw0rd!", DATABASE)
tokens = run("password", grants.login, *web, **alice, **api)
run("wrongPassword", grants.login, *web, **alice | {"password": "wrong"}, **api)
run("wrongAudience", grants.login, *web, **alice, **api | {"audience": "https://no.example/"})
run("wrongSecret", grants.login, "web", "wrong", **alice, **api)
run("unknownRealm", grants.login, *web, **alice, **api | {"realm": "nobody"})
run("refreshed", grants.refresh_token, *web, tokens["refresh_token"])
run("unknownRefreshToken", grants.refresh_token, *web, "unknown")
run("revoked", RevokeToken(**domain).revoke_refresh_token, web[0], tokens["refresh_token"], web[1])
run("revokedRefreshToken", grants.refresh_token, *web, tokens["refresh_token"])
run("machine", grants.client_credentials, "jobs", "jobs-secret", given["audience"])
run("machineWrongSecret", grants.client_credentials, "jobs", "wrong", given["audience"])
run("machineWrongAudience", grants.client_credentials, "jobs", "jobs-secret", "https://no.example/")
run("machineWithoutGrant", grants.client_credentials, *web, given["audience"])
run("signedUp", database.signup, *signed_up)
run("signedUpAgain", database.signup, *signed_up)
run("weakPassword", database.signup, "web", "weak@acme.example", "weak", DATABASE)
run("badEmail", database.signup, "web", "no address", "Passw0rd!", DATABASE)
run("reset", database.change_password, "web", "python-3@acme.example", DATABASE)
run("sentCode", passwordless.email, "web", given["withCode"], "code", client_secret="web-secret")
run("sentToNobody", passwordless.email, "web", "no address", "code", client_secret="web-secret")
run("sentWithoutSecret", passwordless.email, "web", given["withCode"], "code")
by_code = {"realm": "email", "scope": "openid", "audience": given["audience"]}
run("wrongCode", grants.passwordless_login, *web, given["withCode"], "000000", **by_code)
json.dump(done, sys.stdout)
