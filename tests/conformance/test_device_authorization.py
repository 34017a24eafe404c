"""/oauth/device/code: a device requests its codes (RFC 8628 3.1 and 3.2)."""

import re
from dataclasses import replace

import pytest

from helpers.acme import API, with_client, with_tenant
from helpers.devices import DEVICES, Device
from helpers.tenant_client import TenantClient, basic, hint
from mockidp.faults import Fault
from mockidp.tenant.content.tenant_settings import DeviceFlow
from mockidp.tenant.content.zero_config import ZERO_CONFIG
from mockidp.tenant.tenant import Tenant

BASE20 = "[BCDFGHJKLMNPQRSTVWXZ]"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture
def idp():
    return TenantClient(DEVICES)


def request_codes(idp, client_id="cli", **form):
    return idp.post("/oauth/device/code", client_id=client_id, **form)


def refused(answer, status, error, description):
    assert answer.status_code == status, answer.text
    assert answer.json == {"error": error, "error_description": description}
    return hint(answer)


def test_rfc8628_3_2__the_response(idp):
    answer = request_codes(idp)
    assert answer.status_code == 200
    assert list(answer.json) == [
        "device_code", "user_code", "verification_uri", "expires_in", "interval",
        "verification_uri_complete",
    ]  # fmt: skip
    user_code = answer.json["user_code"]
    assert re.fullmatch(f"{BASE20}{{4}}-{BASE20}{{4}}", user_code)
    assert answer.json["verification_uri"] == f"{idp.url}/activate"
    assert answer.json["verification_uri_complete"] == f"{idp.url}/activate?user_code={user_code}"
    assert (answer.json["expires_in"], answer.json["interval"]) == (900, 5)
    assert answer.headers["Cache-Control"] == "no-store"
    assert hint(answer) == ""


def test_auth0_device_code__json_is_accepted(idp):
    body = {"client_id": "cli", "scope": "openid read:items", "audience": API}
    answer = idp.post("/oauth/device/code", json_body=body)
    assert answer.status_code == 200
    device = idp.tenant.device_codes.get(answer.json["device_code"])
    assert (device.request.scope, device.request.audience) == (("openid", "read:items"), API)


@pytest.mark.parametrize(
    ("charset", "mask", "form", "encoded"),
    [
        ("digits", "***-***-***", r"\d{3}-\d{3}-\d{3}", None),
        ("base20", "*** ***", f"{BASE20}{{3}} {BASE20}{{3}}", "%20"),
        ("digits", "********", r"\d{8}", None),
    ],
)
def test_auth0_device_flow__the_tenant_decides_the_form_of_user_codes(charset, mask, form, encoded):
    idp = TenantClient(with_tenant(DEVICES, device_flow=DeviceFlow(charset=charset, mask=mask)))
    codes = request_codes(idp).json
    assert re.fullmatch(form, codes["user_code"])
    sent = codes["verification_uri_complete"].partition("=")[2]
    assert sent == (codes["user_code"].replace(" ", encoded) if encoded else codes["user_code"])
    answer = idp.request("GET", f"/activate?user_code={sent}")
    assert answer.location.startswith("/u/device/confirmation")


def test_codes_are_repeatable_from_the_seed():
    def codes():
        return request_codes(TenantClient(tenant=Tenant(DEVICES, seed="s"))).json

    assert codes() == codes()
    assert codes() != request_codes(TenantClient(tenant=Tenant(DEVICES, seed="other"))).json


def test_the_page_is_at_the_url_for_browsers():
    document = replace(
        ZERO_CONFIG, mockidp=replace(ZERO_CONFIG.mockidp, browser_url="http://idp.test")
    )
    codes = request_codes(TenantClient(document)).json
    assert codes["verification_uri"] == "http://idp.test/activate"


def test_a_client_without_the_grant_type_is_refused(idp):
    answer = request_codes(idp, "spa")
    assert answer.status_code == 403
    assert answer.json == {
        "error": "unauthorized_client",
        "error_description": f"Grant type '{DEVICE_GRANT}' not allowed for the client.",
        "error_uri": "https://auth0.com/docs/clients/client-grant-types",
    }
    assert "The `grant_types` of client spa are " in hint(answer)


