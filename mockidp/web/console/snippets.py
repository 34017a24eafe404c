"""Configuration of frameworks for a tenant and one of its clients, to copy and paste.

No snippet contains a secret: programs read it from the environment.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from string import Template
from urllib.parse import urlsplit

from mockidp.frozen import frozen
from mockidp.protocol.urls.origin import origin_of
from mockidp.resources.client import Client
from mockidp.tenant.content.try_client import TEST_CLIENT

DEFAULT_APP = "http://localhost:3000"
"""The URL of an app whose client has no callback."""


@frozen
class Framework:
    """One framework.

    Attributes:
        name: Its name in ids.
        title: Its title.
        callback: The path to which a login redirects, below the app's URL.
        is_tested: Whether a test executes the snippet.
        text: The snippet, in which `$name` is a value as a quoted string.
    """

    name: str
    title: str
    callback: str
    is_tested: bool
    text: str


@frozen
class Snippet:
    """The configuration of a framework for one client."""

    framework: Framework
    text: str
    missing_callback: str
    """The URL that has to be added to the client's callbacks; empty if it is there."""


FRAMEWORKS = (
    Framework(
        name="spa-js",
        title="auth0-spa-js",
        callback="",
        is_tested=True,
        text="""\
import { createAuth0Client } from '@auth0/auth0-spa-js';

const auth0 = await createAuth0Client({
  domain: $domain,
  clientId: $client_id,
  authorizationParams: { redirect_uri: window.location.origin },
});
if (/[?&](code|error)=/.test(window.location.search)) {
  await auth0.handleRedirectCallback();
  window.history.replaceState({}, '', '/');
}
const user = await auth0.getUser();
if (user) document.querySelector('h1').textContent = 'Hello ' + user.email;
else await auth0.loginWithRedirect();
""",
    ),
    Framework(
        name="react",
        title="React",
        callback="",
        is_tested=True,
        text="""\
import { Auth0Provider } from '@auth0/auth0-react';
import { createRoot } from 'react-dom/client';
import App from './App';

createRoot(document.getElementById('root')).render(
  <Auth0Provider
    domain={$domain}
    clientId={$client_id}
    authorizationParams={{ redirect_uri: window.location.origin }}
  >
    <App />
  </Auth0Provider>,
);
""",
    ),
    Framework(
        name="nextjs",
        title="Next.js",
        callback="/auth/callback",
        is_tested=True,
        text="""\
// lib/auth0.js. Set AUTH0_CLIENT_SECRET and AUTH0_SECRET in .env.local.
import { Auth0Client } from '@auth0/nextjs-auth0/server';

export const auth0 = new Auth0Client({
  domain: $domain,
  clientId: $client_id,
  appBaseUrl: $app,
  allowInsecureRequests: true, // only for a domain with http
});
""",
    ),
    Framework(
        name="express",
        title="Express",
        callback="/callback",
        is_tested=True,
        text="""\
const express = require('express');
const { auth } = require('express-openid-connect');

const app = express();
app.use(
  auth({
    issuerBaseURL: $domain,
    baseURL: $app,
    clientID: $client_id,
    secret: 'a long random text that encrypts the session cookie',
    authRequired: false,
    auth0Logout: true,
  }),
);
app.get('/', (req, res) => res.json(req.oidc.user || null));
app.listen($port);
""",
    ),
    Framework(
        name="python",
        title="Python (Flask and Authlib)",
        callback="/callback",
        is_tested=True,
        text="""\
import os

from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, session, url_for

app = Flask(__name__)
app.secret_key = "a long random text that signs the session cookie"
auth0 = OAuth(app).register(
    "auth0",
    client_id=$client_id,
    client_secret=os.environ["AUTH0_CLIENT_SECRET"],
    client_kwargs={"scope": "openid profile email"},
    server_metadata_url=$domain + "/.well-known/openid-configuration",
)


@app.get("/login")
def login():
    return auth0.authorize_redirect(url_for("callback", _external=True))


@app.get("/callback")
def callback():
    session["user"] = auth0.authorize_access_token()["userinfo"]
    return redirect("/")


@app.get("/")
def home():
    return session.get("user") or {}
""",
    ),
    Framework(
        name="spring",
        title="Spring Boot",
        callback="/login/oauth2/code/auth0",
        is_tested=False,
        text="""\
# application.yml
spring:
  security:
    oauth2:
      client:
        registration:
          auth0:
            client-id: $client_id
            client-secret: $${AUTH0_CLIENT_SECRET}
            scope: openid, profile, email
        provider:
          auth0:
            issuer-uri: $issuer
""",
    ),
    Framework(
        name="oauth2-proxy",
        title="oauth2-proxy",
        callback="/oauth2/callback",
        is_tested=False,
        text="""\
# oauth2-proxy.cfg. Set OAUTH2_PROXY_CLIENT_SECRET and OAUTH2_PROXY_COOKIE_SECRET.
provider = "oidc"
oidc_issuer_url = $issuer
client_id = $client_id
redirect_url = $callback
email_domains = ["*"]
cookie_secure = false # only over http
""",
    ),
)


def apps_of(clients: Iterable[Client]) -> list[Client]:
    """Return the clients of apps: all except the global one and that of the test page."""
    return [one for one in clients if not one.is_global and one.client_id != TEST_CLIENT.client_id]


def choose_client(known: Sequence[Client], client_id: str) -> Client | None:
    """Return the client with an id; by default the first that users log in to."""
    chosen = [one for one in known if one.client_id == client_id]
    with_callbacks = [one for one in known if one.callbacks]
    return next(iter((*chosen, *with_callbacks, *known)), None)


def snippets_for(client: Client, issuer: str) -> Iterator[Snippet]:
    """Yield the configuration of each framework for a client of a tenant."""
    app = _url_of_app(client)
    for one in FRAMEWORKS:
        callback = app + one.callback
        values = {
            "issuer": issuer,
            "domain": issuer.rstrip("/"),
            "client_id": client.client_id,
            "app": app,
            "callback": callback,
        }
        quoted = {name: json.dumps(value) for name, value in values.items()}
        port = urlsplit(app).port or 80
        yield Snippet(
            framework=one,
            text=Template(one.text).substitute(quoted, port=port),
            missing_callback="" if callback in client.callbacks else callback,
        )


def _url_of_app(client: Client) -> str:
    """Return the URL of a client's app: the origin of its first callback."""
    urls = (one for one in client.callbacks if one.startswith(("http://", "https://")))
    first = next(urls, None)
    return origin_of(first) if first else DEFAULT_APP
