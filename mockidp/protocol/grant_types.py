"""Names of grants, as `grant_type` and a client's `grant_types` have them.

Spec: RFC 6749 4, 6; RFC 8628 3.4.
Auth0: `password-realm`, `passwordless/otp` and the MFA grants are its own.
"""

from __future__ import annotations

AUTHORIZATION_CODE = "authorization_code"
CLIENT_CREDENTIALS = "client_credentials"
IMPLICIT = "implicit"
PASSWORD = "password"
PASSWORD_REALM = "http://auth0.com/oauth/grant-type/password-realm"
PASSWORDLESS_OTP = "http://auth0.com/oauth/grant-type/passwordless/otp"
REFRESH_TOKEN = "refresh_token"
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
MFA_OTP = "http://auth0.com/oauth/grant-type/mfa-otp"
MFA_OOB = "http://auth0.com/oauth/grant-type/mfa-oob"
MFA_RECOVERY_CODE = "http://auth0.com/oauth/grant-type/mfa-recovery-code"
MFA = (MFA_OTP, MFA_OOB, MFA_RECOVERY_CODE)
"""The grants that finish a login with a second factor."""

DEFAULT_GRANT_TYPES = (AUTHORIZATION_CODE, IMPLICIT, REFRESH_TOKEN, CLIENT_CREDENTIALS)
"""The grants of a new application for which none are given, as in Auth0."""
