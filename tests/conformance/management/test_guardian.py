"""Second factors and policies: a change applies to the next login."""

import pytest

from helpers.management import ManagementClient
from helpers.mfa import APP, CREDENTIALS, with_mfa
from helpers.tenant_client import hint

FACTORS = "/guardian/factors"
POLICIES = "/guardian/policies"
IN_ORDER = (
    "sms", "push-notification", "otp", "email", "duo", "webauthn-roaming", "webauthn-platform",
    "recovery-code",
)  # fmt: skip


def refusal(answer):
    return answer.status_code, answer.json["message"], answer.json["errorCode"]


def test_a_new_tenant_has_all_factors_off_and_no_policy(idp):
    assert idp.call("GET", FACTORS).json == [
        {"name": name, "enabled": False, "trial_expired": False} for name in IN_ORDER
    ]
    assert idp.call("GET", POLICIES).json == []


@pytest.mark.parametrize("name", IN_ORDER)
def test_a_factor_is_switched_on_and_off(idp, name):
    for enabled in (True, False):
        changed = idp.call("PUT", f"{FACTORS}/{name}", {"enabled": enabled})
        assert (changed.status_code, changed.json) == (200, {"enabled": enabled})
        shown = {one["name"]: one["enabled"] for one in idp.call("GET", FACTORS).json}
        assert shown == {one: enabled and one == name for one in IN_ORDER}


def test_policies_are_replaced(idp):
    for policies in (["all-applications"], []):
        assert idp.call("PUT", POLICIES, policies).json == policies
        assert idp.call("GET", POLICIES).json == policies


def test_a_policy_applies_to_the_next_login():
    idp = ManagementClient(document=with_mfa(APP, policies=()))
    assert idp.password_token().status_code == 200
    idp.call("PUT", POLICIES, ["all-applications"])
    assert idp.password_token().json["error"] == "mfa_required"
    idp.call("PUT", POLICIES, [])
    assert idp.password_token().status_code == 200


def test_a_factor_that_is_off_has_no_challenge():
    idp = ManagementClient(document=with_mfa(APP))
    token = idp.password_token().json["mfa_token"]
    form = {**CREDENTIALS, "mfa_token": token, "challenge_type": "otp"}
    assert idp.post("/mfa/challenge", json_body=form).json == {"challenge_type": "otp"}
    idp.call("PUT", f"{FACTORS}/otp", {"enabled": False})
    refused = idp.post("/mfa/challenge", json_body=form)
    assert (refused.status_code, refused.json["error"]) == (401, "unsupported_challenge_type")


@pytest.mark.parametrize(
    ("body", "place"), [(["all"], "'Expected one of all-applications, confidence-score'"), ({}, "'Expected type array'")]
)  # fmt: skip
def test_a_wrong_policy_is_refused(idp, body, place):
    refused = idp.call("PUT", POLICIES, body)
    assert refusal(refused)[0] == 400
    assert place in refusal(refused)[1]
    assert idp.call("GET", POLICIES).json == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "'Missing required property: enabled'"),
        ({"enabled": 1}, "'Expected type boolean' on property enabled"),
    ],
)
def test_a_wrong_body_of_a_factor_is_refused(idp, body, reason):
    message = f"Payload validation error: {reason}."
    refused = idp.call("PUT", f"{FACTORS}/otp", body)
    assert refusal(refused) == (400, message, "invalid_body")


@pytest.mark.parametrize(("name", "meant"), [("emial", " Did you mean email?"), ("telegram", "")])
def test_an_unknown_factor_is_refused(idp, name, meant):
    refused = idp.call("PUT", f"{FACTORS}/{name}", {"enabled": True})
    message = f"Path validation error: 'Invalid value \"{name}\"' on property name."
    assert refusal(refused) == (400, message, "invalid_uri")
    assert hint(refused) == f"Auth0 has no second factor {name!r}.{meant}"


def test_the_hint_names_factors_and_policies_without_effect(idp):
    assert hint(idp.call("PUT", f"{FACTORS}/duo", {"enabled": True})) == (
        "`guardianFactors` is stored, but has no effect here: Auth0 lets users enroll WebAuthn "
        "devices and Duo as second factors."
    )
    assert hint(idp.call("PUT", POLICIES, ["confidence-score"])) == (
        "`guardianPolicies.policies` is stored, but has no effect here: Auth0 asks for a second "
        "factor if it does not trust a login, and mockidp trusts all."
    )
