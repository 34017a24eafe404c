"""An application with auth0-server-python: its stores, and its login with the user's browser."""

import asyncio
from urllib.parse import urlsplit

from auth0_server_python.auth_server.server_client import ServerClient
from auth0_server_python.auth_types import TransactionData
from auth0_server_python.store import StateStore, TransactionStore

CALLBACK = "http://localhost:3000/callback"
SECRET = "the secret of the application's cookies"
SCOPE = "openid profile email offline_access"


class _Memory:
    """Keeps encrypted values, as the SDK's cookies do."""

    def __init__(self):
        super().__init__({"secret": SECRET})
        self.values = {}

    async def set(self, identifier, state, **_):
        value = state if isinstance(state, dict) else state.model_dump()
        self.values[identifier] = self.encrypt(identifier, value)

    async def get(self, identifier, *_, **__):
        value = self.values.get(identifier)
        return value and self.decrypt(identifier, value)

    async def delete(self, identifier, *_, **__):
        self.values.pop(identifier, None)


class Transactions(_Memory, TransactionStore):
    async def get(self, identifier, *_, **__):
        value = await super().get(identifier)
        return value and TransactionData.model_validate(value)


class Sessions(_Memory, StateStore):
    def expire_tokens(self):
        [(identifier, value)] = self.values.items()
        session = self.decrypt(identifier, value)
        for token in session["token_sets"]:
            token["expires_at"] = 0
        self.values[identifier] = self.encrypt(identifier, session)

    async def delete_by_logout_token(self, claims, *_):
        for identifier, value in list(self.values.items()):
            session = self.decrypt(identifier, value)
            if claims["sid"] == session["internal"]["sid"]:
                del self.values[identifier]


class Application:
    """A web application, whose user is at a browser."""

    def __init__(self, tls_url, browser, **options):
        self.sessions = Sessions()
        defaults = {
            "domain": urlsplit(tls_url).netloc,
            "client_id": "acme-web",
            "client_secret": "acme-web-secret",
            "redirect_uri": CALLBACK,
            "secret": SECRET,
            "transaction_store": Transactions(),
            "state_store": self.sessions,
            "authorization_params": {"scope": SCOPE},
        }
        self.client = ServerClient(**defaults | options)
        self._browser = browser

    async def log_in(self, login=None, **filled_in):
        """Start a login, finish it in the browser, and return the SDK's result."""
        url = await self.client.start_interactive_login(login)
        callback = self._browser.get_callback(url, **filled_in)
        return await self.client.complete_interactive_login(callback)

    def run(self, scenario):
        """Run an asynchronous function of the application."""

        async def run():
            async with self.client._oauth:  # the SDK does not close it
                return await scenario(self)

        return asyncio.run(run())
