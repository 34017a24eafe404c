"""/oauth/ro: the legacy endpoint for passwords and codes."""

from dataclasses import replace

import jwt
import pyotp
import pytest

from helpers.acme import DATABASE, with_client
from helpers.legacy import LEGACY_TENANT, LegacyApp, refused
from helpers.tenant_client import TenantClient, hint
from mockidp.protocol.mfa.guardian import GuardianFactor, GuardianPolicies
from mockidp.protocol.oauth.grant_types import JWT_BEARER
from mockidp.resources.mfa_factor import MfaFactor, TotpFactor
from mockidp.tenant.content.tenant_settings import TenantFlags
from mockidp.tenant.content.zero_config import ZERO_CONFIG

SECRET = "JBSWY3DPEHPK3PXP" * 2


@pytest.fixture
def idp():
    return LegacyApp()


def claims_of(token):
    return jwt.decode(token, options={"verify_signature": False})


def test_auth0_ro__the_response(idp):
    answer = idp.ro()
    assert answer.status_code == 200
    assert list(answer.json) == ["id_token", "access_token", "token_type"]
    assert answer.json["token_type"] == "bearer"
    assert answer.headers["Cache-Control"] == "no-store"
    claims = claims_of(answer.json["id_token"])
    assert (claims["sub"], claims["aud"]) == ("auth0|alice", "old")
    assert hint(answer) == ""


def test_auth0_ro__json_is_accepted(idp):
    body = {
        "client_id": "old",
        "grant_type": "password",
        "connection": DATABASE,
        "username": "alice@acme.example",
        "password": "Passw0rd!",
        "scope": "openid email",
    }
    answer = idp.post("/oauth/ro", json_body=body)
    assert claims_of(answer.json["id_token"])["email"] == "alice@acme.example"


def test_auth0_ro__without_openid_there_is_only_an_access_token(idp):
    answer = idp.ro(scope=None)
    assert list(answer.json) == ["access_token", "token_type"]


