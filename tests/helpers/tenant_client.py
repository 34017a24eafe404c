"""A client for tests over the wire: the app under test and its user's browser in one."""

import base64
import json
import threading
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urlsplit

from werkzeug.test import Client as WsgiClient

from helpers.acme import ACME, CALLBACK, PASSWORD_OF_ALL, URL
from helpers.tenants import app_of, new_tenant


class TenantClient:
    """A tenant with a frozen clock, and a browser with cookies."""

    def __init__(self, document=ACME, *, url=URL, tenant=None, app=None):
        self.tenant = tenant or new_tenant(document)
        self.url = url
        self.app = app or app_of(self.tenant)
        self.browser = WsgiClient(self.app)

    def another_browser(self, url=None):
        """Return a client of the same tenant that has no cookies."""
        return TenantClient(tenant=self.tenant, url=url or self.url, app=self.app)

    def edit(self, document):
        """Replace the tenant's document, like an edited file."""
        self.tenant.change(document)

    def later(self, seconds):
        """Advance the tenant's clock."""
        self.tenant.clock.advance(seconds)

    def request(self, method, path, **options):
        """Send a request. Fail if it reveals a bug in mockidp."""
        answer = self.browser.open(path, method=method, base_url=self.url, **options)
        assert "a bug in mockidp" not in answer.headers.get("Mockidp-Hint", ""), answer.text
        return answer

    def silent_login(self, cookie):
        """Request a code without a page, with only this Cookie header."""
        path = "/authorize?client_id=web&response_type=code&prompt=none"
        bare = WsgiClient(self.app, use_cookies=False)
        answer = bare.get(path, base_url=self.url, headers={"Cookie": cookie})
        return sent_to_callback(answer)

    def get(self, path, *, headers=None, **query):
        """Send a GET with a query."""
        return self.request("GET", with_query(path, query), headers=headers)

    def post(self, path, *, headers=None, json_body=None, **form):
        """Send a POST with a form, or with JSON."""
        if json_body is not None:
            return self.request("POST", path, headers=headers, json=json_body)
        return self.request("POST", path, headers=headers, data=form)

    # --- the browser ---

    def authorize(self, **parameters):
        """Send an authorization request of the client `web`. None omits a parameter."""
        defaults = {
            "client_id": "web",
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "scope": "openid",
            "state": "s1",
        }
        return self.get("/authorize", **defaults | parameters)

    def submit(self, page_url, **form):
        """Post a form of the login or the consent page. Return the answer."""
        state = dict(parse_qsl(urlsplit(page_url).query))["state"]
        return self.post(urlsplit(page_url).path, state=state, **form)

    def log_in(self, login_url, user="alice", password=PASSWORD_OF_ALL):
        """Log in on the login page with name and password. Return the last redirect."""
        answer = self.submit(
            login_url, username=f"{user}@acme.example", password=password, action="default"
        )
        return self.follow(answer)

    def follow(self, answer):
        """Follow redirects up to one to the callback, or to a page with a form."""
        while answer.status_code == 302 and answer.location.startswith("/"):
            following = self.request("GET", answer.location)
            if following.status_code == 200 and answer.location.startswith("/u/"):
                return answer
            answer = following
        return answer

    def callback(self, user="alice", **parameters):
        """Request authorization and log in. Return the parameters of the callback."""
        answer = self.follow(self.authorize(**parameters))
        if answer.location.startswith("/u/login"):
            answer = self.log_in(answer.location, user)
        if answer.location.startswith("/u/consent"):
            answer = self.follow(self.submit(answer.location, action="accept"))
        return sent_to_callback(answer)

    # --- the app ---

    def token(self, **form):
        """Send a token request of the client `web`. None omits a parameter."""
        client_id = form.get("client_id", "web")
        public = client_id in {"spa", "leeway", "no-callback"}
        defaults = {"client_id": client_id}
        if not public:
            defaults["client_secret"] = f"{client_id}-secret"
        defaults |= form
        return self.post("/oauth/token", **{k: v for k, v in defaults.items() if v is not None})

    def redeem(self, code, **form):
        """Redeem a code."""
        defaults = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
        return self.token(**defaults | form)

    def refresh(self, refresh_token, **form):
        """Exchange a refresh token."""
        defaults = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self.token(**defaults | form)

    def tokens(self, user="alice", client_id="web", **parameters):
        """Log in and redeem the code. Return the body of the token response."""
        code = self.callback(user, client_id=client_id, **parameters)["code"]
        answer = self.redeem(code, client_id=client_id)
        assert answer.status_code == 200, answer.text
        return answer.json

    def machine_token(self, **form):
        """Send a client_credentials request of the client `m2m`."""
        return self.token(**{"grant_type": "client_credentials", "client_id": "m2m"} | form)

    def password_token(self, **form):
        """Send a password grant of the client `web` for alice."""
        defaults = {
            "grant_type": "password",
            "username": "alice@acme.example",
            "password": PASSWORD_OF_ALL,
        }
        return self.token(**defaults | form)

    def userinfo(self, token):
        """Request /userinfo with a token."""
        return self.get("/userinfo", headers=bearer(token))


def with_query(path, query):
    """Return the path with the parameters that are not None."""
    encoded = urlencode({name: value for name, value in query.items() if value is not None})
    return f"{path}?{encoded}" if encoded else path


def bearer(token):
    """Return an Authorization header."""
    return {"Authorization": f"Bearer {token}"}


def basic(client_id, secret):
    """Return an Authorization header with a client's credentials."""
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def sent_to_callback(answer):
    """Return the parameters of a redirect to the callback."""
    assert answer.status_code == 302, answer.text
    assert answer.location.startswith(CALLBACK + "?"), answer.location
    return dict(parse_qsl(answer.location.partition("?")[2], keep_blank_values=True))


class WebMessage:
    """The message that the page of a web message posts, and its target origin."""

    def __init__(self, answer):
        assert answer.status_code == 200, (answer.text, answer.headers.get("Mockidp-Hint"))
        assert answer.content_type == "text/html; charset=utf-8"
        script = answer.text.partition("<script>")[2].partition("</script>")[0]
        assert answer.text.count("<script") == 1
        self.origin = json.loads(_after(script, "var targetOrigin = "))
        self.relay = json.loads(_after(script, "var webMessageRequest = "))
        message = _after(script, "var authorizationResponse = ")
        prefix = '{type: "authorization_response",response: '
        assert message.startswith(prefix), message
        self.response = json.loads(message.removeprefix(prefix).removesuffix("}"))


def _after(script, prefix):
    (line,) = (one for one in script.splitlines() if one.startswith(prefix))
    return line.removeprefix(prefix).removesuffix(";")


def hint(answer):
    """Return the hint of an answer."""
    return answer.headers.get("Mockidp-Hint", "")


def race(act, count=50):
    """Call a function in threads that start at once."""
    barrier, results = threading.Barrier(count), []

    def run():
        barrier.wait()
        results.append(act())

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def header_of(jwt):
    """Return a JWT's header, in its order."""
    return _part(jwt, 0)


def claims_of(jwt):
    """Return a JWT's claims, in their order."""
    return _part(jwt, 1)


def _part(jwt, number):
    part = jwt.split(".")[number]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


class Fields(HTMLParser):
    """The form fields of a page."""

    def __init__(self, html):
        super().__init__()
        self.action = ""
        self.values = {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form" and not self.action:
            self.action = attributes["action"]
        if tag == "input":
            self.values.setdefault(attributes["name"], attributes.get("value"))
