"""The grant device_code: polling, by the tenant's clock (RFC 8628 3.4 and 3.5)."""

from dataclasses import replace

import pytest

from helpers.acme import API, with_settings
from helpers.devices import (
    CANCELED,
    DEVICES,
    INVALID,
    PENDING,
    TOO_FAST,
    Device,
    confirm,
    enter,
    log_in,
)
from helpers.tenant_client import TenantClient, claims_of, hint, race
from mockidp.protocol.oauth.grant_types import DEVICE_CODE
from mockidp.tenant.tenant import Tenant


@pytest.fixture
def idp():
    return TenantClient(DEVICES)


@pytest.fixture
def device(idp):
    return Device(idp, scope="openid email read:items offline_access", audience=API)


def test_rfc8628_3_5__a_device_waits_until_its_user_has_logged_in(idp, device):
    pending = device.poll()
    assert (pending.status_code, pending.json) == (403, PENDING)
    assert f"No user has confirmed user code {device.user_code} yet." in hint(pending)
    log_in(idp, device.user_code)
    tokens = device.tokens()
    assert list(tokens) == [
        "access_token", "refresh_token", "id_token", "scope", "expires_in", "token_type",
    ]  # fmt: skip
    access, identity = claims_of(tokens["access_token"]), claims_of(tokens["id_token"])
    assert (access["sub"], access["azp"]) == ("auth0|alice", "cli")
    assert access["aud"] == [API, f"{idp.url}/userinfo"]
    assert access["scope"] == tokens["scope"] == "openid email read:items offline_access"
    assert (identity["aud"], identity["email"]) == ("cli", "alice@acme.example")
    assert identity["sid"]
    refreshed = idp.refresh(tokens["refresh_token"], client_id="cli", client_secret=None)
    assert refreshed.status_code == 200


def test_without_scope_and_audience_the_token_is_opaque(idp):
    device = Device(idp)
    log_in(idp, device.user_code)
    tokens = device.tokens()
    assert list(tokens) == ["access_token", "expires_in", "token_type"]
    assert "." not in tokens["access_token"]


def test_rfc8628_3_5__polling_too_fast_is_refused_by_the_tenants_clock(idp, device):
    assert device.poll().json == PENDING
    for _ in range(2):
        fast = device.poll()
        assert (fast.status_code, fast.json) == (429, TOO_FAST)
    assert "Wait 5 seconds between polls, or move the clock." in hint(fast)
    idp.later(4)
    assert device.poll().json == TOO_FAST
    idp.later(1)
    assert device.poll().json == PENDING


def test_a_clock_that_is_set_back_does_not_make_a_poll_too_fast(idp, device):
    device.poll()
    idp.later(-60)
    assert device.poll().json == PENDING


def test_a_poll_that_is_too_fast_gets_no_tokens_either(idp, device):
    device.poll()
    log_in(idp, device.user_code)
    assert device.poll().json == TOO_FAST
    assert device.poll_later().status_code == 200


def test_rfc8628_3_5__a_canceled_device_is_denied(idp, device):
    idp.submit(enter(idp, device.user_code), action="cancel")
    for _ in range(2):
        denied = device.poll_later()
        assert (denied.status_code, denied.json) == (403, CANCELED)
    assert f"User code {device.user_code} was denied: User cancelled" in hint(denied)


def test_auth0_device_code__an_expired_code_is_reported_once(idp, device):
    idp.later(899)
    assert device.poll().json == PENDING
    idp.later(5)
    expired = device.poll()
    assert expired.status_code == 403
    assert expired.json == {
        "error": "expired_token", "error_description": "The device code has expired.",
    }  # fmt: skip
    assert "900 seconds after it was issued" in hint(expired)
    again = device.poll_later()
    assert (again.status_code, again.json) == (403, INVALID)
    assert "The device code expired at " in hint(again)


def test_an_approved_code_expires_as_well(idp, device):
    log_in(idp, device.user_code)
    idp.later(900)
    assert device.poll().json["error"] == "expired_token"
    assert "expired at" in hint(device.poll_later())


