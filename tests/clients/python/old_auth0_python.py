"""auth0-python 3 or 5: its authentication clients. JSON is read from standard input and written back.

The packages have the same name as the current one, so this program runs alone, with the folder of
one of them as PYTHONPATH.
"""

import json
import sys
from functools import partial

given = json.load(sys.stdin)
if given["major"] == 3:
    from auth0.v3.authentication import Database, GetToken, Passwordless, RevokeToken
    from auth0.v3.exceptions import Auth0Error
else:
    from auth0.authentication import Database, GetToken, Passwordless, RevokeToken
    from auth0.authentication.exceptions import Auth0Error

DATABASE = "Username-Password-Authentication"
domain = {"domain": given["domain"], "protocol": given["protocol"]}
done = {}


def call(cls, method, client_id, client_secret=None, **named):
    """Call a method. Version 3 passes the client to each method, version 5 to the constructor."""
    client = {"client_id": client_id}
    client |= {"client_secret": client_secret} if client_secret else {}
    if given["major"] == 3:
        return getattr(cls(**domain), method)(**client, **named)
    return getattr(cls(**domain, **client), method)(**named)


def run(name, cls, method, client, **named):
    """Keep the result or the refusal of a call."""
    try:
        done[name] = {"value": call(cls, method, *client, **named)}
    except Auth0Error as error:
        refusal = {"status": error.status_code, "error": error.error_code}
        done[name] = {"refused": refusal | {"description": error.message}}
    return done[name].get("value")


web, public, jobs = ("web", "web-secret"), ("web",), ("jobs", "jobs-secret")
audience, nowhere = {"audience": given["audience"]}, {"audience": "https://no.example/"}

login = partial(run, cls=GetToken, method="login")
api = {"scope": "openid offline_access", "realm": DATABASE, **audience}
alice = {"username": "alice@acme.example", "password": "Passw0rd!", **api}
tokens = login("password", client=web, **alice)
login("wrongPassword", client=web, **alice | {"password": "wrong"})
login("wrongAudience", client=web, **alice | nowhere)
login("wrongSecret", client=("web", "wrong"), **alice)
login("unknownRealm", client=web, **alice | {"realm": "nobody"})

refresh = partial(run, cls=GetToken, method="refresh_token", client=web)
refresh("refreshed", refresh_token=tokens["refresh_token"])
refresh("unknownRefreshToken", refresh_token="unknown")
run("revoked", RevokeToken, "revoke_refresh_token", web, token=tokens["refresh_token"])
refresh("revokedRefreshToken", refresh_token=tokens["refresh_token"])

machine = partial(run, cls=GetToken, method="client_credentials")
machine("machine", client=jobs, **audience)
machine("machineWrongSecret", client=("jobs", "wrong"), **audience)
machine("machineWrongAudience", client=jobs, **nowhere)
machine("machineWithoutGrant", client=web, **audience)

signup = partial(run, cls=Database, method="signup", client=public, connection=DATABASE)
new = {"email": f"python-{given['major']}@acme.example", "password": "Passw0rd!"}
signup("signedUp", **new)
signup("signedUpAgain", **new)
signup("weakPassword", email="weak@acme.example", password="weak")
signup("badEmail", email="no address", password="Passw0rd!")
run("reset", Database, "change_password", public, email=new["email"], connection=DATABASE)

send = partial(run, cls=Passwordless, method="email", send="code")
send("sentCode", client=web, email=given["withCode"])
send("sentToNobody", client=web, email="no address")
send("sentWithoutSecret", client=public, email=given["withCode"])
by_code = {"username": given["withCode"], "otp": "000000", "realm": "email", "scope": "openid"}
run("wrongCode", GetToken, "passwordless_login", web, **by_code, **audience)
json.dump(done, sys.stdout)
