"""auth0-server-python: login and logout of a web application, and tokens for its APIs."""

import functools
from urllib.parse import urlsplit

import jwt
import pytest
from auth0_server_python.auth_types import LogoutOptions, StartInteractiveLoginOptions
from auth0_server_python.error import (
    AccessTokenError,
    ApiError,
    BackchannelLogoutError,
    IssuerValidationError,
    MissingTransactionError,
    OrganizationTokenValidationError,
)

from helpers.client_facts import refusals, shows

API = "https://api.acme.example/"
sdk = functools.partial(shows, "auth0-server-python", over="https")
REPORTS = "https://reports.acme.example/"
WITH_API = {"scope": "openid offline_access read:items", "audience": API}
pytestmark = pytest.mark.filterwarnings("ignore::pydantic.PydanticDeprecatedSince20")


def claims_of(token):
    return jwt.decode(token, options={"verify_signature": False})


@sdk("authorization code with PKCE", "user and session")
def test_a_user_logs_in(run_application, idp):
    async def scenario(app):
        done = await app.log_in(StartInteractiveLoginOptions(app_state={"page": "/orders"}))
        return done, await app.client.get_user(), await app.client.get_session()

    done, user, session = run_application(scenario)
    assert done["app_state"] == {"page": "/orders"}
    assert (user["sub"], user["email"]) == ("auth0|alice", "alice@acme.example")
    assert session["domain"] == urlsplit(idp.tls_url).netloc
    assert claims_of(session["id_token"])["iss"] == f"{idp.tls_url}/"


@sdk("pushed authorization request")
def test_a_login_is_pushed(run_application, idp, patch_tenant):
    async def scenario(app):
        await app.log_in()
        return await app.client.get_user()

    patch_tenant(tenant={"pushed_authorization_requests_supported": True})
    assert run_application(scenario, pushed_authorization_requests=True)["sub"] == "auth0|alice"
    assert idp.journal.last("par").status == 201


@sdk("organizations", refuses=["ID token of another organization"])
def test_a_user_logs_in_to_an_organization(run_application, idp):
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
    assert run_application(scenario)["org_id"] == red.id


@sdk("access token for an API", "refresh token")
def test_an_access_token_is_refreshed_when_it_expires(run_application, idp):
    async def scenario(app):
        await app.log_in()
        assert await app.client.get_access_token() == await app.client.get_access_token()
        assert idp.journal.of("token", grant="refresh_token") == []
        app.sessions.expire_tokens()
        return claims_of(await app.client.get_access_token())

    claims = run_application(scenario, authorization_params=WITH_API)
    assert (claims["aud"][0], claims["scope"]) == (API, WITH_API["scope"])
    assert len(idp.journal.of("token", grant="refresh_token")) == 1


@sdk("access tokens for several APIs by refresh")
def test_a_refresh_token_gets_tokens_for_another_api(run_application, idp):
    async def scenario(app):
        await app.log_in(username="admin@acme.example")
        return await app.client.get_access_token(audience=REPORTS, scope="read:reports")

    policies = [{"audience": REPORTS, "scope": ["read:reports"]}]
    idp.patch_client("acme-web", refresh_token={"policies": policies})
    claims = claims_of(run_application(scenario, authorization_params=WITH_API))
    assert (claims["aud"][0], claims["scope"]) == (
        REPORTS,
        "openid offline_access read:reports",
    )


@sdk(refuses=["refresh for a blocked user", "expired session without a refresh token"])
def test_a_token_that_cannot_be_refreshed_is_refused(run_application, idp):
    async def scenario(app, error):
        await app.log_in()
        idp.patch_user("alice", blocked=True)
        app.sessions.expire_tokens()
        with pytest.raises(AccessTokenError) as refused:
            await app.client.get_access_token()
        assert refused.value.code == error
        idp.patch_user("alice", blocked=False)

    run_application(functools.partial(scenario, error="refresh_token_error"))
    without = functools.partial(scenario, error="missing_refresh_token")
    run_application(without, authorization_params={"scope": "openid"})


@sdk("logout")
def test_a_logout_ends_both_sessions(run_application, browser):
    async def scenario(app):
        await app.log_in()
        url = await app.client.logout(LogoutOptions(return_to="http://localhost:3000"))
        answer = browser.session.get(url, allow_redirects=False, timeout=10)
        page = browser.visit(await app.client.start_interactive_login())
        return await app.client.get_user(), answer, page

    user, answer, page = run_application(scenario)
    assert user is None
    assert answer.headers["Location"] == "http://localhost:3000"
    assert urlsplit(page.url).path == "/u/login"


@sdk("back-channel logout")
def test_a_logout_token_ends_the_session(run_application, end_session):
    async def scenario(app):
        await app.log_in()
        await app.client.handle_backchannel_logout(end_session())
        return await app.client.get_user()

    assert run_application(scenario) is None


LOGOUT_FLAWS = {
    "logout token for another client": ({"wrong": "aud"}, "Audience doesn't match"),
    "logout token with a wrong signature": ({"signature": "broken"}, "signature verification"),
    "expired logout token": ({"expired": True}, "Signature has expired"),
    "logout token of an unknown key": ({"kid": "unknown"}, "No matching key"),
    "logout token without events": ({"remove": ["events"]}, "not a backchannel logout event"),
}


@pytest.mark.parametrize(
    ("flaw", "message"), refusals("auth0-server-python", LOGOUT_FLAWS, over="https")
)
def test_a_bad_logout_token_is_refused(run_application, end_session, flaw, message):
    async def scenario(app):
        await app.log_in()
        with pytest.raises(BackchannelLogoutError, match=message):
            await app.client.handle_backchannel_logout(end_session(**flaw))
        return await app.client.get_user()

    assert run_application(scenario)


@sdk(refuses=["denied login", "used callback", "callback of another login"])
def test_a_callback_is_refused(run_application, browser):
    async def scenario(app):
        with pytest.raises(ApiError) as denied:
            await app.log_in(action="deny")
        callback = browser.get_callback(await app.client.start_interactive_login())
        await app.client.complete_interactive_login(callback)
        for url in (callback, callback.replace("state=", "state=another")):
            with pytest.raises(MissingTransactionError):
                await app.client.complete_interactive_login(url)
        return denied.value.code

    assert run_application(scenario) == "access_denied"


@sdk(refuses=["wrong client secret"])
def test_a_wrong_secret_is_refused(run_application):
    async def scenario(app):
        with pytest.raises(ApiError, match="Unauthorized") as refused:
            await app.log_in()
        return refused.value

    refused = run_application(scenario, client_secret="wrong")
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
def test_a_bad_id_token_is_refused(run_application, idp, flaw, error):
    async def scenario(app):
        with pytest.raises((ApiError, IssuerValidationError)) as refused:
            await app.log_in()
        return refused.value.code, await app.client.get_user()

    idp.fault("id_token", **flaw)
    assert run_application(scenario) == (error, None)
