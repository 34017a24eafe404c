"""auth0-server-python: login and logout of a web application, and tokens for its APIs."""

import asyncio
import functools
from types import SimpleNamespace
from urllib.parse import urlsplit

import jwt
import pytest
from auth0_server_python.auth_server.server_client import ServerClient
from auth0_server_python.auth_types import (
    LogoutOptions,
    StartInteractiveLoginOptions,
    TransactionData,
)
from auth0_server_python.error import (
    AccessTokenError,
    ApiError,
    BackchannelLogoutError,
    IssuerValidationError,
    MissingTransactionError,
    OrganizationTokenValidationError,
)
from auth0_server_python.store import StateStore, TransactionStore

from helpers.client_facts import refusals, shows

CALLBACK = "http://localhost:3000/callback"
API = "https://api.acme.example/"
SECRET = "the secret of the application's cookies"
sdk = functools.partial(shows, "auth0-server-python", over="https")
REPORTS = "https://reports.acme.example/"
LOGOUT = {"http://schemas.openid.net/event/backchannel-logout": {}}
WITH_API = {"scope": "openid offline_access read:items", "audience": API}
pytestmark = pytest.mark.filterwarnings("ignore::pydantic.PydanticDeprecatedSince20")


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


def claims_of(token):
    return jwt.decode(token, options={"verify_signature": False})


@pytest.fixture
def application(idp, trusted_ca, browser):
    """Return a function that runs a scenario with an application and its user."""

    def application(scenario, *, scope="openid profile email offline_access", **options):
        sessions = Sessions()
        client = ServerClient(
            **{
                "domain": urlsplit(idp.tls_url).netloc,
                "client_id": "acme-web",
                "client_secret": "acme-web-secret",
                "redirect_uri": CALLBACK,
                "secret": SECRET,
                "transaction_store": Transactions(),
                "state_store": sessions,
                "authorization_params": {"scope": scope},
                **options,
            }
        )

        async def log_in(login=None, **filled_in):
            callback = browser.get_callback(
                await client.start_interactive_login(login), **filled_in
            )
            return await client.complete_interactive_login(callback)

        async def run():
            async with client._oauth:
                return await scenario(
                    SimpleNamespace(client=client, log_in=log_in, sessions=sessions)
                )

        return asyncio.run(run())

    return application


@sdk("authorization code with PKCE", "user and session")
def test_a_user_logs_in(application, idp):
    async def scenario(app):
        done = await app.log_in(StartInteractiveLoginOptions(app_state={"page": "/orders"}))
        return done, await app.client.get_user(), await app.client.get_session()

    done, user, session = application(scenario)
    assert done["app_state"] == {"page": "/orders"}
    assert (user["sub"], user["email"]) == ("auth0|alice", "alice@acme.example")
    assert session["domain"] == urlsplit(idp.tls_url).netloc
    assert claims_of(session["id_token"])["iss"] == f"{idp.tls_url}/"


@sdk("pushed authorization request")
def test_a_login_is_pushed(application, idp, patch_tenant):
    async def scenario(app):
        await app.log_in()
        return await app.client.get_user()

    patch_tenant(tenant={"pushed_authorization_requests_supported": True})
    assert application(scenario, pushed_authorization_requests=True)["sub"] == "auth0|alice"
    assert idp.journal.last("par").status == 201


@sdk("organizations", refuses=["ID token of another organization"])
def test_a_user_logs_in_to_an_organization(application, idp):
    async def scenario(app):
        await app.log_in(login)
        idp.fault("id_token", set={"org_id": "org_another"})
        with pytest.raises(OrganizationTokenValidationError):
            await app.log_in(login)
        return await app.client.get_user()

    connection = {"name": "Username-Password-Authentication"}
    idp.patch_client("acme-web", organization_usage="allow")
    red = idp.add_organization(
        "red", connections=[connection], members=[{"user_id": "auth0|alice"}]
    )
    login = StartInteractiveLoginOptions(organization=red.id)
    assert application(scenario)["org_id"] == red.id


@sdk("access token for an API", "refresh token")
def test_an_access_token_is_refreshed_when_it_expires(application, idp):
    async def scenario(app):
        await app.log_in()
        assert await app.client.get_access_token() == await app.client.get_access_token()
        assert idp.journal.of("token", grant="refresh_token") == []
        app.sessions.expire_tokens()
        return claims_of(await app.client.get_access_token())

    claims = application(scenario, authorization_params=WITH_API)
    assert (claims["aud"][0], claims["scope"]) == (API, WITH_API["scope"])
    assert len(idp.journal.of("token", grant="refresh_token")) == 1


