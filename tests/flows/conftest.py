"""A tenant on the wire."""

import pytest
from tenant_client import TenantClient


@pytest.fixture
def idp():
    return TenantClient()
