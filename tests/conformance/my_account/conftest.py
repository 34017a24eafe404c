"""A tenant with all factors, whose user alice has enrolled none."""

import pytest

from helpers.my_account import AccountClient


@pytest.fixture
def idp():
    return AccountClient()


@pytest.fixture
def make_idp():
    """Return the class of tenants whose users manage their second factors."""
    return AccountClient
