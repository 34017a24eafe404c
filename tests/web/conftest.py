"""A tenant on the wire."""

import pytest
from checked_traces import every_refusal_is_one_failed_check
from tenant_client import TenantClient

__all__ = ["every_refusal_is_one_failed_check"]


@pytest.fixture
def idp():
    return TenantClient()