@sdk("access tokens for several APIs by refresh")
def test_a_refresh_token_gets_tokens_for_another_api(application, idp):
    async def scenario(app):
        await app.log_in(username="admin@acme.example")
        return await app.client.get_access_token(audience=REPORTS, scope="read:reports")

    policies = [{"audience": REPORTS, "scope": ["read:reports"]}]
    idp.patch_client("acme-web", refresh_token={"policies": policies})
    claims = claims_of(application(scenario, authorization_params=WITH_API))
    assert (claims["aud"][0], claims["scope"]) == (
        REPORTS,
        "openid offline_access read:reports",
    )


@sdk(refuses=["revoked refresh token", "expired session without a refresh token"])
def test_a_token_that_cannot_be_refreshed_is_refused(application, idp):
    async def scenario(app, error):
        await app.log_in()
        idp.patch_user("alice", blocked=True)
        app.sessions.expire_tokens()
        with pytest.raises(AccessTokenError) as refused:
            await app.client.get_access_token()
        assert refused.value.code == error
        idp.patch_user("alice", blocked=False)

    application(functools.partial(scenario, error="refresh_token_error"))
    without = functools.partial(scenario, error="missing_refresh_token")
    application(without, scope="openid")


@sdk("logout")
def test_a_logout_ends_both_sessions(application, browser):
    async def scenario(app):
        await app.log_in()
        url = await app.client.logout(LogoutOptions(return_to="http://localhost:3000"))
        answer = browser.session.get(url, allow_redirects=False, timeout=10)
        page = browser.visit(await app.client.start_interactive_login())
        return await app.client.get_user(), answer, page

    user, answer, page = application(scenario)
    assert user is None
    assert answer.headers["Location"] == "http://localhost:3000"
    assert urlsplit(page.url).path == "/u/login"


@sdk(
    "back-channel logout",
    refuses=[
        "logout token that is an ID token",
        "logout token for another client",
        "logout token with a wrong signature",
    ],
)
def test_a_logout_token_ends_the_session(application, idp):
    async def scenario(app):
        done = await app.log_in()
        claims = {"events": LOGOUT, "sid": done["state_data"]["internal"]["sid"]}
        token = functools.partial(idp.id_token, user="alice", url=idp.tls_url)
        for refused in (
            token(),
            token(claims=claims, client="acme-spa"),
            token(claims=claims, signature="broken"),
        ):
            with pytest.raises(BackchannelLogoutError):
                await app.client.handle_backchannel_logout(refused)
        assert await app.client.get_user()
        await app.client.handle_backchannel_logout(token(claims=claims))
        return await app.client.get_user()

    assert application(scenario) is None


@sdk(refuses=["denied login", "used callback", "callback of another login"])
def test_a_callback_is_refused(application, browser):
    async def scenario(app):
        with pytest.raises(ApiError) as denied:
            await app.log_in(action="deny")
        callback = browser.get_callback(await app.client.start_interactive_login())
        await app.client.complete_interactive_login(callback)
        for url in (callback, callback.replace("state=", "state=another")):
            with pytest.raises(MissingTransactionError):
                await app.client.complete_interactive_login(url)
        return denied.value.code

    assert application(scenario) == "access_denied"


@sdk(refuses=["wrong client secret"])
def test_a_wrong_secret_is_refused(application):
    async def scenario(app):
        with pytest.raises(ApiError, match="Unauthorized") as refused:
            await app.log_in()
        return refused.value

    refused = application(scenario, client_secret="wrong")
    assert (refused.code, refused.error) == ("token_error", "access_denied")


FLAWS = {
    "wrong audience": ({"wrong": "aud"}, "invalid_audience"),
    "expired ID token": ({"expired": True}, "token_expired"),
    "wrong signature": ({"signature": "another_key"}, "invalid_signature"),
    "unknown key": ({"kid": "unknown"}, "jwks_key_not_found"),
    "ID token with HS256": ({"alg": "HS256"}, "invalid_token"),
    "wrong issuer": ({"wrong": "iss"}, "issuer_validation_error"),
}


@pytest.mark.parametrize(("flaw", "error"), refusals("auth0-server-python", FLAWS, over="https"))
def test_a_bad_id_token_is_refused(application, idp, flaw, error):
    async def scenario(app):
        with pytest.raises((ApiError, IssuerValidationError)) as refused:
            await app.log_in()
        return refused.value.code, await app.client.get_user()

    idp.fault("id_token", **flaw)
    assert application(scenario) == (error, None)
