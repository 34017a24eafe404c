"""A relying party that logs in, and checks on the way what every module of a plan requires."""

import secrets
from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import urlencode

from helpers.oidf.browser import Arrival, Browser
from helpers.oidf.oracle import (
    check_entropy,
    check_error,
    check_id_token,
    check_standard_claims,
    left_half,
    read_jwt,
)

CALLBACK = "https://rp.example.test/callback"
AFTER_LOGOUT = "https://rp.example.test/post_logout_redirect"
SECRETS = {
    "basic": "basic-secret-of-32-characters-xxx",
    "two-callbacks": "basic-secret-of-32-characters-xxx",
    "with-query": "basic-secret-of-32-characters-xxx",
    "post": "post-secret-of-32-characters-xxxx",
    "second": "second-secret-of-32-characters-x",
    "told": "told-secret-of-32-characters-xxxx",
}


@dataclass(kw_only=True)
class Login:
    """A complete login: the request, where the browser arrived, and what the tokens contain.

    Attributes:
        request: The parameters of the authorization request.
        arrival: The authorization response.
        front: The claims of the ID token in it.
        back: The claims of the ID token of the token endpoint.
        tokens: The token response.
        access_token: The last access token.
        id_token: The last ID token.
    """

    request: dict
    arrival: Arrival
    front: dict = field(default_factory=dict)
    back: dict = field(default_factory=dict)
    tokens: dict = field(default_factory=dict)
    access_token: str | None = None
    id_token: str = ""

    @property
    def claims(self):
        """The claims of the last ID token."""
        return self.back or self.front


