"""idpyoidc's `RPHandler`, with `mockidp.profile: oidc`: login, refresh and logout."""

import functools
from urllib.parse import parse_qsl, urlsplit

import pytest
from cryptojwt import KeyJar
from cryptojwt.exception import BadSignature, UnsupportedAlgorithm
from cryptojwt.jws.exception import NoSuitableSigningKeys
from idpyoidc.client.defaults import DEFAULT_OIDC_SERVICES
from idpyoidc.client.exception import OidcServiceError
from idpyoidc.client.oauth2.stand_alone_client import backchannel_logout
from idpyoidc.client.rp_handler import RPHandler
from idpyoidc.exception import MissingRequiredAttribute, MissingSigningKey, NotForMe
from idpyoidc.message.oidc import EXPError

from helpers.client_facts import refusals, shows

CALLBACK = "http://localhost:3000/callback"
LOGGED_OUT = "http://localhost:3000"
SCOPE = ["openid", "profile", "email", "offline_access"]
SECRET = "a-secret-of-the-length-that-idpyoidc-wants"
SERVICES = {"end_session": {"class": "idpyoidc.client.oidc.end_session.EndSession"}}
PKCE = {
    "function": "idpyoidc.client.oauth2.add_on.pkce.add_support",
    "kwargs": {"code_challenge_length": 64, "code_challenge_method": "S256"},
}
# It does not verify the certificates of localhost when it fetches keys.
pytestmark = pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
client = functools.partial(shows, "idpyoidc", over="http, https")


class RelyingParty:
    """A relying party, and its user's browser."""

    def __init__(self, issuer, browser, *, ca_file, secret=SECRET):
        self._browser = browser
        self._issuer = issuer
        config = {
            "issuer": issuer,
            "client_id": "acme-web",
            "client_secret": secret,
            "redirect_uris": [CALLBACK],
            "client_type": "oidc",
            "client_authn_methods": ["client_secret_basic"],
            "preference": {
                "response_types": ["code"],
                "token_endpoint_auth_method": "client_secret_basic",
            },
            "add_ons": {"pkce": PKCE},
        }
        self.handler = RPHandler(
            client_configs={"acme": config},
            keyjar=KeyJar(),  # otherwise it writes keys to the current directory
            services=DEFAULT_OIDC_SERVICES | SERVICES,
            httpc_params={"timeout": 10, "verify": ca_file},
        )

    def get_callback(self, **filled_in):
        """Log in up to the callback, and return its parameters."""
        url = self.handler.begin("acme", req_args={"scope": SCOPE})
        return dict(parse_qsl(urlsplit(self._browser.get_callback(url, **filled_in)).query))

    def finish(self, parameters):
        return self.handler.finalize(self._issuer, parameters)

    def get_client(self):
        return self.handler.issuer2rp[self._issuer]

    def log_in(self):
        return self.finish(self.get_callback())


@pytest.fixture
def connect(idp, url, patch_tenant, browser):
    """Return a function that creates a relying party."""
    idp.patch_client(
        "acme-web", client_secret=SECRET, token_endpoint_auth_method="client_secret_basic"
    )
    patch_tenant(mockidp={"profile": "oidc"})
    return functools.partial(RelyingParty, f"{url}/", browser, ca_file=idp.ca_file)


@client("discovery", "authorization code with PKCE", "userinfo")
def test_a_user_logs_in(connect, url):
    done = connect().log_in()
    assert done["userinfo"]["email"] == "alice@acme.example"
    assert (done["id_token"]["iss"], done["id_token"]["sub"]) == (f"{url}/", "auth0|alice")


@client("refresh token", refuses=["refresh for a blocked user"])
def test_a_token_is_refreshed(connect, idp):
    app = connect()
    state = app.log_in()["state"]
    refreshed = app.handler.refresh_access_token(state)
    assert refreshed["scope"] == SCOPE
    idp.patch_user("alice", blocked=True)
    with pytest.raises(OidcServiceError, match="invalid_grant"):
        app.handler.refresh_access_token(state)


@client("logout")
def test_a_logout_ends_the_session(connect, browser):
    app = connect()
    request = app.handler.logout(app.log_in()["state"], post_logout_redirect_uri=LOGGED_OUT)
    answer = browser.session.get(request["url"], allow_redirects=False, timeout=10)
    assert answer.headers["Location"].partition("?")[0] == LOGGED_OUT


@client("back-channel logout", refuses=["logout token with a wrong signature"])
def test_a_logout_token_names_the_session(connect, end_session):
    app = connect()
    state = app.log_in()["state"]
    end = functools.partial(backchannel_logout, app.get_client())
    assert end(request_args={"logout_token": end_session()}) == state
    app.log_in()
    with pytest.raises(BadSignature):
        end(request_args={"logout_token": end_session(signature="broken")})


@client(refuses=["denied login", "used code", "wrong client secret", "wrong state"])
def test_a_callback_is_refused(connect):
    app = connect()
    assert app.finish(app.get_callback(action="deny"))["error"] == "access_denied"
    parameters = app.get_callback()
    app.finish(parameters)
    with pytest.raises(OidcServiceError, match="invalid_grant"):
        app.finish(parameters)
    with pytest.raises(KeyError):
        app.finish(parameters | {"state": "another"})
    with pytest.raises(OidcServiceError, match="invalid_client"):
        connect(secret="another-secret-of-the-right-length").log_in()


FLAWS = {
    "wrong nonce": ({"wrong": "nonce"}, ValueError, "nonce"),
    "wrong audience": ({"wrong": "aud"}, NotForMe, "acme-web not in"),
    "wrong issuer": ({"wrong": "iss"}, ValueError, "Unknown issuer"),
    "expired ID token": ({"expired": True}, EXPError, "Invalid expiration time"),
    "ID token with HS256": ({"alg": "HS256"}, NoSuitableSigningKeys, "No key with kid"),
    "unsigned ID token": ({"alg": "none"}, UnsupportedAlgorithm, "None not allowed"),
    "unknown key": ({"kid": "unknown"}, MissingSigningKey, "alg=RS256"),
    "wrong signature": ({"signature": "broken"}, BadSignature, "^$"),
    "ID token without sub": ({"remove": ["sub"]}, MissingRequiredAttribute, "'sub'"),
}


@pytest.mark.parametrize("url", ["http"], indirect=True)
@pytest.mark.parametrize(("flaw", "error", "message"), refusals("idpyoidc", FLAWS, over="http"))
def test_a_bad_id_token_is_refused(connect, idp, flaw, error, message):
    idp.fault("id_token", **flaw)
    with pytest.raises(error, match=message):
        connect().log_in()
