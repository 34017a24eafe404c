"""auth0-server-python: a user connects an account at another service (Token Vault)."""

import asyncio
import functools
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from auth0_server_python.auth_server.my_account_client import MyAccountClient
from auth0_server_python.auth_types import CompleteConnectAccountRequest, ConnectAccountRequest
from auth0_server_python.error import MyAccountApiError

from helpers.client_facts import shows
from mockidp.protocol.oauth.pkce import s256

GOOGLE = "google-oauth2"
CALLBACK = "http://localhost:3000/callback"
VERIFIER = "v" * 43
SCOPES = " ".join(f"{verb}:me:connected_accounts" for verb in ("create", "read", "delete"))
sdk = functools.partial(shows, "auth0-server-python", over="https")
REFUSED = [
    "connection without connected accounts", "wrong code of a connected account",
    "missing connected account",
]  # fmt: skip
pytestmark = pytest.mark.filterwarnings("ignore::pydantic.PydanticDeprecatedSince20")


@pytest.fixture
def account(idp, trusted_ca):
    """The client of the API, and alice's token for it."""
    idp.add_connection(GOOGLE, strategy=GOOGLE, connected_accounts={"active": True})
    idp.add_user(f"{GOOGLE}|1001", connection=GOOGLE, email="gina@gmail.example")
    client = MyAccountClient(domain=urlsplit(idp.tls_url).netloc)
    token = idp.access_token(
        user="alice", client="acme-web", audience=client.audience, scope=SCOPES, url=idp.tls_url
    )
    return client, token


@sdk("connected accounts", refuses=REFUSED)
def test_a_user_connects_lists_and_removes_an_account(account):
    client, token = account

    async def refused(call):
        with pytest.raises(MyAccountApiError) as caught:
            await call
        return caught.value.status, caught.value.detail

    def start(connection=GOOGLE):
        request = ConnectAccountRequest(
            connection=connection, redirect_uri=CALLBACK, state="s", scopes=["calendar"],
            code_challenge=s256(VERIFIER),
        )  # fmt: skip
        return client.connect_account(token, request)

    def complete(started, code):
        request = CompleteConnectAccountRequest(
            auth_session=started.auth_session, connect_code=code, redirect_uri=CALLBACK,
            code_verifier=VERIFIER,
        )  # fmt: skip
        return client.complete_connect_account(token, request)

    def agree(started):
        page = f"{started.connect_uri}?ticket={started.connect_params.ticket}"
        form = {"action": "pick", "user_id": f"{GOOGLE}|1001"}
        answer = requests.post(page, data=form, allow_redirects=False, timeout=10)
        return parse_qs(urlsplit(answer.headers["Location"]).query)

    async def use():
        assert await refused(start("acme-none")) == (404, "Connection not found")
        started = await start()
        query = agree(started)
        assert query["state"] == ["s"]
        assert await refused(complete(started, "wrong")) == (400, "Invalid connect_code")
        made = await complete(started, query["connect_code"][0])
        assert (made.connection, made.access_type, made.scopes) == (GOOGLE, "offline", ["calendar"])
        listed = await client.list_connected_accounts(token, connection=GOOGLE, take=5)
        assert [one.id for one in listed.accounts] == [made.id]
        offered = await client.list_connected_account_connections(token)
        assert [one.name for one in offered.connections] == [GOOGLE]
        await client.delete_connected_account(token, made.id)
        again = await refused(client.delete_connected_account(token, made.id))
        assert again == (404, "Connected account not found")

    asyncio.run(use())
