"""The methods `approve_device` and `deny_device`."""

import pytest

from helpers.devices import CANCELED, DEVICES, PENDING, Device
from helpers.tenant_client import claims_of
from mockidp import MockIdPError


@pytest.fixture
def device(idp, wire):
    for client in DEVICES.clients[-5:-3]:
        idp.add_client(
            client.client_id,
            token_endpoint_auth_method="none",
            grant_types=list(client.grant_types),
        )
    return Device(wire, scope="openid email")


@pytest.mark.parametrize("change", [str, str.lower, lambda code: code.replace("-", "")])
def test_a_user_approves_a_device_without_a_page(idp, wire, device, change):
    assert device.poll().json == PENDING
    idp.approve_device(change(device.user_code), "alice")
    idp.clock.advance(5)
    tokens = device.poll().json
    claims = claims_of(tokens["id_token"])
    assert (claims["sub"], claims["email"]) == ("auth0|alice", "alice@acme.example")
    assert claims["sid"]


def test_a_user_denies_a_device_without_a_page(idp, device):
    idp.deny_device(device.user_code)
    answer = device.poll()
    assert (answer.status_code, answer.json) == (403, CANCELED)


def test_a_device_is_decided_about_once(idp, device):
    idp.approve_device(device.user_code, "alice")
    confirmed = "was already confirmed by auth0|alice"
    with pytest.raises(MockIdPError, match=confirmed.replace("|", r"\|")):
        idp.deny_device(device.user_code)


@pytest.mark.parametrize("user_code", ["BCDF-GHJK", ""])
def test_an_unknown_user_code_is_an_error(idp, device, user_code):
    with pytest.raises(MockIdPError, match="user code"):
        idp.approve_device(user_code, "alice")


def test_an_unknown_user_is_an_error(idp, device):
    with pytest.raises(MockIdPError, match="There is no user 'eve'"):
        idp.approve_device(device.user_code, "eve")
    assert device.poll().json == PENDING


def test_a_blocked_user_cannot_approve_a_device(idp, device):
    with pytest.raises(MockIdPError, match="The login fails: user is blocked"):
        idp.approve_device(device.user_code, "blocked")
    assert device.poll().json == PENDING
