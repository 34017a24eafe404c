"""A tenant and a client with all scopes of its Management API."""

import pytest

from helpers.management import ManagementClient


@pytest.fixture
def idp():
    return ManagementClient()


@pytest.fixture
def make_idp():
    """Return a function that makes a tenant whose client has some scopes."""
    return ManagementClient
