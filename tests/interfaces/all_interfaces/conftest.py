"""One tenant, reached in five ways: the tests here must not be able to tell them apart."""

from contextlib import contextmanager
from types import SimpleNamespace

import httpx
import pytest
import requests

from mockidp import MockIdP, RemoteIdP, intercept

DOMAIN = "acme.eu.auth0.com"


class HttpxSession(httpx.Client):
    """httpx under the words of requests."""

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


def _face(idp, open_session, errors):
    return SimpleNamespace(idp=idp, url=idp.url, open_session=open_session, errors=errors)


@contextmanager
def live(**options):
    with MockIdP(**options) as idp:
        yield _face(idp, _requests_session, REQUESTS)


@contextmanager
def remote(**options):
    with MockIdP(**options) as served, RemoteIdP(served.url) as idp:
        yield _face(idp, _requests_session, REQUESTS)


@contextmanager
def intercepted(**options):
    with intercept(DOMAIN, **options) as idp:
        yield _face(idp, _requests_session, REQUESTS)


@contextmanager
def live_for_httpx(**options):
    with MockIdP(**options) as idp:
        yield _face(idp, HttpxSession, HTTPX)


@contextmanager
def transport(**options):
    idp = MockIdP(url=f"https://{DOMAIN}", **options)
    yield _face(idp, lambda: HttpxSession(transport=idp.transport()), HTTPX)
    idp.stop()


FACES = {each.__name__: each for each in (live, remote, intercepted, live_for_httpx, transport)}


@pytest.fixture(scope="session")
def faces():
    """All of them, to be begun by the test itself."""
    return FACES


@pytest.fixture(params=FACES)
def face(request):
    with FACES[request.param]() as face:
        yield face


@pytest.fixture
def session(face):
    with face.open_session() as session:
        yield session
