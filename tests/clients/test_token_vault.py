"""Token Vault with Auth0's SDKs for Node and Python."""

import asyncio
from urllib.parse import urlsplit

import pytest
import requests
from auth0.authentication import GetToken
from auth0.authentication.exceptions import Auth0Error
from auth0_api_python import ApiClient, ApiClientOptions
from auth0_api_python.errors import ApiError

from helpers.client_facts import shows
from mockidp import RemoteIdP
from mockidp.protocol.oauth.grant_types import PASSWORD, REFRESH_TOKEN, TOKEN_VAULT
from mockidp.protocol.tokens.token_vault import FEDERATED_TOKEN, REFRESH_TOKEN_TYPE

API = "https://api.acme.example/"
GOOGLE = "google-oauth2"
WEB = {"client_id": "acme-web", "client_secret": "acme-web-secret"}
NOT_CONNECTED = (
    401,
    "federated_connection_refresh_token_not_found",
    "Federated connection Refresh Token not found.",
)
OTHER_ACCOUNT = (401, "user_not_found", "Identity User not found.")
NOT_ENABLED = (400, "invalid_request", "Token Vault is not enabled for the provided connection")
WORKS = "token of another service from Token Vault"
REFUSES = [
    "service with which the user has not connected",
    "unknown account of a service",
    "connection without Token Vault",
]


@pytest.fixture
def remote(acme):
    """The running tenant, where alice has connected an account of Google."""
    with RemoteIdP(acme.url) as remote:
        active = {"active": True}
        remote.add_connection(GOOGLE, strategy=GOOGLE, connected_accounts=active)
        remote.add_connection("slack", strategy="oauth2", connected_accounts=active)
        remote.add_connection("github", strategy="github")
        remote.patch_client("acme-web", grant_types=[PASSWORD, REFRESH_TOKEN, TOKEN_VAULT])
        remote.add_client(
            "items-service",
            client_secret="items-secret",
            app_type="resource_server",
            resource_server_identifier=API,
            grant_types=[TOKEN_VAULT],
        )
        remote.connect_account("alice", GOOGLE, access_token="google-1", scopes="calendar")
        yield remote
        remote.reset()


@pytest.fixture
def refresh_token(acme, remote):
    """A refresh token of alice."""
    form = {"username": "alice@acme.example", "password": "Passw0rd!", "audience": API}
    form |= {"grant_type": "password", "scope": "offline_access"}
    answer = requests.post(
        f"{acme.tls_url}/oauth/token", data=WEB | form, timeout=10, verify=acme.ca_file
    )
    return answer.json()["refresh_token"]


@shows("auth0 6", WORKS, refuses=REFUSES, over="https")
@shows("auth0-auth-js", WORKS, refuses=REFUSES, over="https")
def test_node_sdks(node, acme, remote, refresh_token):
    done = node(
        "token-vault.mjs",
        {
            "domain": urlsplit(acme.tls_url).netloc,
            "clientId": WEB["client_id"],
            "clientSecret": WEB["client_secret"],
            "service": {"clientId": "items-service", "clientSecret": "items-secret"},
            "refreshToken": refresh_token,
            "accessToken": remote.access_token(user="alice", audience=API, url=acme.tls_url),
        },
        ca_file=acme.ca_file,
    )
    for sdk in ("auth0 6", "auth0-auth-js"):
        assert done["exchanged"][sdk]["value"] == "google-1"
        for name, expected in (
            ("notConnected", NOT_CONNECTED),
            ("otherAccount", OTHER_ACCOUNT),
            ("notEnabled", NOT_ENABLED),
        ):
            refused = done[name][sdk]["refused"]
            assert (refused["error"], refused["description"]) == expected[1:]
            assert refused["status"] in (expected[0], None)
    assert done["ofService"]["value"] == "google-1"


@shows("auth0-python 6", WORKS, refuses=REFUSES, over="http")
def test_auth0_python(acme, refresh_token):
    client = GetToken(urlsplit(acme.url).netloc, *WEB.values(), protocol="http")

    def exchange(**more):
        form = {"subject_token_type": REFRESH_TOKEN_TYPE, "subject_token": refresh_token}
        form |= {"requested_token_type": FEDERATED_TOKEN, "connection": GOOGLE}
        return client.access_token_for_connection(**form | more)

    answer = exchange()
    assert (answer["access_token"], answer["scope"]) == ("google-1", "calendar")
    for more, expected in (
        ({"connection": "slack"}, NOT_CONNECTED),
        ({"login_hint": "other@gmail.example"}, OTHER_ACCOUNT),
        ({"connection": "github"}, NOT_ENABLED),
    ):
        with pytest.raises(Auth0Error) as refused:
            exchange(**more)
        error = refused.value
        assert (error.status_code, error.error_code, error.message) == expected


@shows("auth0-api-python", WORKS, refuses=REFUSES, over="https")
def test_auth0_api_python(acme, remote, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", acme.ca_file)
    options = {"client_id": "items-service", "client_secret": "items-secret"}
    api = ApiClient(ApiClientOptions(domain=urlsplit(acme.tls_url).netloc, audience=API, **options))
    token = remote.access_token(user="alice", audience=API, url=acme.tls_url)

    def exchange(**more):
        form = {"connection": GOOGLE, "access_token": token} | more
        return asyncio.run(api.get_access_token_for_connection(form))

    assert exchange()["access_token"] == "google-1"
    for more, expected in (
        ({"connection": "slack"}, NOT_CONNECTED),
        ({"login_hint": "other@gmail.example"}, OTHER_ACCOUNT),
        ({"connection": "github"}, NOT_ENABLED),
    ):
        with pytest.raises(ApiError) as refused:
            exchange(**more)
        assert (refused.value.status_code, refused.value.code) == expected[:2]
