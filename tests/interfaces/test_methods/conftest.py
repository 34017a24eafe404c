"""One suite for both interfaces: `MockIdP`, and `RemoteIdP` with a served `MockIdP`."""

from contextlib import ExitStack
from dataclasses import replace

import pytest

from helpers.acme import ACME, API, URL, permission
from helpers.tenant_client import TenantClient
from mockidp import MockIdP, RemoteIdP

# Without the reference to a missing role, which the control API would refuse.
VALID = replace(
    ACME,
    roles=(replace(ACME.roles[0], permissions=(permission("read:items", API),)),),
    users=(replace(ACME.users[0], roles=("viewer",)), *ACME.users[1:]),
)


class InProcess:
    """A tenant in this process that is not served."""

    def __init__(self, stack):
        self.stack = stack

    def make(self, *tenant, **options):
        """Create a tenant. Return the object whose methods are tested."""
        return MockIdP(*tenant, url=URL, **options)

    def behind(self, idp):
        """Return the `MockIdP` behind it."""
        return idp

    def wire(self, idp):
        """Return the app under test and its user's browser."""
        mock = self.behind(idp)
        return TenantClient(tenant=mock.tenant, app=mock.app, url=idp.url)


class Remote(InProcess):
    """A tenant that is served and controlled over HTTP."""

    def __init__(self, stack):
        super().__init__(stack)
        self.served = {}

    def make(self, *tenant, **options):
        """Serve a tenant until the end of the test. Return its `RemoteIdP`."""
        mock = self.stack.enter_context(MockIdP(*tenant, **options))
        self.served[mock.url] = mock
        return self.stack.enter_context(RemoteIdP(mock.url))

    def behind(self, idp):
        """Return the served `MockIdP`."""
        return self.served[idp.url]


INTERFACES = {"in_process": InProcess, "remote": Remote}


@pytest.fixture(params=INTERFACES)
def interface(request):
    """The interface to the tenant. The tests do not depend on it."""
    with ExitStack() as stack:
        yield INTERFACES[request.param](stack)


@pytest.fixture
def valid_tenant():
    """The tenant of `idp`."""
    return VALID


@pytest.fixture
def idp(interface):
    """The tenant of the wire tests without its mistakes, with a frozen clock."""
    idp = interface.make(VALID)
    idp.clock.freeze("2030-01-31T12:00:00Z")
    return idp


@pytest.fixture
def behind(interface, idp):
    """The `MockIdP` behind `idp`, to check what the methods did."""
    return interface.behind(idp)


@pytest.fixture
def wire(interface, idp):
    """The app under test and its user's browser."""
    return interface.wire(idp)
