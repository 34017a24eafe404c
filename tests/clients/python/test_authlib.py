"""Authlib's Flask client: discovery, the code flow with PKCE, and everything that it checks."""

import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from authlib.integrations.base_client.errors import MismatchingStateError, OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, request
from joserfc.errors import BadSignatureError, InvalidClaimError

CALLBACK = "http://localhost:3000/callback"
API = "https://api.acme.example/"


class Application(Flask):
    """An application that logs in with Authlib, and keeps what it got."""

    def __init__(self, tenant, *, client_id="acme-web", secret="acme-web-secret", **options):
        super().__init__("application")
        self.secret_key = "of the session"
        self.config["PROPAGATE_EXCEPTIONS"] = True
        self.token, self.asked, self.updated = None, None, []
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
        self.add_url_rule("/leave", view_func=self.leave)

    def log_in(self):
        answer = self.acme.authorize_redirect(CALLBACK, **request.args)
        self.asked = parse_qs(urlsplit(answer.location).query)
        return answer

    def callback(self):
        self.token = self.acme.authorize_access_token()
        return self.token["userinfo"]["sub"]

    def leave(self):
        return self.acme.logout_redirect("http://localhost:3000", self.token["id_token"])


@pytest.fixture(autouse=True)
def plain_http_is_fine(monkeypatch):
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def application(tenant):
    return Application(tenant)


@pytest.fixture
def logged_in(application, person):
    """The application after somebody has logged in."""
    somebody = person(application)
    somebody.logs_in(somebody.visits())
    return application


def test_somebody_logs_in(application, person, tenant):
    somebody = person(application)
    arrived = somebody.logs_in(somebody.visits())
    assert arrived.url.startswith(CALLBACK)
    assert arrived.text == "auth0|alice"
    assert application.asked["code_challenge_method"] == ["S256"]
    claims = application.token["userinfo"]
    assert (claims["iss"], claims["aud"]) == (tenant.issuer, "acme-web")
    assert [claims["nonce"]] == application.asked["nonce"]
    assert claims["email"] == "alice@acme.example"


def test_a_client_without_a_secret_logs_in(tenant, person):
    somebody = person(Application(tenant, client_id="acme-spa", secret=None))
    assert somebody.logs_in(somebody.visits(), username="bob@acme.example").text == "auth0|bob"


def test_whoever_is_logged_in_already_is_not_asked_again(logged_in, person):
    assert person(logged_in).visits().text == "auth0|alice"


def test_userinfo_tells_what_the_id_token_tells(logged_in, tenant):
    with logged_in.app_context():
        profile = logged_in.acme.userinfo(token=logged_in.token)
    wanted = ("sub", "name", "email", "email_verified", "nickname")
    assert {name: profile[name] for name in wanted} == {
        name: logged_in.token["userinfo"][name] for name in wanted
    }


def test_the_id_token_is_for_one_nonce_only(logged_in):
    with logged_in.app_context():
        parse = logged_in.acme.parse_id_token
        assert parse(logged_in.token, nonce=logged_in.asked["nonce"][0])["sub"] == "auth0|alice"
        with pytest.raises(InvalidClaimError, match="nonce"):
            parse(logged_in.token, nonce="another")


def test_an_id_token_that_was_changed_does_not_verify(logged_in):
    nonce = logged_in.asked["nonce"][0]
    header, payload, signature = logged_in.token["id_token"].split(".")
    other = "A" if signature[9] != "A" else "B"
    changed = f"{header}.{payload}.{signature[:9]}{other}{signature[10:]}"
    with logged_in.app_context(), pytest.raises(BadSignatureError):
        logged_in.acme.parse_id_token({**logged_in.token, "id_token": changed}, nonce=nonce)


def test_another_state_than_the_sessions_is_refused(application, person):
    somebody = person(application)
    code = somebody.brings(somebody.visits())["code"]
    with pytest.raises(MismatchingStateError):
        somebody.visits(f"/callback?code={code}&state=another")
    state = application.asked["state"][0]
    assert somebody.visits(f"/callback?code={code}&state={state}").text == "auth0|alice"


def test_a_code_needs_its_verifier(application, person):
    somebody = person(application)
    code = somebody.brings(somebody.visits())["code"]
    with application.app_context(), pytest.raises(OAuthError) as refused:
        application.acme.fetch_access_token(CALLBACK, code=code, code_verifier="x" * 43)
    assert refused.value.error == "invalid_grant"
    again = person(application)
    assert again.visits().text == "auth0|alice"


def test_an_expired_token_is_refreshed_on_the_way(logged_in, tenant):
    token = {**logged_in.token, "expires_at": int(time.time()) - 1}
    with logged_in.app_context():
        profile = logged_in.acme.userinfo(token=token)
    assert profile["sub"] == "auth0|alice"
    [refreshed] = logged_in.updated
    assert refreshed["access_token"] != logged_in.token["access_token"]
    assert refreshed["refresh_token"] == logged_in.token["refresh_token"]


def test_a_refresh_token_of_nobody_is_refused(logged_in):
    token = {**logged_in.token, "expires_at": int(time.time()) - 1, "refresh_token": "v1.nobody"}
    with logged_in.app_context(), pytest.raises(OAuthError) as refused:
        logged_in.acme.userinfo(token=token)
    assert refused.value.error == "invalid_grant"
    assert logged_in.updated == []


def test_whoever_denies_brings_the_error_to_the_application(application, person):
    somebody = person(application)
    with pytest.raises(OAuthError) as refused:
        somebody.logs_in(somebody.visits(), action="deny")
    assert refused.value.error == "access_denied"


def test_a_wrong_password_brings_the_page_again_and_a_right_one_then_logs_in(application, person):
    somebody = person(application)
    again = somebody.logs_in(somebody.visits(), password="wrong")
    assert "Wrong" in again.text
    assert somebody.logs_in(again).text == "auth0|alice"


def test_a_wrong_secret_gets_no_token(tenant, person):
    somebody = person(Application(tenant, secret="wrong"))
    with pytest.raises(OAuthError) as refused:
        somebody.logs_in(somebody.visits())
    assert refused.value.error == "access_denied"


def test_an_audience_gives_a_token_for_that_api(application, person, tenant):
    somebody = person(application)
    somebody.logs_in(somebody.visits(f"/?audience={API}"))
    claims = jwt.decode(application.token["access_token"], options={"verify_signature": False})
    assert claims["aud"] == [API, f"{tenant.url}/userinfo"]


def test_whoever_leaves_has_to_log_in_again(logged_in, person):
    somebody = person(logged_in)
    assert somebody.visits().text == "auth0|alice"
    left = somebody.visits("/leave")
    passed = [urlsplit(each.url).path or "/" for each in left.history]
    assert passed == ["/leave", "/oidc/logout", "/", "/authorize"]
    assert urlsplit(left.url).path == "/u/login"
