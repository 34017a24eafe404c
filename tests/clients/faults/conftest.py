"""Fixtures: a tenant with faults, and the clients that use it."""

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from mockidp.cli.serving.example import example_file
from mockidp.idp import MockIdP
from mockidp.protocol.oauth.grant_types import PASSWORDLESS_OTP

from .clients import PYTHON, NodeClients, act_in_python

CALLBACK = "http://localhost:3000/callback"
API = "https://api.acme.example/"
PROGRAM = Path(__file__).parents[1] / "node" / "faults" / "drive.mjs"
MACHINE = {"clientId": "acme-m2m", "clientSecret": "acme-m2m-secret"}
WEB = {"clientId": "acme-web", "clientSecret": "acme-web-secret"}
GLOBAL = {"clientId": "acme-global", "clientSecret": "acme-global-secret"}
HTTPS_ONLY = {"node-auth0", "npm auth0"}


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    """Use no proxy, and allow http."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture(scope="session")
def served():
    """Serve the example tenant on http and https."""
    with MockIdP(example_file("acme"), tls=True) as idp:
        yield idp


@pytest.fixture
def idp(served):
    """Return the example tenant, which is reset after each test."""
    yield served
    served.reset()


@pytest.fixture(scope="session")
def node_clients(node, served):
    """Start the Node clients. Without Node, the fixture `node` skips or fails the test."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment["NODE_EXTRA_CA_CERTS"] = str(served.ca_file)
    clients = NodeClients([shutil.which("node"), "--no-deprecation", PROGRAM], environment)
    yield clients
    clients.close()


@pytest.fixture
def act(idp, request):
    """Return a function that runs an action of a client with the tenant."""

    def act(client, does):
        given = {
            "issuer": idp.issuer,
            "domain": urlsplit(idp.url).netloc,
            "callback": CALLBACK,
            "audience": API,
            "web": WEB,
            "machine": MACHINE,
            "global": GLOBAL,
        }
        if does == "logs in at a provider":
            given["providerUser"] = add_provider_user(idp)
        else:
            idp.sign_in_as("alice")
        if does.startswith("guards"):
            given["token"] = get_machine_token(idp)
        if does.startswith("opens"):
            given["link"] = idp.impersonation_link("alice", client="acme-web", state="/")
        if does.startswith("redeems"):
            given["code"] = send_code(idp)
        if client in PYTHON:
            return act_in_python(client, does, given)
        if client in HTTPS_ONLY:
            given["domain"] = urlsplit(idp.tls_url).netloc
        return request.getfixturevalue("node_clients").act(client, does, given)

    return act


def get_machine_token(idp):
    """Return a client credentials token for the API."""
    body = {
        "grant_type": "client_credentials", "client_id": MACHINE["clientId"],
        "client_secret": MACHINE["clientSecret"], "audience": API,
    }  # fmt: skip
    return requests.post(f"{idp.url}/oauth/token", json=body, timeout=10).json()["access_token"]


def add_provider_user(idp):
    """Return a user of Google."""
    if "google-oauth2" not in [one.name for one in idp.list_connections()]:
        idp.add_connection("google-oauth2", strategy="google-oauth2")
        idp.add_user("google-oauth2|alice", email="alice@gmail.example")
    return "google-oauth2|alice"


def send_code(idp):
    """Return the code that alice gets by e-mail for a passwordless login."""
    idp.add_connection("email", strategy="email")
    idp.patch_client(WEB["clientId"], grant_types=[PASSWORDLESS_OTP])
    body = {
        "client_id": WEB["clientId"], "client_secret": WEB["clientSecret"], "connection": "email",
        "email": "alice@acme.example", "send": "code",
    }  # fmt: skip
    requests.post(f"{idp.url}/passwordless/start", json=body, timeout=10).raise_for_status()
    return idp.outbox.last().code