def test_auth0_ro__the_access_token_is_valid_at_userinfo(idp):
    tokens = idp.ro(scope="openid email").json
    answer = idp.get("/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert answer.json["email"] == "alice@acme.example"


def test_auth0_ro__a_scope_can_name_an_attribute_of_the_profile(idp):
    claims = claims_of(idp.id_token(scope="openid username user_id"))
    assert claims["user_id"] == "auth0|alice"


def test_auth0_ro__a_refresh_token_needs_a_device(idp):
    with_device = idp.ro(scope="openid offline_access", device="browser")
    assert list(with_device.json) == ["id_token", "access_token", "refresh_token", "token_type"]
    without = idp.ro(scope="openid offline_access")
    assert "refresh_token" not in without.json
    assert "has no `device`" in hint(without)


def test_auth0_ro__its_refresh_token_is_refused_at_the_token_endpoint(idp):
    token = idp.ro(scope="openid offline_access", device="browser").json["refresh_token"]
    answer = idp.post(
        "/oauth/token", grant_type="refresh_token", client_id="old", refresh_token=token
    )
    why = refused(answer, 403, "invalid_grant", "Unknown or invalid refresh token.")
    assert "Only /delegation accepts it." in why


@pytest.mark.parametrize("name", ["client_id", "grant_type", "username", "password", "connection"])
@pytest.mark.parametrize("value", [None, ""])
def test_auth0_ro__missing_parameters(idp, name, value):
    answer = idp.ro(**{name: value})
    refused(answer, 400, "invalid_request", f"missing {name} parameter")


def test_auth0_ro__scope_is_a_string(idp):
    body = {
        "client_id": "old", "grant_type": "password", "connection": DATABASE,
        "username": "alice@acme.example", "password": "Passw0rd!", "scope": ["openid"],
    }  # fmt: skip
    answer = idp.post("/oauth/ro", json_body=body)
    refused(answer, 400, "invalid_request", "scope parameter must be a string")


@pytest.mark.parametrize(
    ("changed", "expected", "why"),
    [
        ({"client_id": "odl"}, (403, "unauthorized_client", "invalid client"), "Did you mean old?"),
        (
            {"client_id": "conformant"},
            (400, "invalid_request", "OIDC conformant clients cannot use /oauth/ro"),
            "does not have `oidc_conformant: false`",
        ),
        (
            {"client_id": "web"},
            (400, "invalid_request", "OIDC conformant clients cannot use /oauth/ro"),
            "Client web does not have",
        ),
        (
            {"client_id": "without-grants"},
            (
                403,
                "unauthorized_client",
                "Grant type 'http://auth0.com/oauth/legacy/grant-type/ro' not allowed for the client.",
            ),
            "Add http://auth0.com/oauth/legacy/grant-type/ro",
        ),
        (
            {"grant_type": "passwrd"},
            (501, "unsupported_grant_type", "Unsupported grant type: passwrd"),
            "Did you mean password?",
        ),
        (
            {"connection": "nowhere"},
            (400, "invalid_request", "the connection was not found"),
            "The tenant has no connection 'nowhere'.",
        ),
        (
            {"connection": "off"},
            (400, "invalid_request", "the connection was disabled"),
            "Set `authentication.active` of connection off to true.",
        ),
        (
            {"connection": "elsewhere"},
            (400, "invalid_request", "the connection was disabled"),
            "`enabled_clients` of connection elsewhere",
        ),
        (
            {"connection": "google-oauth2"},
            (400, "invalid_request", "specified strategy does not support requested operation"),
            "has the strategy google-oauth2",
        ),
        (
            {"password": "Passw0rd"},
            (401, "invalid_user_password", "Wrong email or password."),
            "has another password",
        ),
        (
            {"username": "nobody@acme.example"},
            (401, "invalid_user_password", "Wrong email or password."),
            "has no user",
        ),
    ],
)
def test_auth0_ro__refusals(idp, changed, expected, why):
    assert why in refused(idp.ro(**changed), *expected)


def test_auth0_ro__blocked_user(idp):
    idp.edit(replace(LEGACY_TENANT, users=(*_users(blocked=True),)))
    refused(idp.ro(), 401, "unauthorized", "user is blocked")


def _users(**fields):
    return tuple(
        replace(one, **fields) if one.user_id == "auth0|alice" else one
        for one in LEGACY_TENANT.users
    )


def test_auth0_ro__too_many_wrong_passwords(idp):
    for _ in range(10):
        idp.ro(password="wrong")
    answer = idp.ro()
    assert (answer.status_code, answer.json["error"]) == (429, "too_many_attempts")


def test_auth0_ro__a_disclosed_password(idp):
    settings = replace(LEGACY_TENANT.mockidp, breached_passwords=("Passw0rd!",))
    idp.edit(replace(LEGACY_TENANT, mockidp=settings))
    answer = idp.ro()
    assert (answer.status_code, answer.json["error"]) == (401, "password_leaked")


def test_auth0_ro__the_endpoint_can_be_disabled(idp):
    idp.edit(replace(LEGACY_TENANT, tenant=replace(LEGACY_TENANT.tenant, flags=TenantFlags())))
    why = refused(idp.ro(), 404, "endpoint_disabled", "Endpoint /oauth/ro is disabled")
    assert "`tenant.flags.allow_legacy_ro_grant_types: true`" in why


def test_auth0_ro__an_audience_is_ignored_with_a_hint(idp):
    assert "Parameter `audience` was ignored." in hint(idp.ro(audience="https://api.example/"))


def test_auth0_ro__a_client_that_requires_an_organization(idp):
    idp.edit(with_client(LEGACY_TENANT, "old", organization_usage="require"))
    answer = idp.ro()
    refused(answer, 400, "invalid_request", "parameter organization is required for this client")


@pytest.mark.parametrize(
    ("connection", "property_name", "address"),
    [("email", "email", "new@acme.example"), ("sms", "phone_number", "+15550100")],
)
def test_auth0_ro__a_passwordless_code(idp, connection, property_name, address):
    start = {"client_id": "old", "connection": connection, "send": "code", property_name: address}
    assert idp.post("/passwordless/start", json_body=start).status_code == 200
    code = idp.tenant.passwordless_codes.get(f"{connection}\n{address}").code
    wrong = idp.ro(connection=connection, username=address, password="x")
    assert (wrong.status_code, wrong.json["error"]) == (401, "invalid_user_password")
    assert "verification code." in wrong.json["error_description"]
    right = idp.ro(connection=connection, username=address, password=code)
    assert claims_of(right.json["id_token"])["sub"].startswith(f"{connection}|")
    again = idp.ro(connection=connection, username=address, password=code)
    assert "can be used only once" in hint(again)


def _with_second_factor(*factors):
    return replace(
        LEGACY_TENANT,
        guardian_factors=(GuardianFactor(name="otp", enabled=True),),
        guardian_policies=GuardianPolicies(policies=("all-applications",)),
        users=_users(mfa_factors=factors),
    )


def test_auth0_ro__a_second_factor(idp):
    idp.edit(_with_second_factor(MfaFactor(totp=TotpFactor(secret=SECRET))))
    why = refused(idp.ro(), 401, "a0.mfa_required", "missing mfa_code parameter")
    assert "`all-applications`" in why
    wrong = idp.ro(mfa_code="000000")
    refused(wrong, 401, "a0.mfa_invalid_code", "Invalid MFA code.")
    code = pyotp.TOTP(SECRET).at(int(idp.tenant.now()))
    assert claims_of(idp.id_token(mfa_code=code))["amr"] == ["mfa"]
    for _ in range(10):
        idp.ro(mfa_code="000000")
    answer = idp.ro(mfa_code="000000")
    assert (answer.status_code, answer.json["error"]) == (429, "too_many_attempts")


def test_auth0_ro__a_user_without_an_authenticator_app(idp):
    idp.edit(_with_second_factor())
    text = "User is not enrolled with google-authenticator"
    why = refused(idp.ro(), 401, "a0.mfa_registration_required", text)
    assert "user auth0|alice has not enrolled" in why


def test_auth0_ro__an_id_token_in_place_of_a_password(idp):
    form = {"grant_type": JWT_BEARER, "username": None, "password": None, "connection": None}
    refused(idp.ro(**form), 400, "invalid_request", "missing device parameter")
    answer = idp.ro(**form, device="phone")
    refused(answer, 400, "invalid_request", "missing id_token parameter")
    answer = idp.ro(**form, device="phone", id_token=idp.id_token())
    assert "public key of the device 'phone'" in refused(
        answer, 400, "invalid_grant", "invalid signature"
    )


def test_without_a_tenant_file_any_client_may_use_it():
    idp = LegacyApp(ZERO_CONFIG)
    assert claims_of(idp.id_token(client_id="anything"))["aud"] == "anything"
    assert isinstance(idp, TenantClient)
