"""A `MockIdP` of the tenant of the wire tests. It is not served."""

import pytest

from helpers.acme import ACME, URL
from helpers.tenant_client import TenantClient
from mockidp import MockIdP


@pytest.fixture
def idp():
    idp = MockIdP(ACME, url=URL)
    idp.clock.freeze("2030-01-31T12:00:00Z")
    return idp


@pytest.fixture
def wire(idp):
    """The app under test and its user's browser."""
    return TenantClient(tenant=idp.tenant, app=idp.app, url=idp.url)
