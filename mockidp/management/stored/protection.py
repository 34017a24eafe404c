"""Protection against attacks, risk assessments and supplemental signals.

mockidp acts on brute-force protection and breached-password detection, and stores the rest.
Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.management.json_values import JsonType
from mockidp.management.stored.section import Inside
from mockidp.management.stored.setting import StoredSetting


def _protection(
    name: str, key: str, defaults: Mapping[str, Any], types: Mapping[str, JsonType] | None = None
) -> StoredSetting:
    return StoredSetting(
        title=f"{name.replace('-', ' ')} settings",
        path=f"/attack-protection/{name}",
        noun="attack_protection",
        place=Inside("attackProtection", (key,)),
        defaults=defaults,
        types=types or {},
    )


_BOT_DETECTION = {
    "challenge_password_policy": "never",
    "challenge_passwordless_policy": "never",
    "challenge_password_reset_policy": "never",
    "allowlist": [],
    "bot_detection_level": "medium",
    "monitoring_mode_enabled": False,
}
_BREACHED_PASSWORDS = {
    "enabled": False,
    "shields": [],
    "admin_notification_frequency": [],
    "method": "standard",
    "stage": {"pre-user-registration": {"shields": []}, "pre-change-password": {"shields": []}},
}
_BRUTE_FORCE = {
    "enabled": True,
    "shields": ["block", "user_notification"],
    "mode": "count_per_identifier_and_ip",
    "allowlist": [],
    "max_attempts": 10,
}
_SUSPICIOUS_IP = {
    "enabled": True,
    "shields": ["admin_notification", "block"],
    "allowlist": [],
    "stage": {
        "pre-login": {"max_attempts": 100, "rate": 864000},
        "pre-user-registration": {"max_attempts": 50, "rate": 1200},
    },
}
_CAPTCHA = {
    "active_provider_id": "auth_challenge",
    "simple_captcha": {},
    "auth_challenge": {"fail_open": False},
    "recaptcha_v2": {"site_key": ""},
    "recaptcha_enterprise": {"site_key": "", "project_id": ""},
    "hcaptcha": {"site_key": ""},
    "friendly_captcha": {"site_key": ""},
    "arkose": {
        "site_key": "",
        "client_subdomain": "client-api",
        "verify_subdomain": "verify-api",
        "fail_open": False,
    },
}
_SETTINGS = (
    _protection("bot-detection", "botDetection", _BOT_DETECTION, {"allowlist": "array"}),
    _protection("breached-password-detection", "breachedPasswordDetection", _BREACHED_PASSWORDS),
    _protection("brute-force-protection", "bruteForceProtection", _BRUTE_FORCE),
    _protection(
        "suspicious-ip-throttling",
        "suspiciousIpThrottling",
        _SUSPICIOUS_IP,
        {"enabled": "boolean", "shields": "array", "allowlist": "array", "stage": "object"},
    ),
    _protection("captcha", "captcha", _CAPTCHA, {"active_provider_id": "string"}),
    StoredSetting(
        title="risk assessment settings",
        path="/risk-assessments/settings",
        noun="attack_protection",
        place=Inside("riskAssessment", ("settings",)),
        defaults={"enabled": False},
        required=("enabled",),
        types={"enabled": "boolean"},
    ),
    StoredSetting(
        title="new device risk assessment settings",
        path="/risk-assessments/settings/new-device",
        noun="attack_protection",
        place=Inside("riskAssessment", ("newDevice",)),
        defaults={"remember_for": 30},
        required=("remember_for",),
        types={"remember_for": "integer"},
    ),
    StoredSetting(
        title="supplemental signals",
        path="/supplemental-signals",
        noun="attack_protection",
        place=Inside("supplementalSignals"),
        defaults={"akamai_enabled": False},
        required=("akamai_enabled",),
        types={"akamai_enabled": "boolean"},
    ),
)
OPERATIONS = tuple(operation for one in _SETTINGS for operation in one.operations())
