"""A tenant where alice has an authenticator app and a phone."""

import pytest

from helpers.mfa import APP, PHONE_OF_ALICE, MfaClient


@pytest.fixture
def idp():
    return MfaClient(APP, PHONE_OF_ALICE)