class RelyingParty:
    """A client of a provider, and the browser of its user."""

    def __init__(self, provider, run, *, client_id="basic", authenticate=None):
        self.provider = provider
        self.run = run
        self.response_type = run.response_type
        self.words = run.response_type.split()
        self.client_id = client_id
        self.authenticate = authenticate or self._with_basic
        self.http = provider.new_browser()
        self.browser = Browser(self.http, provider.url)
        self.callback = CALLBACK

    def another(self, client_id, **options):
        """Return another client with the same user and browser."""
        other = RelyingParty(self.provider, self.run, client_id=client_id, **options)
        other.http, other.browser = self.http, self.browser
        return other

    # --- the authorization endpoint ---

    def request(self, **changes):
        """Return the parameters of an authorization request; None omits one."""
        parameters = {
            "client_id": self.client_id,
            "redirect_uri": self.callback,
            "scope": "openid",
            "state": secrets.token_urlsafe(10),
            "nonce": secrets.token_urlsafe(10),
            "response_type": self.response_type,
            "response_mode": self.run.response_mode,
        }
        return {name: value for name, value in (parameters | changes).items() if value is not None}

    def authorize(self, request, method="GET"):
        """Send the browser with a request to the provider, and return where it ended."""
        endpoint = self.provider.metadata["authorization_endpoint"]
        if method == "POST":
            return self.browser.open(endpoint, "POST", data=request)
        return self.browser.open(f"{endpoint}?{urlencode(request)}")

    def expect_error(self, request, *errors, mode=None):
        """Send a request that is refused at the callback with one of some errors."""
        arrival = self.authorize(request)
        assert arrival.mode == (mode or self.mode), arrival
        assert arrival.parameters["error"] in errors
        assert arrival.parameters.get("state") == request.get("state")
        check_error(arrival.parameters)
        return arrival

    def expect_page(self, request):
        """Send a request that is refused on a page of the provider."""
        arrival = self.authorize(request)
        assert arrival.mode == "page", arrival
        assert 400 <= arrival.status < 500
        assert arrival.pages == []
        return arrival

    @property
    def mode(self):
        """The response mode in which the relying party expects its answers."""
        default = "query" if self.response_type == "code" else "fragment"
        return self.run.response_mode or default

    # --- a login ---

    def log_in(self, *, method="GET", **changes):
        """Log in, redeem the code, call /userinfo with each access token; check everything."""
        request = self.request(**changes)
        return self.finish(request, self.authorize(request, method))

    def finish(self, request, arrival, *, verifier=None):
        """Do what follows the authorization response, and return the login."""
        self._check_response(request, arrival)
        login = Login(request=request, arrival=arrival)
        parameters = arrival.parameters
        if "id_token" in self.words:
            login.front = self._id_token(login, parameters["id_token"])
            self._check_hashes(login.front, parameters)
        if "token" in self.words:
            login.access_token = parameters["access_token"]
            assert self.userinfo(login)["sub"]
        if "code" in self.words:
            self._redeem(login, verifier)
        return login

    def _check_response(self, request, arrival):
        parameters = arrival.parameters
        assert "error" not in parameters, parameters
        assert arrival.mode == self.mode, arrival
        assert arrival.url.startswith(self.callback)
        assert parameters.get("state") == request.get("state")
        assert parameters.get("iss", self.provider.issuer) == self.provider.issuer
        expected = {"state": request.get("state"), "code": "code" in self.words}
        expected |= {"id_token": "id_token" in self.words, "access_token": "token" in self.words}
        for name in ("token_type", "expires_in"):
            expected[name] = "token" in self.words
        assert {name for name, is_there in expected.items() if is_there} == {
            name for name in expected if name in parameters
        }
        for name in ("code", "access_token"):
            if name in parameters:
                check_entropy(parameters[name])
        if "token" in self.words:
            assert parameters["token_type"].lower() == "bearer"
            assert int(parameters["expires_in"]) > 0

    def _redeem(self, login, verifier):
        answer = self.redeem(login.arrival.parameters["code"], code_verifier=verifier)
        self.read_token_response(login, answer)
        if login.front:
            for name in ("iss", "sub", "aud", "auth_time"):
                assert login.front.get(name) == login.back.get(name)
        assert self.userinfo(login)["sub"] == login.back["sub"]

    def read_token_response(self, login, answer):
        """Check a token response, and take its tokens."""
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].startswith("application/json")
        assert "no-store" in answer.headers["Cache-Control"]
        login.tokens = answer.json()
        assert login.tokens["token_type"].lower() == "bearer"
        assert login.tokens["expires_in"] > 0
        login.access_token = login.tokens["access_token"]
        check_entropy(login.access_token)
        login.back = self._id_token(login, login.tokens["id_token"])
        self._check_hashes(login.back, login.tokens, required=False)

    def _id_token(self, login, text):
        header, claims = read_jwt(text, self.provider.keys)
        assert header["alg"] == "RS256"
        check_id_token(
            claims,
            issuer=self.provider.issuer,
            client_id=self.client_id,
            nonce=login.request.get("nonce"),
            now=self.provider.now,
        )
        check_standard_claims(claims)
        login.id_token = text
        return claims

    def _check_hashes(self, claims, response, *, required=True):
        for claim, name in (("at_hash", "access_token"), ("c_hash", "code")):
            if claim in claims:
                assert claims[claim] == left_half(response[name])
            else:
                assert not required or name not in response

    # --- the other endpoints ---

    def log_out(self, login, **changes):
        """Send the browser to the end session endpoint; None omits a parameter.

        Return the parameters and where the browser ended.
        """
        parameters = {
            "id_token_hint": login.id_token,
            "post_logout_redirect_uri": AFTER_LOGOUT,
            "state": secrets.token_urlsafe(96),
        }
        sent = {k: v for k, v in (parameters | changes).items() if v is not None}
        endpoint = self.provider.metadata["end_session_endpoint"]
        return sent, self.browser.open(f"{endpoint}?{urlencode(sent)}")

    def check_returned(self, sent, arrival):
        """Check that the browser returned from a logout, and that the session has ended."""
        assert (arrival.mode, arrival.pages) == ("query", [])
        assert arrival.url.startswith(AFTER_LOGOUT)
        assert arrival.parameters == ({"state": sent["state"]} if "state" in sent else {})
        self.check_logged_out()

    def check_logged_out(self):
        """Check that a silent login fails."""
        self.expect_error(self.request(prompt="none"), "login_required")

    def redeem(self, code, **changes):
        """Send a code to the token endpoint."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.callback}
        return self.token(form | changes)

    def token(self, form):
        """Send a request to the token endpoint."""
        sent = {name: value for name, value in form.items() if value is not None}
        headers = {}
        self.authenticate(sent, headers)
        endpoint = self.provider.metadata["token_endpoint"]
        return self.provider.http.post(endpoint, data=sent, headers=headers)

    def expect_token_error(self, answer, error):
        """Check a refusal of the token endpoint."""
        assert answer.status_code == 400, answer.text
        assert answer.headers["Content-Type"].startswith("application/json")
        check_error(answer.json())
        assert answer.json()["error"] == error

    def _with_basic(self, _form, headers):
        credentials = f"{self.client_id}:{SECRETS[self.client_id]}"
        headers["Authorization"] = f"Basic {b64encode(credentials.encode()).decode()}"

    def with_post(self, form, _headers):
        """Authenticate in the body."""
        form |= {"client_id": self.client_id, "client_secret": SECRETS[self.client_id]}

    def call_userinfo(self, access_token, method="GET", *, in_body=False):
        """Call /userinfo, and return the answer."""
        endpoint = self.provider.metadata["userinfo_endpoint"]
        if in_body:
            return self.provider.http.request(method, endpoint, data={"access_token": access_token})
        headers = {"Authorization": f"Bearer {access_token}"}
        return self.provider.http.request(method, endpoint, headers=headers)

    def userinfo(self, login, method="GET", *, in_body=False):
        """Return the claims of /userinfo, whose subject is that of all ID tokens."""
        answer = self.call_userinfo(login.access_token, method, in_body=in_body)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].startswith("application/json")
        claims = answer.json()
        check_standard_claims(claims)
        for id_token in (login.front, login.back):
            assert not id_token or id_token["sub"] == claims["sub"]
        return claims
