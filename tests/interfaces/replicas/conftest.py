"""The interface of the tests in `all_interfaces`: two replicas behind nginx."""

from types import SimpleNamespace

import pytest
import requests

from helpers.replicas import behind_nginx
from mockidp import RemoteIdP
from mockidp.clients.remote.disposable import DisposableIdP


@pytest.fixture(scope="session")
def replicas(tmp_path_factory):
    """The URL of nginx, and those of the replicas."""
    with behind_nginx(tmp_path_factory.mktemp("nginx")) as found:
        yield found


ERRORS = {
    "truncated": requests.exceptions.ChunkedEncodingError,
    "late": requests.ReadTimeout,
    "dripping": (requests.ConnectionError, requests.ReadTimeout),  # before or after the headers
}


def open_session():
    session = requests.Session()
    session.trust_env = False
    return session


@pytest.fixture(params=["first", "additional"])
def interface(request, replicas):
    """A tenant that has its state of the start, as one client sees it: the first one or another."""
    url, _ = replicas
    with RemoteIdP(url) if request.param == "first" else DisposableIdP(url) as idp:
        idp.reset()
        yield SimpleNamespace(idp=idp, url=idp.url, open_session=open_session, errors=ERRORS)
        if request.param == "additional":
            idp.delete()


@pytest.fixture
def session(interface):
    with interface.open_session() as session:
        yield session
