"""An HTTP client for a tenant, without a server."""

import pytest

from helpers.backchannel_app import BackchannelApp
from helpers.checked_traces import every_exchange_is_traced
from helpers.tenant_client import TenantClient

__all__ = ["every_exchange_is_traced"]


@pytest.fixture
def idp():
    return TenantClient()


@pytest.fixture
def app():
    """Return an app that receives logout tokens."""
    with BackchannelApp().served() as served:
        yield served
