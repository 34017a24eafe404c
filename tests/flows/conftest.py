"""An HTTP client for a tenant, without a server."""

import pytest

from helpers.checked_traces import every_exchange_is_traced
from helpers.tenant_client import TenantClient

__all__ = ["every_exchange_is_traced"]


@pytest.fixture
def idp():
    return TenantClient()


@pytest.fixture
def overtaken(monkeypatch):
    """Return a function that lets a rival act once, just before a method of a store."""

    def overtaken(store, method, rival):
        real = getattr(store, method)

        def late(*args, **kwargs):
            monkeypatch.setattr(store, method, real)
            rival()
            return real(*args, **kwargs)

        monkeypatch.setattr(store, method, late)

    return overtaken
