"""A scripted flow that uses everything that is random, to compare two runs byte by byte.

Run it with the path of a PEM file. It prints all tokens, documents and the journal as JSON.
"""

import json
import sys
from urllib.parse import parse_qsl, urlencode, urlsplit

from werkzeug.test import Client

from mockidp import MockIdP

URL = "https://idp.example.test"
CALLBACK = "http://localhost:3000/callback"
TENANT = {
    "tenant": {"default_audience": "https://api.example/"},
    "clients": [
        {"client_id": "global", "name": "Global", "global": True},
        {
            "client_id": "web",
            "name": "Web",
            "callbacks": [CALLBACK],
            "refresh_token": {"rotation_type": "rotating", "expiration_type": "expiring"},
        },
    ],
    "resourceServers": [
        {
            "identifier": "https://api.example/",
            "scopes": [{"value": "read:x"}, {"value": "write:x"}],
            "allow_offline_access": True,
            "token_dialect": "rfc9068_profile_authz",
        }
    ],
    "roles": [
        {
            "name": role,
            "permissions": [
                {"permission_name": one, "resource_server_identifier": "https://api.example/"}
            ],
        }
        for role, one in (("reader", "read:x"), ("writer", "write:x"))
    ],
    "users": [
        {
            "user_id": f"auth0|{name}",
            "email": f"{name}@acme.example",
            "password": "Passw0rd!",
            "roles": ["writer", "reader"],
        }
        for name in ("alice", "admin")
    ],
}


def play(keys):
    """Play the flow. Return its answers and the journal."""
    idp = MockIdP(TENANT, seed=7, keys=keys, url=URL)
    idp.clock.freeze("2030-01-31T12:00:00Z")
    idp.fault("userinfo", status=503, probability=0.5)
    browser = Client(idp.app)
    outcome = []

    def keep(answer):
        headers = sorted(answer.headers.items())
        outcome.append([answer.status_code, headers, answer.get_data(as_text=True)])
        return answer

    def get(path, **query):
        url = path + ("?" + urlencode(query) if query else "")
        return keep(browser.get(url, base_url=URL))

    def token(**form):
        form |= {"client_id": "web", "client_secret": "web-secret"}
        return keep(browser.post("/oauth/token", base_url=URL, data=form)).json

    def redeem(location):
        code = dict(parse_qsl(urlsplit(location).query))["code"]
        return token(grant_type="authorization_code", code=code, redirect_uri=CALLBACK)

    page = get(
        "/authorize",
        client_id="web",
        response_type="code",
        redirect_uri=CALLBACK,
        scope="openid profile email offline_access read:x",
        state="s",
        nonce="n",
    )
    state = dict(parse_qsl(urlsplit(page.location).query))["state"]
    form = {"state": state, "username": "alice@acme.example", "password": "Passw0rd!"}
    get(page.location)
    answer = keep(browser.post("/u/login", base_url=URL, data=form))
    while answer.location.startswith("/"):
        answer = get(answer.location)
    tokens = redeem(answer.location)
    tokens = token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    outcome.append(idp.rotate_keys())
    idp.clock.advance(10)
    token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    get("/.well-known/jwks.json")
    get("/.well-known/openid-configuration")
    opaque = idp.access_token(user="alice", audience=f"{URL}/userinfo")
    for _ in range(10):
        keep(browser.get("/userinfo", base_url=URL, headers={"Authorization": f"Bearer {opaque}"}))
    link = idp.impersonation_link("alice", state="to-admin", client="web")
    outcome.append(link)
    redeem(get(link.removeprefix(URL)).location)
    keep(browser.get(link.removeprefix(URL), base_url=URL))
    idp.sign_in_as("admin")
    other = Client(idp.app).get(
        "/authorize?client_id=web&response_type=code&scope=openid", base_url=URL
    )
    redeem(other.location)
    for words in ({}, {"alg": "HS256"}, {"wrong": ["iss", "aud"]}, {"expired": True}):
        outcome.append(idp.access_token(audience="https://api.example/", user="alice", **words))
        outcome.append(idp.id_token(user="alice", **words))
    idp.journal.of("token", client="web")
    return {"outcome": outcome, "journal": idp.journal.to_json()}


if __name__ == "__main__":
    json.dump(play(sys.argv[1]), sys.stdout, indent=1)