@pytest.mark.parametrize(
    ("headers", "form"),
    [
        ({}, {"client_secret": "shared-secret"}),
        (basic("shared", "shared-secret"), {}),
        (
            {},
            {
                "client_assertion": "e30.eyJpc3MiOiJzaGFyZWQiLCJzdWIiOiJzaGFyZWQifQ.x",
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            },
        ),
    ],
)
def test_auth0_device_code__credentials_are_refused(idp, headers, form):
    answer = request_codes(idp, "shared", headers=headers, **form)
    assert "Send `client_id` shared alone." in refused(
        answer, 403, "unauthorized_client",
        "Client authentication is not allowed for the device flow",
    )  # fmt: skip


def test_auth0_device_code__a_client_that_has_a_secret_acts_as_a_public_one(idp):
    device = Device(idp, "shared", scope="openid")
    assert device.poll().status_code == 403
    assert device.poll(client_secret="wrong").status_code == 401
    idp.later(5)
    assert device.poll(client_secret="shared-secret").json["error"] == "authorization_pending"


def test_a_client_of_the_legacy_pipeline_is_refused(idp):
    assert "Client legacy has `oidc_conformant: false`" in refused(
        request_codes(idp, "legacy"), 403, "unauthorized_client",
        "The device flow is only available to OIDC conformant clients",
    )  # fmt: skip


def test_an_unknown_client_is_refused(idp):
    hinted = refused(request_codes(idp, "nope"), 401, "access_denied", "Unauthorized")
    assert "No client has the `client_id` 'nope'." in hinted


def test_a_request_without_client_is_refused(idp):
    answer = idp.post("/oauth/device/code", scope="openid")
    refused(answer, 400, "invalid_request", "Missing required parameter: client_id")


def test_an_unknown_audience_is_refused(idp):
    answer = request_codes(idp, audience="https://nope.example/")
    assert "No API has the identifier" in refused(
        answer, 403, "access_denied", "Service not found: https://nope.example/"
    )
    assert idp.tenant.device_codes.count() == 0


def test_an_api_that_needs_a_client_grant_is_refused(idp):
    answer = request_codes(idp, audience="https://granted.example/")
    assert answer.json["error"] == "invalid_request"
    assert 'You need to create a "client-grant"' in answer.json["error_description"]


def test_a_client_that_needs_an_organization_is_refused():
    idp = TenantClient(with_client(DEVICES, "cli", organization_usage="require"))
    assert "`organization_usage` of client cli is require" in refused(
        request_codes(idp), 400, "invalid_request",
        "parameter organization is required for this client",
    )  # fmt: skip


def test_an_organization_is_ignored_with_a_hint(idp):
    answer = request_codes(idp, organization="org_1234567890123456")
    assert answer.status_code == 200
    assert hint(answer) == (
        "Parameter `organization` was ignored. Auth0 does not support organizations in the device "
        "flow."
    )


def test_a_misspelt_parameter_is_hinted(idp):
    assert "Did you mean `audience`?" in hint(request_codes(idp, audiance=API))


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"client_id": ["cli"]}', b'{"client_id": 7}'])
def test_malformed_json_is_refused(idp, body):
    answer = idp.request("POST", "/oauth/device/code", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["error"] == "invalid_request"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods_are_404(idp, method):
    assert idp.request(method, "/oauth/device/code").status_code == 404


def test_without_a_tenant_file_any_client_may_request_codes():
    idp = TenantClient(ZERO_CONFIG)
    device = Device(idp, "anything", scope="openid", audience="https://any.example/")
    assert device.poll().status_code == 403


def test_discovery_names_the_endpoint(idp):
    document = idp.get("/.well-known/openid-configuration").json
    assert document["device_authorization_endpoint"] == f"{idp.url}/oauth/device/code"
    keys = list(document)
    assert keys[keys.index("token_endpoint") + 1] == "device_authorization_endpoint"


def test_a_fault_at_the_endpoint(idp):
    idp.tenant.faults.add(Fault(endpoint="device_code", error="server_error", times=1))
    assert request_codes(idp).json["error"] == "server_error"
    assert request_codes(idp).status_code == 200


def test_the_journal_shows_the_checks_and_no_secret(idp):
    device = Device(idp, scope="openid", audience=API)
    entry = list(idp.tenant.journal)[-1]
    assert entry.endpoint == "device_code"
    names = [check.name for check in entry.trace]
    assert names == [
        "client_authentication", "client_id", "client_secret", "grant_type", "oidc_conformant",
        "organization", "audience",
    ]  # fmt: skip
    device.poll()
    assert device.codes["device_code"] not in str(list(idp.tenant.journal)[-1])
