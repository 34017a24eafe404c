"""The client's side of each flow, over any session with the interface of requests."""

import base64
import hashlib
import threading
from urllib.parse import parse_qsl, urljoin, urlsplit

CALLBACK = "http://localhost:3000/callback"
API = "https://api.example/"
VERIFIER = "a-verifier-that-is-long-enough-for-rfc-7636-4-1"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)


def until_fired(fault, times=1):
    """Wait until a fault has fired, for a client that did not wait for the answer."""
    for _ in range(1000):
        if fault.fired >= times:
            return
        threading.Event().wait(0.01)
    raise AssertionError(f"{fault} did not fire")


class App:
    """An app, and its user's browser."""

    def __init__(self, url, session):
        self.url = url
        self.session = session

    def authorize(self, **parameters):
        """Request a code. Follow redirects up to a page or the callback."""
        defaults = {
            "client_id": "app",
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "scope": "openid profile offline_access",
            "audience": API,
            "state": "s1",
            "nonce": "n1",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return self.follow(
            self.session.get(
                f"{self.url}/authorize", params=defaults | parameters, allow_redirects=False
            )
        )

    def follow(self, answer):
        """Follow redirects within the tenant."""
        while answer.status_code in (302, 303):
            target = urljoin(str(answer.url), answer.headers["Location"])
            if not target.startswith(self.url):
                break
            answer = self.session.get(target, allow_redirects=False)
        return answer

    def log_in(self, page, user="alice", password="Passw0rd!"):
        """Fill in the login page."""
        state = dict(parse_qsl(urlsplit(str(page.url)).query))["state"]
        form = {
            "state": state,
            "username": f"{user}@acme.example",
            "password": password,
            "action": "default",
        }
        return self.follow(
            self.session.post(f"{self.url}/u/login", data=form, allow_redirects=False)
        )

    def code(self):
        """Log alice in. Return the code."""
        return sent_to_callback(self.log_in(self.authorize()))["code"]

    def token(self, **form):
        """Send a token request."""
        defaults = {"client_id": "app", "client_secret": "secret"}
        return self.session.post(f"{self.url}/oauth/token", data=defaults | form)

    def redeem(self, code, **form):
        """Redeem a code."""
        defaults = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        return self.token(**defaults | form)

    def tokens(self):
        """Log alice in and redeem the code. Return the token response."""
        answer = self.redeem(self.code())
        assert answer.status_code == 200, answer.text
        return answer.json()


def sent_to_callback(answer):
    """Return the parameters of the redirect to the callback."""
    location = answer.headers["Location"]
    assert location.startswith(f"{CALLBACK}?"), location
    return dict(parse_qsl(urlsplit(location).query))


def bearer(token):
    """Return an Authorization header."""
    return {"Authorization": f"Bearer {token}"}
