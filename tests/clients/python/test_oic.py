"""pyoidc's `oic.oic.Client`, with `mockidp.profile: oidc`: login, userinfo by POST and refresh."""

import functools
from urllib.parse import urlsplit

import pytest
from jwkest import BadSignature
from jwkest.jws import NoSuitableSigningKeys
from oic.exception import NotForMe, ParameterError
from oic.oauth2 import ErrorResponse
from oic.oauth2.exception import GrantError
from oic.oauth2.message import MissingRequiredAttribute
from oic.oic import Client
from oic.oic.message import (
    AuthorizationResponse,
    BackChannelLogoutRequest,
    EXPError,
    RegistrationResponse,
)
from oic.utils.authn.client import CLIENT_AUTHN_METHOD
from oic.utils.settings import OicClientSettings

from helpers.client_facts import refusals, shows

CALLBACK = "http://localhost:3000/callback"
SCOPE = ["openid", "profile", "email", "offline_access"]
SECRET = "acme-web-secret"
# It does not verify the certificates of localhost when it fetches keys.
pytestmark = pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
client = functools.partial(shows, "oic", over="http, https")


class RelyingParty:
    """A relying party, and its user's browser."""

    def __init__(self, issuer, browser, *, ca_file, secret=SECRET):
        self._browser = browser
        settings = OicClientSettings(verify_ssl=ca_file, timeout=10)
        self.client = Client(client_authn_method=CLIENT_AUTHN_METHOD, settings=settings)
        self.client.provider_config(issuer)
        registered = {
            "client_id": "acme-web", "client_secret": secret, "redirect_uris": [CALLBACK],
        }  # fmt: skip
        self.client.store_registration_info(RegistrationResponse(**registered))

    def get_callback(self, **filled_in):
        """Log in up to the callback. Return its query."""
        request = self.client.construct_AuthorizationRequest(
            request_args={
                "response_type": "code",
                "scope": SCOPE,
                "state": "state-1",
                "nonce": "nonce-1",
                "redirect_uri": CALLBACK,
            }
        )
        self.client.state2nonce["state-1"] = "nonce-1"
        url = request.request(self.client.authorization_endpoint)
        return urlsplit(self._browser.get_callback(url, **filled_in)).query

    def finish(self, query):
        """Redeem the code of a callback. Return the tokens, or the error response."""
        response = self.client.parse_response(
            AuthorizationResponse, info=query, sformat="urlencoded"
        )
        if isinstance(response, ErrorResponse):
            return response
        return self.client.do_access_token_request(
            state=response["state"], authn_method="client_secret_post"
        )

    def log_in(self):
        return self.finish(self.get_callback())


@pytest.fixture
def connect(idp, url, patch_tenant, browser):
    """Return a function that creates a relying party."""
    patch_tenant(mockidp={"profile": "oidc"})
    return functools.partial(RelyingParty, f"{url}/", browser, ca_file=idp.ca_file)


@client("discovery", "authorization code", "userinfo by POST")
def test_a_user_logs_in(connect, url):
    app = connect()
    id_token = app.log_in()["id_token"]
    assert (id_token["iss"], id_token["sub"]) == (f"{url}/", "auth0|alice")
    profile = app.client.do_user_info_request(state="state-1")
    assert profile["email"] == "alice@acme.example"


@client("refresh with the original scope", refuses=["refresh for a blocked user"])
def test_a_token_is_refreshed(connect, idp):
    app = connect()
    app.log_in()
    refresh = functools.partial(
        app.client.do_access_token_refresh, state="state-1", authn_method="client_secret_post"
    )
    assert refresh()["scope"] == SCOPE
    app.log_in()
    idp.patch_user("alice", blocked=True)
    assert refresh()["error"] == "invalid_grant"


@client("back-channel logout", refuses=["logout token with a wrong signature"])
def test_a_logout_token_names_the_session(connect, end_session):
    app = connect()
    id_token = app.log_in()["id_token"]
    keys = {"aud": "acme-web", "iss": id_token["iss"], "keyjar": app.client.keyjar}
    request = BackChannelLogoutRequest(logout_token=end_session())
    assert request.verify(**keys)
    assert request["logout_token"]["sid"] == id_token["sid"]
    app.log_in()
    request = BackChannelLogoutRequest(logout_token=end_session(signature="broken"))
    with pytest.raises(BadSignature):
        request.verify(**keys)


@client(refuses=["denied login", "used code", "wrong client secret", "unknown state"])
def test_a_callback_is_refused(connect):
    app = connect()
    assert app.finish(app.get_callback(action="deny"))["error"] == "access_denied"
    query = app.get_callback()
    app.finish(query)
    assert app.finish(query)["error"] == "invalid_grant"
    assert connect(secret="wrong").log_in()["error"] == "invalid_client"
    with pytest.raises(GrantError):
        app.client.do_access_token_request(state="unknown", authn_method="client_secret_post")


FLAWS = {
    "wrong nonce": ({"wrong": "nonce"}, ParameterError, "nonce"),
    "wrong audience": ({"wrong": "aud"}, NotForMe, "acme-web not in aud"),
    "wrong issuer": ({"wrong": "iss"}, ValueError, "Unknown issuer"),
    "expired ID token": ({"expired": True}, EXPError, "Invalid expiration time"),
    "ID token with HS256": ({"alg": "HS256"}, NoSuitableSigningKeys, "No key with kid"),
    "unknown key": ({"kid": "unknown"}, NoSuitableSigningKeys, "No key with kid"),
    "wrong signature": ({"signature": "broken"}, BadSignature, "^$"),
    "ID token without sub": ({"remove": ["sub"]}, MissingRequiredAttribute, "'sub'"),
}


@pytest.mark.parametrize("url", ["http"], indirect=True)
@pytest.mark.parametrize(("flaw", "error", "message"), refusals("oic", FLAWS, over="http"))
def test_a_bad_id_token_is_refused(connect, idp, flaw, error, message):
    idp.fault("id_token", **flaw)
    with pytest.raises(error, match=message):
        connect().log_in()
