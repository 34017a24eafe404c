"""A tenant with organizations."""

import pytest

from helpers.organizations import b2b


@pytest.fixture
def idp():
    return b2b()
