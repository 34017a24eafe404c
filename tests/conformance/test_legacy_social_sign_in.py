"""/oauth/access_token: tokens for an access token of a social provider."""

from dataclasses import replace

import jwt
import pyotp
import pytest

from helpers.acme import with_client
from helpers.legacy import GINA, GOOGLE_TOKEN, LEGACY_TENANT, LegacyApp, refused
from mockidp.protocol.mfa.guardian import GuardianFactor, GuardianPolicies
from mockidp.resources.mfa_factor import MfaFactor, TotpFactor

SECRET = "JBSWY3DPEHPK3PXP" * 2


@pytest.fixture
def idp():
    return LegacyApp()


def claims_of(token):
    return jwt.decode(token, options={"verify_signature": False})


def test_auth0_access_token__the_response(idp):
    answer = idp.social(scope="openid email")
    assert list(answer.json) == ["id_token", "access_token", "token_type"]
    claims = claims_of(answer.json["id_token"])
    assert (claims["sub"], claims["email"]) == ("google-oauth2|1234", "gina@acme.example")


def test_auth0_access_token__without_a_scope_there_is_no_id_token(idp):
    assert list(idp.social(scope=None).json) == ["access_token", "token_type"]


def test_auth0_access_token__the_token_of_the_provider_is_in_no_claim(idp):
    tokens = idp.social(scope="openid identities").json
    assert claims_of(tokens["id_token"])["identities"] == [
        {"connection": "google-oauth2", "user_id": "1234", "provider": "google-oauth2",
         "isSocial": True}
    ]  # fmt: skip
    answer = idp.get("/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert GOOGLE_TOKEN not in answer.text


@pytest.mark.parametrize("name", ["client_id", "access_token", "connection"])
def test_auth0_access_token__missing_parameters(idp, name):
    answer = idp.social(**{name: None})
    refused(answer, 400, "invalid_request", f"missing {name} parameter")


@pytest.mark.parametrize(
    ("changed", "expected", "why"),
    [
        (
            {"access_token": "ya29.other"},
            (401, "invalid_request", "invalid access_token: invalid_token"),
            "No user of connection google-oauth2 has this token.",
        ),
        (
            {"connection": "nowhere"},
            (400, "invalid_request", "the connection was not found"),
            "The tenant has no connection 'nowhere'.",
        ),
        ({"connection": "off"}, (400, "invalid_request", "the connection was disabled"), "to true"),
        (
            {"connection": "github"},
            (400, "invalid_request", "specified strategy does not support requested operation"),
            "facebook, google-oauth2, twitter, weibo",
        ),
        ({"client_id": "nobody"}, (403, "unauthorized_client", "invalid client"), "No client has"),
        (
            {"client_id": "conformant"},
            (400, "invalid_request", "OIDC conformant clients cannot use /oauth/access_token"),
            "`oidc_conformant: false`",
        ),
        (
            {"client_id": "without-grants"},
            (
                403,
                "unauthorized_client",
                (
                    "Grant type 'http://auth0.com/oauth/legacy/grant-type/access_token' not allowed for "
                    "the client."
                ),
            ),
            "Add http://auth0.com/oauth/legacy/grant-type/access_token",
        ),
    ],
)
def test_auth0_access_token__refusals(idp, changed, expected, why):
    assert why in refused(idp.social(**changed), *expected)


def test_auth0_access_token__a_blocked_user(idp):
    idp.edit(replace(LEGACY_TENANT, users=(replace(GINA, blocked=True),)))
    refused(idp.social(), 401, "unauthorized", "user is blocked")


def test_an_identity_without_a_connection_belongs_to_that_of_its_user(idp):
    linked = replace(GINA, identities=({"access_token": "short"}, {"access_token": 1}))
    idp.edit(replace(LEGACY_TENANT, users=(linked,)))
    assert idp.social(access_token="short").status_code == 200


def _with_second_factor(*factors):
    """Return the tenant in which every login needs a second factor, and gina has some."""
    return replace(
        LEGACY_TENANT,
        guardian_factors=(GuardianFactor(name="otp", enabled=True),),
        guardian_policies=GuardianPolicies(policies=("all-applications",)),
        users=(replace(GINA, mfa_factors=factors),),
    )


def test_auth0_access_token__the_policy_for_second_factors_applies(idp):
    idp.edit(_with_second_factor(MfaFactor(totp=TotpFactor(secret=SECRET))))
    why = refused(idp.social(), 401, "a0.mfa_required", "missing mfa_code parameter")
    assert "`all-applications`" in why
    refused(idp.social(mfa_code="000000"), 401, "a0.mfa_invalid_code", "Invalid MFA code.")
    code = pyotp.TOTP(SECRET).at(int(idp.tenant.now()))
    assert claims_of(idp.social(mfa_code=code).json["id_token"])["amr"] == ["mfa"]


def test_auth0_access_token__a_user_without_an_authenticator_app(idp):
    idp.edit(_with_second_factor())
    text = "User is not enrolled with google-authenticator"
    refused(idp.social(), 401, "a0.mfa_registration_required", text)


def test_auth0_access_token__a_client_that_requires_organizations(idp):
    idp.edit(with_client(LEGACY_TENANT, "old", organization_usage="require"))
    text = "parameter organization is required for this client"
    refused(idp.social(), 400, "invalid_request", text)
