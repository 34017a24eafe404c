"""Settings of second factors: providers, texts, message types. They are stored.

The paths of `sms` are older names of those of `phone`, and have the same settings. Source:
docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from mockidp.management.operation import Call
from mockidp.management.refusals import invalid_body
from mockidp.management.stored.section import Inside, SectionEntry, SectionPlace
from mockidp.management.stored.setting import StoredSetting

_PUSH = "push-notification"
_TYPES = ("sms", "voice")


def _setting(path: str, place: SectionPlace, **members: Any) -> StoredSetting:
    return StoredSetting(
        title=f"{path.replace('/', ' ')} of multi-factor authentication",
        path=f"/guardian/factors/{path}",
        noun="guardian_factors",
        place=place,
        method="PUT",
        **members,
    )


def _selected(
    factor: str, place: SectionPlace, known: Collection[str], default: str
) -> StoredSetting:
    """Return the setting that names the provider of a factor."""

    def check(call: Call) -> None:
        sent = call.body["provider"]
        with call.tenant.trace.check("provider", sent=sent):
            if sent not in known:
                raise invalid_body(
                    f"Expected one of {', '.join(known)}",
                    at="provider",
                    hint=f"Found {sent!r}. Send one of {', '.join(known)}.",
                )

    return _setting(
        f"{factor}/selected-provider",
        place,
        defaults={"provider": default},
        required=("provider",),
        allowed=("provider",),
        check=check,
    )


def _check_types(call: Call) -> None:
    sent = call.body["message_types"]
    with call.tenant.trace.check("message_types"):
        if not isinstance(sent, list) or any(one not in _TYPES for one in sent):
            raise invalid_body(
                f"Expected an array of {', '.join(_TYPES)}",
                at="message_types",
                hint="Send `message_types` as a list of sms and voice.",
            )


def _provider(factor: str, name: str) -> SectionEntry:
    return SectionEntry("guardianFactorProviders", {"name": factor, "provider": name})


def _twilio(factor: str) -> StoredSetting:
    return _setting(
        f"{factor}/providers/twilio",
        _provider("sms", "twilio"),
        order=("auth_token", "sid", "from", "messaging_service_sid"),
        added={"messaging_service_sid": None},
        allowed=("auth_token", "sid", "from", "messaging_service_sid"),
    )


def _templates(factor: str) -> StoredSetting:
    texts = ("enrollment_message", "verification_message")
    return _setting(
        f"{factor}/templates",
        SectionEntry("guardianFactorTemplates", {"name": "sms"}),
        required=texts,
        allowed=texts,
        types=dict.fromkeys(texts, "string"),
    )


def _webauthn(kind: str, defaults: Mapping[str, Any]) -> StoredSetting:
    return _setting(
        f"webauthn-{kind}/settings",
        Inside("guardianSettings", (f"webauthn-{kind}",)),
        defaults=defaults,
        allowed=("userVerification", "overrideRelyingParty", "relyingPartyIdentifier"),
        types={"overrideRelyingParty": "boolean", "relyingPartyIdentifier": "string"},
    )


_PHONE = Inside("guardianPhoneFactorSelectedProvider")
_SNS = (
    "aws_access_key_id", "aws_secret_access_key", "aws_region", "sns_apns_platform_application_arn",
    "sns_gcm_platform_application_arn",
)  # fmt: skip
_SETTINGS = (
    _setting(
        "phone/message-types",
        Inside("guardianPhoneFactorMessageTypes"),
        defaults={"message_types": []},
        required=("message_types",),
        allowed=("message_types",),
        check=_check_types,
    ),
    *(
        _selected(factor, _PHONE, ("auth0", "twilio", "phone-message-hook"), "auth0")
        for factor in ("phone", "sms")
    ),
    _selected(
        _PUSH, Inside("guardianSettings", (_PUSH,)), ("guardian", "sns", "direct"), "guardian"
    ),
    *map(_twilio, ("phone", "sms")),
    *map(_templates, ("phone", "sms")),
    _setting(
        f"{_PUSH}/providers/sns", _provider(_PUSH, "sns"), order=_SNS, allowed=_SNS,
        secrets=("aws_secret_access_key",),
    ),
    _setting(
        f"{_PUSH}/providers/apns", _provider(_PUSH, "apns"), order=("bundle_id", "sandbox"),
        allowed=("bundle_id", "sandbox", "p12"), write_only=("p12",),
        added={"enabled": True},
    ),
    _setting(
        f"{_PUSH}/providers/fcm", _provider(_PUSH, "fcm"), allowed=("server_key",),
        write_only=("server_key",),
    ),
    _setting(
        f"{_PUSH}/providers/fcmv1", _provider(_PUSH, "fcmv1"), allowed=("server_credentials",),
        write_only=("server_credentials",),
    ),
    _setting(
        "duo/settings", Inside("guardianSettings", ("duo",)), order=("ikey", "skey", "host"),
        allowed=("ikey", "skey", "host"),
        types={"ikey": "string", "skey": "string", "host": "string"},
    ),
    _webauthn("roaming", {"userVerification": "required", "overrideRelyingParty": False}),
    _webauthn("platform", {"overrideRelyingParty": False}),
)  # fmt: skip
OPERATIONS = tuple(operation for one in _SETTINGS for operation in one.operations())
