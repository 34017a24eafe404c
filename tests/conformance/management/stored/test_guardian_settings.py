"""Settings of second factors: PUT answers with the body, and GET without secrets."""

import pytest

from helpers.tenant_client import hint

PUSH = "/guardian/factors/push-notification"
TWILIO = {"auth_token": "t0ken", "sid": "AC1", "from": "+15550100"}
TEXTS = {"enrollment_message": "Enroll {{code}}", "verification_message": "Verify {{code}}"}
SNS = {
    "aws_access_key_id": "id",
    "aws_secret_access_key": "s3cret",
    "aws_region": "us-west-1",
    "sns_apns_platform_application_arn": "arn",
    "sns_gcm_platform_application_arn": "arn",
}
DUO = {"ikey": "i", "skey": "s", "host": "api.duo.example"}
CASES = {
    "/guardian/factors/phone/message-types": ({"message_types": []}, {"message_types": ["sms"]}),
    "/guardian/factors/phone/selected-provider": ({"provider": "auth0"}, {"provider": "twilio"}),
    "/guardian/factors/sms/selected-provider": ({"provider": "auth0"}, {"provider": "twilio"}),
    "/guardian/factors/phone/templates": ({}, TEXTS),
    "/guardian/factors/sms/templates": ({}, TEXTS),
    f"{PUSH}/selected-provider": ({"provider": "guardian"}, {"provider": "sns"}),
    "/guardian/factors/duo/settings": ({}, DUO),
    "/guardian/factors/webauthn-roaming/settings": (
        {"userVerification": "required", "overrideRelyingParty": False},
        {"userVerification": "preferred", "overrideRelyingParty": False},
    ),
    "/guardian/factors/webauthn-platform/settings": (
        {"overrideRelyingParty": False},
        {"overrideRelyingParty": True, "relyingPartyIdentifier": "acme.example"},
    ),
}


@pytest.mark.parametrize(("path", "before", "body"), [(path, *one) for path, one in CASES.items()])
def test_a_setting_is_replaced(idp, path, before, body):
    assert idp.call("GET", path).json == before
    changed = idp.call("PUT", path, body)
    assert (changed.status_code, changed.json) == (200, body)
    assert idp.call("GET", path).json == before | body


@pytest.mark.parametrize("factor", ["sms", "phone"])
def test_sms_and_phone_have_the_same_settings(idp, factor):
    other = {"sms": "phone", "phone": "sms"}[factor]
    assert idp.call("GET", f"/guardian/factors/{factor}/providers/twilio").json == {}
    assert idp.call("PUT", f"/guardian/factors/{factor}/providers/twilio", TWILIO).json == TWILIO
    shown = idp.call("GET", f"/guardian/factors/{other}/providers/twilio").json
    assert shown == TWILIO | {"messaging_service_sid": None}
    idp.call("PUT", f"/guardian/factors/{factor}/templates", TEXTS)
    assert idp.call("GET", f"/guardian/factors/{other}/templates").json == TEXTS
    assert idp.tenant.document.extra["guardianFactorTemplates"] == [{"name": "sms", **TEXTS}]
    assert idp.tenant.document.extra["guardianFactorProviders"] == [
        {"name": "sms", "provider": "twilio", **TWILIO}
    ]


@pytest.mark.parametrize(
    ("provider", "body", "answer", "shown"),
    [
        ("sns", SNS, SNS, {name: one for name, one in SNS.items() if name != "aws_secret_access_key"}),
        ("apns", {"sandbox": False, "bundle_id": "app", "p12": "c2VjcmV0"}, {"sandbox": False, "bundle_id": "app"}, {"bundle_id": "app", "sandbox": False, "enabled": True}),
        ("fcm", {"server_key": "s3cret"}, {}, {}),
        ("fcmv1", {"server_credentials": "s3cret"}, {}, {}),
    ],
)  # fmt: skip
def test_providers_of_push_notifications_hide_their_secrets(idp, provider, body, answer, shown):
    path = f"{PUSH}/providers/{provider}"
    assert idp.call("GET", path).json == {}
    assert idp.call("PUT", path, body).json == answer
    assert idp.call("GET", path).json == shown


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("/guardian/factors/phone/message-types", {"message_types": ["fax"]}, "'Expected an array of sms, voice' on property message_types"),
        ("/guardian/factors/phone/message-types", {"message_types": "sms"}, "'Expected an array of sms, voice' on property message_types"),
        ("/guardian/factors/phone/selected-provider", {"provider": "post"}, "'Expected one of auth0, twilio, phone-message-hook' on property provider"),
        ("/guardian/factors/phone/selected-provider", {}, "'Missing required property: provider'"),
        ("/guardian/factors/sms/templates", {"enrollment_message": ""}, "'Missing required property: verification_message'"),
        ("/guardian/factors/duo/settings", {"ikey": 1}, "'Expected type string but found type integer' on property ikey"),
        ("/guardian/factors/duo/settings", {"key": ""}, "'Additional properties not allowed: key'"),
    ],
)  # fmt: skip
def test_a_wrong_body_is_refused(idp, path, body, reason):
    before = idp.call("GET", path).json
    refused = idp.call("PUT", path, body)
    assert (refused.status_code, refused.json["errorCode"]) == (400, "invalid_body")
    assert refused.json["message"] == f"Payload validation error: {reason}."
    assert idp.call("GET", path).json == before


def test_the_hint_says_that_nobody_is_called(idp):
    body = {"message_types": ["sms", "voice"]}
    assert hint(idp.call("PUT", "/guardian/factors/phone/message-types", body)) == (
        "`guardianPhoneFactorMessageTypes.message_types` is stored, but has no effect here: Auth0 "
        "offers to call the user, and mockidp sends only text messages."
    )
