"""A tenant whose connection `corp` has a SCIM endpoint."""

import pytest

from helpers.scim import Directory


@pytest.fixture
def idp():
    return Directory()


@pytest.fixture
def make_idp():
    """Return the class of tenants with a SCIM endpoint."""
    return Directory
