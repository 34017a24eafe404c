"""One suite over both: MockIdP, and RemoteIdP on a MockIdP that is served."""

from contextlib import ExitStack
from dataclasses import replace

import pytest

from helpers.acme import ACME, API, URL, permission
from helpers.tenant_client import TenantClient
from mockidp import MockIdP, RemoteIdP

# What the wire tests have besides, a role that is gone, no tenant can be told over HTTP.
SOUND = replace(
    ACME,
    roles=(replace(ACME.roles[0], permissions=(permission("read:items", API),)),),
    users=(replace(ACME.users[0], roles=("viewer",)), *ACME.users[1:]),
)


class InProcess:
    """A tenant in this process, not served."""

    def __init__(self, stack):
        self.stack = stack

    def make(self, *tenant, **options):
        """Return what a test holds in its hand."""
        return MockIdP(*tenant, url=URL, **options)

    def behind(self, idp):
        """Return the MockIdP that it is in the end."""
        return idp

    def wire(self, idp):
        """Return the app under test and its user's browser."""
        mock = self.behind(idp)
        return TenantClient(tenant=mock.tenant, app=mock.app, url=idp.url)


class Remote(InProcess):
    """A tenant that is served, and steered over HTTP."""

    def __init__(self, stack):
        super().__init__(stack)
        self.served = {}

    def make(self, *tenant, **options):
        """Serve a tenant until the test is over; return what steers it."""
        mock = self.stack.enter_context(MockIdP(*tenant, **options))
        self.served[mock.url] = mock
        return self.stack.enter_context(RemoteIdP(mock.url))

    def behind(self, idp):
        """Return the one that is served."""
        return self.served[idp.url]


FACES = {"in_process": InProcess, "remote": Remote}


@pytest.fixture(params=FACES)
def face(request):
    """How the tenant is reached: no test here can tell, unless it says why."""
    with ExitStack() as stack:
        yield FACES[request.param](stack)


@pytest.fixture
def sound():
    """What `idp` is made of."""
    return SOUND


@pytest.fixture
def idp(face):
    """The tenant that the wire tests have, but for its mistakes; its clock stands still."""
    idp = face.make(SOUND)
    idp.clock.freeze("2030-01-31T12:00:00Z")
    return idp


@pytest.fixture
def behind(face, idp):
    """The MockIdP that the verbs reach in the end: what they did is looked for there."""
    return face.behind(idp)


@pytest.fixture
def wire(face, idp):
    """The app under test and its user's browser."""
    return face.wire(idp)
