"""A mock that is served, in its initial state."""

from pathlib import Path

import pytest

from mockidp import MockIdP

ACME = Path(__file__).parents[5] / "fixtures" / "tenants" / "acme.yaml"


@pytest.fixture(scope="module")
def mock():
    with MockIdP(ACME) as idp:
        yield idp


@pytest.fixture
def idp(mock):
    mock.reset()
    return mock
