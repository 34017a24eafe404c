"""django-allauth in a Django project: its providers `auth0` and `openid_connect`."""

import functools
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from helpers.client_facts import refusals, shows

HOME = "http://localhost:3000/"
AUTH0, OIDC = "/accounts/auth0/login/", "/accounts/oidc/acme/login/"
ALICE = "alice@acme.example"
FAILURE = "Third-Party Login Failure"
SECRET = "acme-web-secret"
client = functools.partial(shows, "django-allauth", over="http, https")
over_http = functools.partial(shows, "django-allauth", over="http")


@pytest.fixture
def visitor(idp, url, django_project, user_of):
    """Return a context manager with a user of a project with both providers."""
    callbacks = [f"http://localhost:3000{login}callback/" for login in (AUTH0, OIDC)]
    idp.patch_client("acme-web", callbacks=callbacks)

    @contextmanager
    def visitor(*, secret=SECRET, **options):
        acme = {
            "provider_id": "acme",
            "name": "Acme",
            "client_id": "acme-web",
            "secret": secret,
            "settings": {"server_url": url, "oauth_pkce_enabled": True, **options},
        }
        providers = {
            "auth0": {"APP": {"client_id": "acme-web", "secret": secret}},
            "openid_connect": {"APPS": [acme]},
        }
        backends = ["allauth.account.auth_backends.AuthenticationBackend"]
        with django_project(
            AUTHENTICATION_BACKENDS=backends, SOCIALACCOUNT_PROVIDERS=providers
        ) as app:
            yield user_of(app)

    return visitor


@over_http("the provider auth0")
@pytest.mark.parametrize("url", ["http"], indirect=True)  # it reads its URL on import
def test_a_user_logs_in_with_the_provider_for_auth0(visitor):
    with visitor() as user:
        page = user.log_in(user.visit(AUTH0))
        assert (page.url, page.text) == (HOME, ALICE)


@client("the provider openid_connect", "authorization code with PKCE", "userinfo")
@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_basic"])
def test_a_user_logs_in_with_openid_connect(visitor, method):
    with visitor(token_auth_method=method) as user:
        page = user.log_in(user.visit(OIDC))
        assert (page.url, page.text) == (HOME, ALICE)


@client("login without userinfo")
def test_the_id_token_is_enough(visitor, idp):
    with visitor(fetch_userinfo=False) as user:
        assert user.log_in(user.visit(OIDC)).text == ALICE
    assert not idp.journal.of("userinfo")


@over_http(refuses=["denied login", "wrong state", "used callback"])
@pytest.mark.parametrize("url", ["http"], indirect=True)
@pytest.mark.parametrize("login", [AUTH0, OIDC])
def test_a_callback_is_refused(visitor, login, django_project):
    with visitor() as user:
        page = user.log_in(user.visit(login), action="deny")
        assert urlsplit(page.url).path == "/accounts/3rdparty/login/cancelled/"
        page = user.log_in(user.visit(login))
        callback = page.history[-1].url
        for refused in (callback, f"{callback}x"):
            page = user.visit(refused)
            assert (page.status_code, FAILURE in page.text) == (401, True)
    assert django_project.exceptions == ["cancelled", "unknown", "unknown"]


@over_http(refuses=["wrong client secret"])
@pytest.mark.parametrize("url", ["http"], indirect=True)
@pytest.mark.parametrize("login", [AUTH0, OIDC])
def test_a_wrong_secret_is_refused(visitor, login, django_project):
    with visitor(secret="wrong") as user:
        page = user.log_in(user.visit(login))
        assert (page.status_code, FAILURE in page.text) == (401, True)
    [refused] = django_project.exceptions
    assert repr(refused).startswith("OAuth2Error(")
    assert '{"error":"access_denied","error_description":"Unauthorized"}' in str(refused)


FAULTS = {
    "wrong audience": ({"endpoint": "id_token", "wrong": "aud"}, "OAuth2Error('Invalid id_token')"),
    "wrong issuer": ({"endpoint": "id_token", "wrong": "iss"}, "OAuth2Error('Invalid id_token')"),
    "expired ID token": (
        {"endpoint": "id_token", "expired": True},
        "OAuth2Error('Invalid id_token')",
    ),
    "failing /userinfo": ({"endpoint": "userinfo", "status": 503}, "HTTPError('503 Server Error"),
    "no access token": (
        {"endpoint": "token", "remove": ["access_token"]},
        "OAuth2Error('Error retrieving",
    ),
}


@pytest.mark.parametrize("url", ["http"], indirect=True)
@pytest.mark.parametrize(("fault", "error"), refusals("django-allauth", FAULTS, over="http"))
def test_a_bad_response_is_refused(visitor, django_project, idp, fault, error):
    idp.fault(**fault)
    with visitor() as user:
        page = user.log_in(user.visit(OIDC))
        assert (page.status_code, FAILURE in page.text) == (401, True)
        assert user.visit().text == "nobody"
    [refused] = django_project.exceptions
    assert repr(refused).startswith(error)
