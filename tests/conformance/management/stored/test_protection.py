"""Attack protection, risk assessments and supplemental signals: stored, merged, checked."""

import pytest

from helpers.brute_force import assert_blocked, wrong
from helpers.management import ManagementClient
from helpers.tenant_client import hint
from mockidp.tenant.state.snapshot_data import snapshot_data, snapshot_from

SETTINGS = {
    "/attack-protection/bot-detection": {"bot_detection_level": "high"},
    "/attack-protection/breached-password-detection": {"enabled": True},
    "/attack-protection/brute-force-protection": {"max_attempts": 3},
    "/attack-protection/captcha": {"active_provider_id": "hcaptcha"},
    "/attack-protection/suspicious-ip-throttling": {"enabled": False},
    "/risk-assessments/settings": {"enabled": True},
    "/risk-assessments/settings/new-device": {"remember_for": 7},
    "/supplemental-signals": {"akamai_enabled": True},
}
WRONG_TYPE = "Payload validation error: 'Expected type {} but found type {}' on property {}."
EVERY_SETTING = pytest.mark.parametrize(("path", "change"), SETTINGS.items())


@EVERY_SETTING
def test_an_update_merges_the_first_level(idp, path, change):
    before = idp.call("GET", path)
    assert before.status_code == 200
    changed = idp.call("PATCH", path, change)
    assert changed.status_code == 200
    assert changed.json == before.json | change
    assert idp.call("GET", path).json == before.json | change


@EVERY_SETTING
def test_null_restores_the_default(idp, path, change):
    before = idp.call("GET", path).json
    idp.call("PATCH", path, change)
    assert idp.call("PATCH", path, dict.fromkeys(change)).json == before


@EVERY_SETTING
def test_a_token_needs_the_scope(make_idp, path, change):
    idp = make_idp("read:attack_protection")
    assert idp.call("GET", path).status_code == 200
    refused = idp.call("PATCH", path, change)
    assert refused.status_code == 403
    assert refused.json["errorCode"] == "insufficient_scope"


@EVERY_SETTING
def test_an_exported_state_has_the_settings(idp, path, change):
    idp.call("PATCH", path, change)
    other = ManagementClient()
    other.tenant.restore(snapshot_from(snapshot_data(idp.tenant.snapshot())))
    assert change.items() <= other.call("GET", path, token=idp.access_token).json.items()


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        (
            "/attack-protection/brute-force-protection",
            {"max_attempts": 0},
            "Payload validation error: 'Expected a number from 1 to 100' on property max_attempts.",
        ),
        (
            "/attack-protection/bot-detection",
            {"allowlist": "10.0.0.1"},
            WRONG_TYPE.format("array", "string", "allowlist"),
        ),
        (
            "/risk-assessments/settings/new-device",
            {"remember_for": 1.5},
            WRONG_TYPE.format("integer", "number", "remember_for"),
        ),
        (
            "/supplemental-signals",
            {},
            "Payload validation error: 'Missing required property: akamai_enabled'.",
        ),
    ],
)
def test_a_wrong_value_is_refused(idp, path, body, message):
    before = idp.call("GET", path).json
    refused = idp.call("PATCH", path, body)
    assert (refused.status_code, refused.json["message"]) == (400, message)
    assert refused.json["errorCode"] == "invalid_body"
    assert idp.call("GET", path).json == before


def test_the_limit_of_wrong_passwords_applies_to_the_next_login(idp):
    idp.call("PATCH", "/attack-protection/brute-force-protection", {"max_attempts": 1})
    wrong(idp)
    assert_blocked(idp.password_token())


def test_the_hint_says_what_has_no_effect(idp):
    answer = idp.call("PATCH", "/attack-protection/suspicious-ip-throttling", {"enabled": True})
    assert hint(answer) == (
        "`attackProtection.suspiciousIpThrottling.enabled` is stored, but has no effect here: Auth0 "
        "blocks an IP address after many failed logins with 429 too_many_attempts."
    )