def test_rfc8628_3_4__a_code_is_used_once(idp, device):
    log_in(idp, device.user_code)
    device.tokens()
    again = device.poll_later()
    assert (again.status_code, again.json) == (403, INVALID)
    assert "The device code was already used at " in hint(again)


def test_a_code_is_used_once_among_fifty_concurrent_polls(idp, device):
    log_in(idp, device.user_code)
    answers = race(device.poll)
    assert sorted(answer.status_code for answer in answers) == [200] + [403] * 49
    assert all(one.json == INVALID for one in answers if one.status_code == 403)


def test_one_of_fifty_concurrent_polls_is_not_too_fast(device):
    statuses = [answer.status_code for answer in race(device.poll)]
    assert sorted(statuses) == [403] + [429] * 49


def test_an_expired_code_is_reported_once_among_fifty_concurrent_polls(idp, device):
    idp.later(900)
    errors = [answer.json["error"] for answer in race(device.poll)]
    assert sorted(errors) == ["expired_token"] + ["invalid_grant"] * 49


def test_a_code_belongs_to_its_client(idp, device):
    log_in(idp, device.user_code)
    stolen = device.poll(client_id="tv")
    assert (stolen.status_code, stolen.json) == (403, INVALID)
    assert "was issued to client cli, but client tv sent it." in hint(stolen)
    assert device.poll().status_code == 200


def test_an_unknown_code_is_refused(device):
    answer = device.poll(device_code="nope")
    assert (answer.status_code, answer.json) == (403, INVALID)
    assert "This tenant never issued such a device code." in hint(answer)


def test_a_poll_without_code_is_refused(device):
    answer = device.poll(device_code=None)
    assert answer.status_code == 400
    assert answer.json["error_description"] == "Missing required parameter: device_code"


def test_a_client_without_the_grant_type_cannot_poll(device):
    answer = device.poll(client_id="spa")
    assert (answer.status_code, answer.json["error"]) == (403, "unauthorized_client")


def test_a_user_who_was_deleted_gets_no_tokens(idp, device):
    log_in(idp, device.user_code)
    idp.edit(replace(DEVICES, users=DEVICES.users[1:]))
    answer = device.poll()
    assert (answer.status_code, answer.json) == (403, INVALID)
    assert hint(answer) == "User auth0|alice was deleted."


def test_a_blocked_user_cannot_activate_a_device(idp, device):
    assert log_in(idp, device.user_code, "blocked").location == "/u/device/denied"
    answer = device.poll()
    assert answer.json == {"error": "access_denied", "error_description": "user is blocked"}


def test_rfc8628_3_5__the_standard_statuses_with_the_profile_oidc():
    idp = TenantClient(with_settings(DEVICES, profile="oidc"))
    device = Device(idp)
    assert [device.poll().status_code for _ in range(2)] == [400, 400]
    idp.later(900)
    assert device.poll().status_code == 400


def test_a_waiting_device_survives_a_snapshot(idp, device):
    log_in(idp, device.user_code)
    device.poll(client_id="tv")
    snapshot = idp.tenant.snapshot()
    copy = TenantClient(tenant=Tenant(DEVICES, clock=idp.tenant.clock))
    copy.tenant.restore(snapshot)
    device.idp = copy
    assert device.tokens()["id_token"]


def test_custom_claims_can_read_what_the_device_sent(idp):
    device = Device(idp, **{"ext-kind": "tv"})
    assert (
        idp.tenant.device_codes.get(device.codes["device_code"]).request.readable["ext-kind"]
        == "tv"
    )


def test_the_journal_names_grant_client_and_user(idp, device):
    log_in(idp, device.user_code)
    device.tokens()
    entry = list(idp.tenant.journal)[-1]
    assert (entry.grant, entry.client, entry.user) == (DEVICE_CODE, "cli", "auth0|alice")
    assert [check.name for check in entry.trace if check.name in ("device_code", "interval")]


def test_a_device_polls_while_its_user_confirms(idp, device):
    answer = confirm(idp, device.user_code)
    device.poll()
    assert idp.log_in(answer.location).location == "/u/device/success"
    assert device.poll_later().status_code == 200
