"""flask-dance's `OAuth2ConsumerBlueprint` in a Flask app: login, requests and refresh."""

import functools

import pytest
from flask import Flask
from flask_dance.consumer import OAuth2ConsumerBlueprint, oauth_error
from flask_dance.consumer.storage import MemoryStorage
from oauthlib.oauth2.rfc6749.errors import (
    AccessDeniedError,
    InvalidGrantError,
    MismatchingStateError,
    MissingTokenError,
    TokenExpiredError,
)

from helpers.client_facts import refusals, shows

CALLBACK = "http://localhost:3000/callback"
SECRET = "acme-web-secret"
SCOPE = ["openid", "profile", "email", "offline_access"]
client = functools.partial(shows, "flask-dance", over="http, https")


class Application(Flask):
    """An application that shows the user's e-mail address, from /userinfo."""

    def __init__(self, url, *, secret=SECRET, refresh=True):
        super().__init__("application")
        self.secret_key = "session secret"
        self.config["PROPAGATE_EXCEPTIONS"] = True
        self.errors = []
        self.storage = MemoryStorage()
        self.acme = OAuth2ConsumerBlueprint(
            "acme",
            "application",
            client_id="acme-web",
            client_secret=secret,
            scope=SCOPE,
            base_url=url,
            authorization_url=f"{url}/authorize",
            token_url=f"{url}/oauth/token",
            auto_refresh_url=f"{url}/oauth/token" if refresh else None,
            login_url="/log-in",
            authorized_url="/callback",
            use_pkce=True,
            storage=self.storage,
        )
        self.register_blueprint(self.acme)
        self.add_url_rule("/", view_func=self.home)
        oauth_error.connect(self.keep_error, self.acme)

    def home(self):
        if not self.acme.session.authorized:
            return "nobody"
        return self.acme.session.get("/userinfo").json()["email"]

    def keep_error(self, _blueprint, **error):
        self.errors.append(error["error"])


@pytest.fixture(autouse=True)
def allow_http(monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def visitor(url, user_of):
    """Return a function that creates an application and a user of it."""

    def visitor(**options):
        app = Application(url, **options)
        return app, user_of(app)

    return visitor


@client("authorization code with PKCE", "requests to /userinfo")
def test_a_user_logs_in(visitor):
    app, user = visitor()
    assert user.visit().text == "nobody"
    page = user.log_in(user.visit("/log-in"))
    assert (page.url, page.text) == ("http://localhost:3000/", "alice@acme.example")
    assert app.storage.token["scope"] == SCOPE


@client(
    "refresh token", refuses=["refresh for a blocked user", "expired token without a refresh URL"]
)
def test_an_expired_token_is_refreshed(visitor, idp):
    app, user = visitor()
    user.log_in(user.visit("/log-in"))
    first = app.storage.token
    app.storage.token = first | {"expires_at": 1}
    assert user.visit().text == "alice@acme.example"
    assert app.storage.token["access_token"] != first["access_token"]
    idp.patch_user("alice", blocked=True)
    app.storage.token = first | {"expires_at": 1}
    with pytest.raises(InvalidGrantError):
        user.visit()
    app, user = visitor(refresh=False)
    app.storage.token = first | {"expires_at": 1}
    with pytest.raises(TokenExpiredError):
        user.visit()


@client(refuses=["denied login", "wrong state", "wrong client secret"])
def test_a_callback_is_refused(visitor):
    app, user = visitor()
    assert user.log_in(user.visit("/log-in"), action="deny").text == "nobody"
    assert app.errors == ["access_denied"]
    parameters = user.get_callback_parameters(user.visit("/log-in"))
    with pytest.raises(MismatchingStateError):
        user.visit(f"/callback?code={parameters['code']}&state=another")
    app, user = visitor(secret="wrong")
    with pytest.raises(AccessDeniedError, match="Unauthorized"):
        user.visit("/log-in")
    assert user.visit().text == "nobody"


FAULTS = {
    "used code": ({"refuse": "code_used"}, InvalidGrantError),
    "granted scope that differs": ({"set": {"scope": "openid"}}, Warning),
    "response without an access token": ({"remove": ["access_token"]}, MissingTokenError),
}


@pytest.mark.parametrize("url", ["http"], indirect=True)
@pytest.mark.parametrize(("fault", "error"), refusals("flask-dance", FAULTS, over="http"))
def test_a_bad_response_is_refused(visitor, idp, fault, error):
    idp.fault("token", **fault)
    _, user = visitor()
    with pytest.raises(error):
        user.log_in(user.visit("/log-in"))
    assert user.visit().text == "nobody"
