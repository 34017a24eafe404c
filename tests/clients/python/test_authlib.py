"""Authlib's Flask client: discovery, the code flow with PKCE, and its checks."""

import functools
import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from authlib.integrations.base_client.errors import MismatchingStateError, OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, request
from joserfc.errors import BadSignatureError, InvalidClaimError

from helpers.client_facts import shows

CALLBACK = "http://localhost:3000/callback"
API = "https://api.acme.example/"
client = functools.partial(shows, "Authlib (Flask)", over="http, https")


class Application(Flask):
    """An application that logs in with Authlib, and keeps request and tokens."""

    def __init__(self, tenant, *, client_id="acme-web", secret="acme-web-secret", **options):
        super().__init__("application")
        self.secret_key = "session secret"
        self.config["PROPAGATE_EXCEPTIONS"] = True
        self.token, self.parameters, self.updated = None, None, []
        client_kwargs = {
            "scope": "openid profile email offline_access",
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": "client_secret_post" if secret else "none",
        }
        self.acme = OAuth(self).register(
            "acme",
            client_id=client_id,
            client_secret=secret,
            server_metadata_url=f"{tenant.url}/.well-known/openid-configuration",
            client_kwargs=client_kwargs | options,
            update_token=lambda token, **_: self.updated.append(token),
        )
        self.add_url_rule("/", view_func=self.log_in)
        self.add_url_rule("/callback", view_func=self.callback)
        self.add_url_rule("/log-out", view_func=self.log_out)

    def log_in(self):
        answer = self.acme.authorize_redirect(CALLBACK, **request.args)
        self.parameters = parse_qs(urlsplit(answer.location).query)
        return answer

    def callback(self):
        self.token = self.acme.authorize_access_token()
        return self.token["userinfo"]["sub"]

    def log_out(self):
        return self.acme.logout_redirect("http://localhost:3000", self.token["id_token"])


@pytest.fixture(autouse=True)
def allow_http(monkeypatch):
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def application(tenant):
    return Application(tenant)


@pytest.fixture
def logged_in(application, user_of):
    """Return the application after a login."""
    user = user_of(application)
    user.log_in(user.visit())
    return application


@client("authorization code with PKCE")
def test_a_user_logs_in(application, user_of, tenant):
    user = user_of(application)
    page = user.log_in(user.visit())
    assert page.url.startswith(CALLBACK)
    assert page.text == "auth0|alice"
    assert application.parameters["code_challenge_method"] == ["S256"]
    claims = application.token["userinfo"]
    assert (claims["iss"], claims["aud"]) == (tenant.issuer, "acme-web")
    assert [claims["nonce"]] == application.parameters["nonce"]
    assert claims["email"] == "alice@acme.example"


@client("login without a secret")
def test_a_client_without_a_secret_logs_in(tenant, user_of):
    user = user_of(Application(tenant, client_id="acme-spa", secret=None))
    assert user.log_in(user.visit(), username="bob@acme.example").text == "auth0|bob"


@client("silent login")
def test_the_second_login_is_silent(logged_in, user_of):
    assert user_of(logged_in).visit().text == "auth0|alice"


@client("userinfo")
def test_userinfo_has_the_claims_of_the_id_token(logged_in, tenant):
    with logged_in.app_context():
        profile = logged_in.acme.userinfo(token=logged_in.token)
    claims = ("sub", "name", "email", "email_verified", "nickname")
    assert {name: profile[name] for name in claims} == {
        name: logged_in.token["userinfo"][name] for name in claims
    }


@client(refuses=["wrong nonce"])
def test_another_nonce_is_refused(logged_in):
    with logged_in.app_context():
        parse = logged_in.acme.parse_id_token
        assert (
            parse(logged_in.token, nonce=logged_in.parameters["nonce"][0])["sub"] == "auth0|alice"
        )
        with pytest.raises(InvalidClaimError, match="nonce"):
            parse(logged_in.token, nonce="another")


