"""Mocks in this process that share a tenant on Redis, each as a client sees it."""

from collections import Counter
from urllib.parse import parse_qsl, urlencode, urlsplit

from werkzeug.test import Client

from helpers.tenant_client import race
from mockidp.protocol.urls.origin import origin_of
from mockidp.web.app import create_app

V1 = "/_mockidp/v1"
CALLBACK = "http://localhost:3000/callback"
WEB = {"client_id": "acme-web", "client_secret": "acme-web-secret"}


class Mock:
    """A mock in this process, as a client sees it.

    Args:
        tenant: Its first tenant.
        app: Its app.
        origin: The origin to which requests are sent.
        prefix: The path prefix of an additional tenant.
    """

    def __init__(self, tenant, app=None, *, origin="http://localhost:9400", prefix=""):
        self.tenant, self.app = tenant, app or create_app(tenant)
        self.origin, self.prefix = origin, prefix

    def at(self, url):
        """Return the same mock at the URL of a tenant."""
        origin = origin_of(url)
        return Mock(self.tenant, self.app, origin=origin, prefix=url.removeprefix(origin))

    def make(self, **body):
        """Create an additional tenant. Return its URL."""
        answer = self.control("POST", "/tenants", body)
        assert answer.status_code == 201, answer.text
        return answer.json["url"]

    def send(self, method, path, **options):
        client = Client(self.app, use_cookies=False)
        return client.open(self.prefix + path, method=method, base_url=self.origin, **options)

    def control(self, method, path, body=None):
        return self.send(method, V1 + path, json=body)

    def token(self, **form):
        return self.send("POST", "/oauth/token", data=form)

    def code(self, client, **query):
        assert self.control("POST", "/sign-ins", {"user": "alice"}).status_code < 300
        query = {"client_id": client, "redirect_uri": CALLBACK, "response_type": "code", **query}
        answer = self.send("GET", f"/authorize?{urlencode({'scope': 'openid', **query})}")
        return dict(parse_qsl(urlsplit(answer.location).query))["code"]

    def redeem(self, code):
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
        return self.token(**WEB, **form)


def raced(mocks, act):
    """Call a function with each mock 25 times at once, and count the statuses of the answers."""
    turns = iter(range(50))
    return Counter(answer.status_code for answer in race(lambda: act(mocks[next(turns) % 2])))
