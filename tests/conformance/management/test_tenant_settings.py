"""Settings of the tenant, and what a change does to logins."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, API
from helpers.tenant_client import hint
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.content.settings import ImpersonationSettings, Settings
from mockidp.tenant.content.tenant_settings import TenantFlags, TenantSettings
from mockidp.tenant.content.zero_config import ZERO_CONFIG

PATH = "/tenants/settings"


def error(answer):
    return answer.status_code, answer.json["message"], answer.json["errorCode"]


def test_a_new_tenant_has_auth0s_defaults(make_idp):
    shown = make_idp(document=TenantDocument()).call("GET", PATH).json
    assert shown["enabled_locales"] == ["en"]
    assert (shown["session_lifetime"], shown["idle_session_lifetime"]) == (168, 72)
    assert shown["flags"] == {
        "allow_changing_enable_sso": False,
        "enable_sso": True,
        "universal_login": True,
        "disable_impersonation": False,
        "disable_clickjack_protection_headers": False,
    }
    assert shown["oidc_logout"] == {"rp_logout_end_session_endpoint_discovery": True}
    assert (shown["sandbox_version"], shown["sandbox_versions_available"]) == (
        "22",
        ["22", "18", "12"],
    )


def test_a_change_is_merged_and_echoed(idp):
    idp.call("PATCH", PATH, {"friendly_name": "One", "support_email": "help@acme.example"})
    answer = idp.call("PATCH", PATH, {"friendly_name": "Two", "flags": {"enable_sso": True}})
    assert answer.status_code == 200
    shown = idp.call("GET", PATH).json
    assert (shown["friendly_name"], shown["support_email"]) == ("Two", "help@acme.example")
    assert idp.tenant.name == "Two"
    extra = set(answer.json["flags"]) - set(shown["flags"])
    assert extra == {
        "enforce_client_authentication_on_passwordless_start",
        "cannot_change_enforce_client_authentication_on_passwordless_start",
    }
    assert "sandbox_versions_available" not in answer.json


def test_null_clears_a_setting(idp):
    idp.call("PATCH", PATH, {"support_url": "https://acme.example", "friendly_name": "One"})
    shown = idp.call("PATCH", PATH, {"support_url": None, "friendly_name": None}).json
    assert "support_url" not in shown
    assert shown["friendly_name"] == ""


def test_an_error_page_is_shown_once_it_is_set(idp):
    assert "error_page" not in idp.call("GET", PATH).json
    page = {"url": "https://acme.example/error"}
    assert idp.call("PATCH", PATH, {"error_page": page}).json["error_page"] == page
    assert idp.authorize(client_id="none").location.startswith(page["url"])
    page = {"html": "<p>Sorry</p>", "show_log_link": True}
    assert idp.call("PATCH", PATH, {"error_page": page}).json["error_page"] == page


def test_a_new_connection_can_be_the_default_directory(idp):
    refused = idp.call("PATCH", PATH, {"default_directory": "new"})
    message = "Payload validation error: 'Expected a connection' on property default_directory."
    assert error(refused) == (400, message, "invalid_body")
    idp.call("POST", "/connections", {"name": "new", "strategy": "auth0"})
    assert idp.call("PATCH", PATH, {"default_directory": "new"}).json["default_directory"] == "new"


def test_flags_are_merged_by_key(idp):
    idp.call("PATCH", PATH, {"flags": {"remove_alg_from_jwks": True}})
    idp.call("PATCH", PATH, {"flags": {"disable_clickjack_protection_headers": True}})
    assert "alg" not in idp.get("/.well-known/jwks.json").json["keys"][0]
    flags = idp.call("PATCH", PATH, {"flags": {"remove_alg_from_jwks": None}}).json["flags"]
    assert "remove_alg_from_jwks" not in flags
    assert flags["disable_clickjack_protection_headers"] is True
    assert "alg" in idp.get("/.well-known/jwks.json").json["keys"][0]


def test_minutes_are_read_back_as_hours(idp):
    shown = idp.call("PATCH", PATH, {"session_lifetime_in_minutes": 181}).json
    assert shown["session_lifetime"] == pytest.approx(181 / 60)
    assert not any(name.endswith("_in_minutes") for name in shown)


def test_a_shorter_session_lifetime_ends_sessions(idp):
    idp.call(
        "PATCH", PATH, {"session_lifetime_in_minutes": 10, "idle_session_lifetime_in_minutes": None}
    )
    idp.callback()
    idp.later(601)
    assert idp.authorize(prompt="none").location.count("error=login_required") == 1


def test_a_default_audience_applies_to_the_next_login(idp):
    idp.call("PATCH", PATH, {"default_audience": API})
    assert idp.tokens()["access_token"].count(".") == 2
    idp.call("PATCH", PATH, {"default_audience": ""})
    assert idp.tokens()["access_token"].count(".") == 0


def impersonation(make_idp, *, enabled, flag=False):
    """Return a tenant with the setting and the flag for impersonation."""
    settings = Settings(impersonation=ImpersonationSettings(enabled=enabled))
    flags = TenantSettings(flags=TenantFlags(disable_impersonation=flag))
    return make_idp(document=replace(ACME, mockidp=settings, tenant=flags))


def is_disabled(idp):
    return idp.call("GET", PATH).json["flags"]["disable_impersonation"]


@pytest.mark.parametrize(
    ("enabled", "flag", "shown"),
    [
        (None, False, False),
        (None, True, True),
        (True, True, False),
        (False, False, True),
    ],
)
def test_impersonation_is_shown_as_it_holds(make_idp, enabled, flag, shown):
    idp = impersonation(make_idp, enabled=enabled, flag=flag)
    assert is_disabled(idp) is shown
    assert idp.tenant.impersonates is not shown


@pytest.mark.parametrize("enabled", [None, True, False])
def test_impersonation_stays_as_it_is_when_an_export_is_served(make_idp, enabled):
    before = is_disabled(impersonation(make_idp, enabled=enabled, flag=enabled is not False))
    assert is_disabled(impersonation(make_idp, enabled=None, flag=before)) is before


def test_the_flag_switches_impersonation_off_and_on(idp):
    for disabled in (True, False):
        answer = idp.call("PATCH", PATH, {"flags": {"disable_impersonation": disabled}})
        assert answer.json["flags"]["disable_impersonation"] is disabled
        assert hint(answer) == ""
        assert idp.tenant.impersonates is not disabled


@pytest.mark.parametrize("enabled", [True, False])
def test_a_flag_that_the_setting_overrides_has_a_hint(make_idp, enabled):
    idp = impersonation(make_idp, enabled=enabled)
    answer = idp.call("PATCH", PATH, {"flags": {"disable_impersonation": enabled}})
    assert answer.json["flags"]["disable_impersonation"] is not enabled
    assert "`flags.disable_impersonation` is stored, but has no effect here" in hint(answer)
    assert f"`impersonation.enabled` is {str(enabled).lower()}" in hint(answer)
    agreeing = {"flags": {"disable_impersonation": not enabled}}
    assert hint(idp.call("PATCH", PATH, agreeing)) == ""
    assert hint(idp.call("PATCH", PATH, {"flags": None})) == ""


def test_a_setting_without_effect_has_a_hint(idp):
    answer = idp.call("PATCH", PATH, {"flags": {"enable_sso": False}})
    assert "`flags.enable_sso` is stored, but has no effect here: Auth0 asks" in hint(answer)
    assert hint(idp.call("PATCH", PATH, {"friendly_name": "Acme"})) == ""


def test_fields_are_selected(idp):
    assert list(idp.call("GET", PATH, fields="flags").json) == ["flags"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"none": 1}, "'Additional properties not allowed: none'."),
        ({"friendly_name": 1}, "'Expected type string but found type number'"),
        ({"flags": 1}, "'Expected type object but found type number' on property flags."),
        ({"default_audience": "https://none/"}, "'Expected an API's identifier'"),
        ({"session_lifetime_in_minutes": "1"}, "'Expected type number but found type string'"),
        ({"session_lifetime_in_minutes": 0}, "'Expected a number from 1 to 525600'"),
        ({"session_lifetime_in_minutes": True}, "'Expected type number but found type boolean'"),
        (
            {"session_lifetime_in_minutes": 1, "session_lifetime": 1},
            "'Cannot set both session_lifetime and session_lifetime_in_minutes'.",
        ),
    ],
)
def test_a_wrong_setting_is_refused(idp, body, message):
    before = idp.call("GET", PATH).json
    status, text, code = error(idp.call("PATCH", PATH, body))
    assert (status, code) == (400, "invalid_body")
    assert text.startswith(f"Payload validation error: {message}"), text
    assert idp.call("GET", PATH).json == before


def test_a_tenant_without_a_file_can_be_configured(make_idp):
    idp = make_idp(document=ZERO_CONFIG)
    assert idp.call("PATCH", PATH, {"friendly_name": "Acme"}).json["friendly_name"] == "Acme"
