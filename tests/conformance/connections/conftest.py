"""A tenant with social and enterprise connections."""

import pytest

from helpers.providers import AtProvider


@pytest.fixture
def idp():
    return AtProvider()
