"""The pages of the hosted login: below `/u/`, `/activate` and `/authorize/resume`."""

from mockidp.web.routing.route import Route
from mockidp.web.routing.route_module import route_modules

MODULES = route_modules(
    __name__,
    {
        "login": ("/u/login", "/login"),
        "identifier_first": ("/u/login/identifier", "/u/login/password"),
        "organization": ("/u/organization/selection", "/u/organization/picker"),
        "passwordless": (
            "/u/login/passwordless-email-challenge", "/u/login/passwordless-sms-challenge",
        ),
        "provider": ("/login/callback", "/u/login/provider"),
        "mfa": (
            "/u/mfa-otp-challenge", "/u/mfa-sms-challenge", "/u/mfa-email-challenge",
            "/u/mfa-push-challenge-push", "/u/mfa-recovery-code-challenge",
            "/u/mfa-otp-enrollment-qr", "/u/mfa-phone-enrollment", "/u/mfa-email-enrollment",
            "/u/mfa-push-enrollment-qr", "/u/mfa-otp-enrollment-code",
            "/u/mfa-recovery-code-enrollment", "/u/mfa-recovery-code-challenge-new-code",
            "/u/mfa-login-options",
        ),
        "passkeys": "/u/passkey-enrollment",
        "enrollment": "/mfa/enrollment",
        "connect_account": "/connected-accounts/connect",
        "consent": "/u/consent",
        "device": (
            "/activate", "/u/device/confirmation", "/u/device/success", "/u/device/denied",
        ),
        "sign_up": ("/u/signup", "/u/signup/identifier", "/u/signup/password"),
        "email_verification": "/u/email-verification",
        "cross_origin": "/co/verify",
        "reset_request": ("/u/reset-password/request", "/u/reset-password/request/{id}"),
        "reset_password": "/u/reset-password",
        "legacy_login": "/usernamepassword/login",
        "resume": "/authorize/resume",
    },
)  # fmt: skip


def routes() -> tuple[Route, ...]:
    """Import all modules, and return their routes."""
    return tuple(route for module in MODULES for route in module.routes())