@client(refuses=["wrong signature"])
def test_a_changed_signature_is_refused(logged_in):
    nonce = logged_in.parameters["nonce"][0]
    header, payload, signature = logged_in.token["id_token"].split(".")
    other = "A" if signature[9] != "A" else "B"
    changed = f"{header}.{payload}.{signature[:9]}{other}{signature[10:]}"
    with logged_in.app_context(), pytest.raises(BadSignatureError):
        logged_in.acme.parse_id_token({**logged_in.token, "id_token": changed}, nonce=nonce)


@client(refuses=["wrong state"])
def test_another_state_is_refused(application, user_of):
    user = user_of(application)
    code = user.get_callback_parameters(user.visit())["code"]
    with pytest.raises(MismatchingStateError):
        user.visit(f"/callback?code={code}&state=another")
    state = application.parameters["state"][0]
    assert user.visit(f"/callback?code={code}&state={state}").text == "auth0|alice"


@client(refuses=["wrong code verifier"])
def test_a_code_needs_its_verifier(application, user_of):
    user = user_of(application)
    code = user.get_callback_parameters(user.visit())["code"]
    with application.app_context(), pytest.raises(OAuthError) as refused:
        application.acme.fetch_access_token(CALLBACK, code=code, code_verifier="x" * 43)
    assert refused.value.error == "invalid_grant"
    another = user_of(application)
    assert another.visit().text == "auth0|alice"


@client("refresh token")
def test_an_expired_token_is_refreshed_automatically(logged_in, tenant):
    token = {**logged_in.token, "expires_at": int(time.time()) - 1}
    with logged_in.app_context():
        profile = logged_in.acme.userinfo(token=token)
    assert profile["sub"] == "auth0|alice"
    [refreshed] = logged_in.updated
    assert refreshed["access_token"] != logged_in.token["access_token"]
    assert refreshed["refresh_token"] == logged_in.token["refresh_token"]


@client(refuses=["unknown refresh token"])
def test_an_unknown_refresh_token_is_refused(logged_in):
    token = {**logged_in.token, "expires_at": int(time.time()) - 1, "refresh_token": "v1.unknown"}
    with logged_in.app_context(), pytest.raises(OAuthError) as refused:
        logged_in.acme.userinfo(token=token)
    assert refused.value.error == "invalid_grant"
    assert logged_in.updated == []


@client(refuses=["denied login"])
def test_a_denied_login_raises_the_error(application, user_of):
    user = user_of(application)
    with pytest.raises(OAuthError) as refused:
        user.log_in(user.visit(), action="deny")
    assert refused.value.error == "access_denied"


def test_a_wrong_password_can_be_corrected(application, user_of):
    user = user_of(application)
    again = user.log_in(user.visit(), password="wrong")
    assert "Wrong" in again.text
    assert user.log_in(again).text == "auth0|alice"


@client(refuses=["wrong client secret"])
def test_a_wrong_secret_gets_no_token(tenant, user_of):
    user = user_of(Application(tenant, secret="wrong"))
    with pytest.raises(OAuthError) as refused:
        user.log_in(user.visit())
    assert refused.value.error == "access_denied"


@client("access token for an API")
def test_an_audience_gets_a_token_for_that_api(application, user_of, tenant):
    user = user_of(application)
    user.log_in(user.visit(f"/?audience={API}"))
    claims = jwt.decode(application.token["access_token"], options={"verify_signature": False})
    assert claims["aud"] == [API, f"{tenant.url}/userinfo"]


@client("logout")
def test_a_logout_ends_the_session(logged_in, user_of):
    user = user_of(logged_in)
    assert user.visit().text == "auth0|alice"
    page = user.visit("/log-out")
    paths = [urlsplit(each.url).path or "/" for each in page.history]
    assert paths == ["/log-out", "/oidc/logout", "/", "/authorize"]
    assert urlsplit(page.url).path == "/u/login"
