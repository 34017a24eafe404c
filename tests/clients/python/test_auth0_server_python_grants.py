"""auth0-server-python: passwordless logins, second factors, and token exchange."""

import functools

import pyotp
import pytest
from auth0_server_python.auth_types import (
    CustomTokenExchangeOptions,
    LoginWithCustomTokenExchangeOptions,
    StartPasswordlessEmailOptions,
    StartPasswordlessSmsOptions,
    VerifyPasswordlessOtpOptions,
)
from auth0_server_python.error import (
    CustomTokenExchangeError,
    MfaRequiredError,
    MfaVerifyError,
    PasswordlessStartError,
    PasswordlessVerifyError,
)

from helpers.client_facts import shows
from mockidp.protocol.oauth import grant_types

ALICE = "alice@acme.example"
LEGACY = "urn:acme:legacy-token"
sdk = functools.partial(shows, "auth0-server-python", over="https")
pytestmark = pytest.mark.filterwarnings("ignore::pydantic.PydanticDeprecatedSince20")


@pytest.fixture
def passwordless(idp):
    """Let the application log in with codes and links."""
    idp.add_connection("email", strategy="email")
    idp.add_connection("sms", strategy="sms")
    allowed = ["authorization_code", grant_types.PASSWORDLESS_OTP, *grant_types.MFA]
    idp.patch_client("acme-web", grant_types=allowed)


def with_code(code, **recipient):
    connection = "sms" if "phone_number" in recipient else "email"
    return VerifyPasswordlessOtpOptions(connection=connection, verification_code=code, **recipient)


@sdk("passwordless code", refuses=["wrong passwordless code", "used passwordless code"])
@pytest.mark.parametrize(
    ("start", "recipient"),
    [
        (StartPasswordlessEmailOptions, {"email": ALICE}),
        (StartPasswordlessSmsOptions, {"phone_number": "+15551234567"}),
    ],
    ids=["e-mail", "SMS"],
)
def test_a_user_logs_in_with_a_code(run_application, idp, passwordless, start, recipient):
    async def scenario(app):
        passwordless = app.client.passwordless
        await passwordless.start(start(**recipient))
        with pytest.raises(PasswordlessVerifyError) as wrong:
            await passwordless.verify(with_code("000000", **recipient))
        await passwordless.verify(with_code(idp.outbox.last().code, **recipient))
        with pytest.raises(PasswordlessVerifyError) as used:
            await passwordless.verify(with_code(idp.outbox.last().code, **recipient))
        assert wrong.value.code == used.value.code == "invalid_grant"
        return await app.client.get_user()

    assert recipient.items() <= run_application(scenario).items()


@sdk("passwordless link")
def test_a_user_logs_in_with_a_link(run_application, idp, passwordless, browser):
    async def scenario(app):
        await app.client.passwordless.start(
            StartPasswordlessEmailOptions(email=ALICE, send="link"), store_options={}
        )
        callback = browser.get_callback(idp.outbox.last().link)
        await app.client.complete_interactive_login(callback)
        return await app.client.get_user()

    assert run_application(scenario)["email"] == ALICE


@sdk(refuses=["passwordless code for an invalid address"])
def test_a_code_is_not_sent(run_application, passwordless):
    async def scenario(app):
        with pytest.raises(PasswordlessStartError) as refused:
            await app.client.passwordless.start(StartPasswordlessEmailOptions(email="no address"))
        return refused.value.code

    assert run_application(scenario) == "bad.email"


@sdk(
    "enrollment of a second factor",
    refuses=["login without a second factor", "wrong one-time code"],
)
def test_a_login_needs_a_second_factor(run_application, idp, passwordless, patch_tenant):
    async def scenario(app):
        mfa = app.client.mfa
        await app.client.passwordless.start(StartPasswordlessEmailOptions(email=ALICE))
        with pytest.raises(MfaRequiredError) as required:
            await app.client.passwordless.verify(with_code(idp.outbox.last().code, email=ALICE))
        token = {"mfa_token": required.value.mfa_token}
        assert await app.client.get_user() is None
        enrolled = await mfa.enroll_authenticator(token | {"factor_type": "otp"})
        with pytest.raises(MfaVerifyError, match="Invalid otp_code"):
            await mfa.verify(token | {"otp": "000000"})
        code = pyotp.TOTP(enrolled.secret).now()
        await mfa.verify(token | {"otp": code, "persist": True})
        return await app.client.get_user()

    patch_tenant(
        guardianFactors=[{"name": "otp", "enabled": True}],
        guardianPolicies={"policies": ["all-applications"]},
    )
    assert run_application(scenario)["email"] == ALICE


@sdk("token exchange", refuses=["unknown subject token", "unknown type of subject token"])
def test_a_user_logs_in_with_a_token_of_another_system(run_application, idp):
    async def scenario(app):
        exchange = app.client.custom_token_exchange
        for subject_token, kind in (("stolen", LEGACY), ("known", "urn:acme:other")):
            with pytest.raises(CustomTokenExchangeError) as refused:
                await exchange(
                    CustomTokenExchangeOptions(subject_token=subject_token, subject_token_type=kind)
                )
            assert refused.value.code == "invalid_request"
        options = {"subject_token": "known", "subject_token_type": LEGACY, "scope": "openid email"}
        await app.client.login_with_custom_token_exchange(
            LoginWithCustomTokenExchangeOptions(**options)
        )
        return await app.client.get_user()

    def decide(exchange):
        if exchange.subject_token != "known":
            exchange.reject_invalid_subject_token("unknown")
        return "alice"

    idp.add_token_exchange_profile("legacy", subject_token_type=LEGACY)
    idp.exchange_tokens("legacy", decide)
    allowed = {"allow_any_profile_of_type": ["custom_authentication"]}
    idp.patch_client("acme-web", token_exchange=allowed, grant_types=[grant_types.TOKEN_EXCHANGE])
    assert run_application(scenario)["email"] == ALICE
