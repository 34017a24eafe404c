"""Explain codes and links that are used once."""

import pytest

from helpers.accounts import request_reset
from helpers.acme import CALLBACK, with_tenant
from helpers.devices import DEVICES, Device, log_in
from helpers.passwordless import EMAIL, TENANT, code_for, link_for, redeem
from helpers.tenant_client import TenantClient
from mockidp.testing.methods.explain import explain


@pytest.fixture
def idp():
    return TenantClient(TENANT)


def explained(idp, thing):
    result = explain(thing, idp.tenant)
    (reason,) = result.reasons
    return result.kind, result.accepted, reason


def test_a_passwordless_code(idp):
    code = code_for(idp)
    kind = "passwordless code"
    assert explained(idp, code) == (
        kind, True, f"The passwordless code is valid for {EMAIL} and client web.",
    )  # fmt: skip
    redeem(idp, code)
    accepted, reason = explained(idp, code)[1:]
    assert not accepted
    assert "was used or revoked at" in reason
    code = code_for(idp)
    idp.later(180)
    assert "expired at" in explained(idp, code)[2]
    assert explained(idp, "1")[0] == "unknown"


def test_a_passwordless_link(idp):
    link = link_for(idp, authParams={"response_type": "code", "redirect_uri": CALLBACK})
    assert explained(idp, link)[:2] == ("passwordless code", True)
    idp.get(link.removeprefix(idp.url))
    assert explained(idp, f"{link}&more=1")[1] is False


def test_a_device_code():
    idp = TenantClient(DEVICES)
    device = Device(idp)
    code = device.codes["device_code"]
    assert explained(idp, code) == ("device code", True, "The device code waits for its user.")
    log_in(idp, device.user_code)
    assert explained(idp, code) == ("device code", True, "The device code is decided.")


def test_a_pushed_request():
    idp = TenantClient(with_tenant(pushed_authorization_requests_supported=True))
    form = {"client_id": "web", "client_secret": "web-secret", "response_type": "code"}
    uri = idp.post("/oauth/par", **form).json["request_uri"]
    assert explained(idp, uri)[:2] == ("pushed request", True)
    idp.later(30)
    assert explained(idp, uri)[:2] == ("pushed request", False)


def test_a_reset_link():
    idp = TenantClient()
    request_reset(idp)
    link = idp.tenant.outbox.last(kind="reset_email").link
    assert explained(idp, link) == (
        "reset-password link", True,
        "The reset-password link is valid for user auth0|alice.",
    )  # fmt: skip
    assert explained(idp, link.replace("ticket=", "ticket=x"))[0] == "url"
