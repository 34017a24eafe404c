"""Auth0's texts for refusals by both flows and faults."""

from __future__ import annotations

LOGIN_REQUIRED = "Login required"
CONSENT_REQUIRED = "Consent required"
MFA_REQUIRED = "Multifactor authentication required"
INVALID_CODE = "Invalid authorization code"
INVALID_REFRESH_TOKEN = "Unknown or invalid refresh token."
WRONG_PASSWORD = "Wrong email or password."
WRONG_EMAIL_CODE = "Wrong email or verification code."
WRONG_PHONE_CODE = "Wrong phone number or verification code."
OTP_EXPIRED = "The verification code has expired. Please try to login again."
DEVICE_PENDING = "User has yet to authorize device code."
DEVICE_TOO_FAST = "You are polling faster than the specified interval of 5 seconds."
DEVICE_EXPIRED = "The device code has expired."
DEVICE_INVALID = "Invalid or expired device code."
DEVICE_DENIED = "User cancelled the confirmation prompt."
USER_BLOCKED = "user is blocked"
ACCOUNT_BLOCKED = (
    "Your account has been blocked after multiple consecutive login attempts. We've sent you a "
    "notification via your preferred contact method with instructions on how to unblock it."
)
TOO_MANY_CODES = "Too many failed codes. Wait for some minutes before retrying."
PASSWORD_LEAKED = (
    "This login attempt has been blocked because the password you're using was previously "
    "disclosed through a data breach (not in this application). Please check your email for more "
    "information."
)
PROVIDER_FAILED = "failed to obtain access token"
