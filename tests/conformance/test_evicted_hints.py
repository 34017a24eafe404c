"""Hints about codes, tokens and logins that a full tenant has evicted."""

import pytest

from helpers.acme import API, CALLBACK, with_settings
from helpers.devices import DEVICES, Device
from helpers.tenant_client import TenantClient, bearer, hint

EVICTED = "Or it was evicted: this tenant keeps the last 1 of each kind"


@pytest.fixture
def full():
    return TenantClient(with_settings(capacity=1))


def test_an_evicted_refresh_token(full):
    first, _ = (full.tokens(scope="openid offline_access", audience=API) for _ in range(2))
    assert EVICTED in hint(full.refresh(first["refresh_token"]))


def test_an_evicted_code(full):
    first, _ = (full.callback()["code"] for _ in range(2))
    assert EVICTED in hint(full.redeem(first))


def test_an_evicted_opaque_token(full):
    first, _ = (full.tokens()["access_token"] for _ in range(2))
    assert EVICTED in hint(full.get("/userinfo", headers=bearer(first)))


def test_an_evicted_login(full):
    first, _ = (full.authorize(prompt="login").location for _ in range(2))
    assert EVICTED in hint(full.get(first))


def test_an_evicted_device_code():
    full = TenantClient(with_settings(DEVICES, capacity=1))
    first, _ = (Device(full) for _ in range(2))
    assert EVICTED in hint(first.poll())


def test_a_tenant_with_room_has_evicted_nothing():
    idp = TenantClient()
    assert "evicted" not in hint(idp.redeem("unknown", redirect_uri=CALLBACK))
