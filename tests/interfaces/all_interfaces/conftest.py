"""Five interfaces to a tenant. The tests here pass with each of them."""

from contextlib import contextmanager
from types import SimpleNamespace

import httpx
import pytest
import requests

from mockidp import MockIdP, RemoteIdP, intercept

DOMAIN = "acme.eu.auth0.com"


class HttpxSession(httpx.Client):
    """An httpx client with the arguments of requests."""

    def __init__(self, **options):
        super().__init__(trust_env=False, **options)

    def request(self, method, url, *, allow_redirects=True, **options):
        if hasattr(options.get("data"), "__next__"):
            options["content"] = options.pop("data")
        return super().request(method, url, follow_redirects=allow_redirects, **options)

    def get(self, url, **options):
        return self.request("GET", url, **options)

    def head(self, url, **options):
        return self.request("HEAD", url, **options)

    def options(self, url, **options):
        return self.request("OPTIONS", url, **options)

    def post(self, url, **options):
        return self.request("POST", url, **options)


REQUESTS = {
    "dropped": requests.ConnectionError,
    "truncated": requests.exceptions.ChunkedEncodingError,
    "late": requests.ReadTimeout,
    "dripping": requests.ConnectionError,
}
HTTPX = {
    "dropped": httpx.RemoteProtocolError,
    "truncated": httpx.RemoteProtocolError,
    "late": httpx.ReadTimeout,
    "dripping": httpx.ReadTimeout,
}


def _requests_session():
    session = requests.Session()
    session.trust_env = False
    return session


def _interface(idp, open_session, errors):
    return SimpleNamespace(idp=idp, url=idp.url, open_session=open_session, errors=errors)


@contextmanager
def live(**options):
    with MockIdP(**options) as idp:
        yield _interface(idp, _requests_session, REQUESTS)


@contextmanager
def remote(**options):
    with MockIdP(**options) as served, RemoteIdP(served.url) as idp:
        yield _interface(idp, _requests_session, REQUESTS)


@contextmanager
def intercepted(**options):
    with intercept(DOMAIN, **options) as idp:
        yield _interface(idp, _requests_session, REQUESTS)


@contextmanager
def live_for_httpx(**options):
    with MockIdP(**options) as idp:
        yield _interface(idp, HttpxSession, HTTPX)


@contextmanager
def transport(**options):
    idp = MockIdP(url=f"https://{DOMAIN}", **options)
    yield _interface(idp, lambda: HttpxSession(transport=idp.transport()), HTTPX)
    idp.stop()


INTERFACES = {
    each.__name__: each for each in (live, remote, intercepted, live_for_httpx, transport)
}


@pytest.fixture(scope="session")
def interfaces():
    """All interfaces, as context managers that the test enters itself."""
    return INTERFACES


@pytest.fixture(params=INTERFACES)
def interface(request):
    with INTERFACES[request.param]() as interface:
        yield interface


@pytest.fixture
def session(interface):
    with interface.open_session() as session:
        yield session
