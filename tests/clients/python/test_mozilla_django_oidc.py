"""mozilla-django-oidc in a Django project: login, renewal of the session and logout."""

import functools
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import override_settings
from requests.exceptions import HTTPError

from helpers.client_facts import refusals, shows

from .django_project import MIDDLEWARE

HOME = "http://localhost:3000/"
LOG_IN = "/oidc/authenticate/"
ALICE = "alice@acme.example"
client = functools.partial(shows, "mozilla-django-oidc", over="http, https")


@pytest.fixture
def visitor(idp, url, django_project, user_of):
    """Return a context manager with a user of a project with this client."""
    idp.patch_client("acme-web", callbacks=["http://localhost:3000/oidc/callback/"])
    views = f"{__package__}.django_views"
    logout = urlencode({"client_id": "acme-web", "returnTo": HOME})

    @contextmanager
    def visitor(**settings):
        with django_project(
            ALLOW_LOGOUT_GET_METHOD=True,
            AUTHENTICATION_BACKENDS=["mozilla_django_oidc.auth.OIDCAuthenticationBackend"],
            LOGOUT_URL=f"{url}/v2/logout?{logout}",
            MIDDLEWARE=(*MIDDLEWARE, "mozilla_django_oidc.middleware.SessionRefresh"),
            OIDC_OP_AUTHORIZATION_ENDPOINT=f"{url}/authorize",
            OIDC_OP_TOKEN_ENDPOINT=f"{url}/oauth/token",
            OIDC_OP_USER_ENDPOINT=f"{url}/userinfo",
            OIDC_OP_JWKS_ENDPOINT=f"{url}/.well-known/jwks.json",
            OIDC_OP_LOGOUT_URL_METHOD=f"{views}.logout_url",
            OIDC_RP_CLIENT_ID="acme-web",
            OIDC_RP_SIGN_ALGO="RS256",
            OIDC_USE_PKCE=True,
            **{"OIDC_RP_CLIENT_SECRET": "acme-web-secret"} | settings,
        ) as app:
            yield user_of(app)

    return visitor


def paths_of(page):
    return [urlsplit(one.url).path for one in (*page.history, page)]


@client("authorization code with PKCE", "userinfo")
@pytest.mark.parametrize("settings", [{}, {"OIDC_TOKEN_USE_BASIC_AUTH": True}])
def test_a_user_logs_in(visitor, settings):
    with visitor(**settings) as user:
        page = user.log_in(user.visit(LOG_IN))
        assert (page.url, page.text) == (HOME, ALICE)


@client(
    "renewal of a session without a page",
    "logout",
    refuses=["renewal after the end of the tenant's session"],
)
def test_a_session_is_renewed_until_the_logout(visitor, url):
    expired = {
        "OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS": -1,
        "LOGIN_REDIRECT_URL": "/welcome",
        "OIDC_EXEMPT_URLS": ["/welcome"],
    }
    with visitor(**expired) as user:
        assert user.log_in(user.visit(LOG_IN)).text == ALICE
        with override_settings(OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS=60):
            page = user.visit()
        assert paths_of(page) == ["/", "/authorize", "/oidc/callback/", "/"]
        assert page.text == ALICE
        user.visit(LOG_IN)
        user.session.get(f"{url}/v2/logout", allow_redirects=False, timeout=10)
        page = user.visit()
        assert paths_of(page) == ["/", "/authorize", "/oidc/callback/", "/failed"]
        assert page.text == "nobody"
        user.log_in(user.visit(LOG_IN))
        assert paths_of(user.visit("/oidc/logout/")) == ["/oidc/logout/", "/v2/logout", "/"]
        assert urlsplit(user.visit(LOG_IN).url).path == "/u/login"


@client(refuses=["denied login", "wrong state", "used callback"])
def test_a_callback_is_refused(visitor, django_project):
    with visitor() as user:
        page = user.log_in(user.visit(LOG_IN), action="deny")
        assert urlsplit(page.url).path == "/failed"
        page = user.log_in(user.visit(LOG_IN))
        callback = page.history[-1].url
        for refused in (callback, f"{callback}x"):
            assert user.visit(refused).status_code == 400
    errors = [str(one) for one in django_project.exceptions]
    assert errors == ["OIDC callback state not found in session `oidc_states`!"] * 2


@client(refuses=["wrong client secret"])
def test_a_wrong_secret_is_refused(visitor, django_project):
    with visitor(OIDC_RP_CLIENT_SECRET="wrong") as user:
        assert user.log_in(user.visit(LOG_IN)).status_code == 500
    [refused] = django_project.exceptions
    assert isinstance(refused, HTTPError)
    assert '"error":"access_denied"' in str(refused)


FLAWS = {
    "wrong nonce": ({"wrong": "nonce"}, "SuspiciousOperation('JWT Nonce verification failed.')"),
    "expired ID token": ({"expired": True}, "ExpiredSignatureError('Signature has expired')"),
    "ID token with HS256": (
        {"alg": "HS256"},
        "SuspiciousOperation('Could not find a valid JWKS.')",
    ),
    "unknown key": ({"kid": "unknown"}, "SuspiciousOperation('Could not find a valid JWKS.')"),
    "wrong signature": (
        {"signature": "broken"},
        "SuspiciousOperation('JWS token verification failed.')",
    ),
}


@pytest.mark.parametrize("url", ["http"], indirect=True)
@pytest.mark.parametrize(("flaw", "error"), refusals("mozilla-django-oidc", FLAWS, over="http"))
def test_a_bad_id_token_is_refused(visitor, django_project, idp, flaw, error):
    idp.fault("id_token", **flaw)
    with visitor() as user:
        assert user.log_in(user.visit(LOG_IN)).status_code >= 400
        assert user.visit().text == "nobody"
    [refused] = django_project.exceptions
    assert repr(refused) == error
