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
TOKEN_VAULT = "urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token"
MFA_OTP = "http://auth0.com/oauth/grant-type/mfa-otp"
MFA_OOB = "http://auth0.com/oauth/grant-type/mfa-oob"
MFA_RECOVERY_CODE = "http://auth0.com/oauth/grant-type/mfa-recovery-code"
MFA = (MFA_OTP, MFA_OOB, MFA_RECOVERY_CODE)
"""The grants that finish a login with a second factor."""
WEBAUTHN = "urn:okta:params:oauth:grant-type:webauthn"
"""The grant of passkeys."""
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
"""The grant of identity assertions, and the `grant_type` of /delegation and of /oauth/ro with an ID
token."""

LEGACY_RO = "http://auth0.com/oauth/legacy/grant-type/ro"
LEGACY_RO_JWT_BEARER = "http://auth0.com/oauth/legacy/grant-type/ro/jwt-bearer"
LEGACY_REFRESH_TOKEN = "http://auth0.com/oauth/legacy/grant-type/delegation/refresh_token"
LEGACY_ID_TOKEN = "http://auth0.com/oauth/legacy/grant-type/delegation/id_token"
LEGACY_ACCESS_TOKEN = "http://auth0.com/oauth/legacy/grant-type/access_token"
LEGACY = (
    LEGACY_RO,
    LEGACY_RO_JWT_BEARER,
    LEGACY_REFRESH_TOKEN,
    LEGACY_ID_TOKEN,
    LEGACY_ACCESS_TOKEN,
)
"""The grants of the legacy endpoints /oauth/ro, /oauth/access_token and /delegation, which a client
has in its `grant_types`. No request sends them."""

DEFAULT_GRANT_TYPES = (AUTHORIZATION_CODE, IMPLICIT, REFRESH_TOKEN, CLIENT_CREDENTIALS)
"""The grants of a new application for which none are given, as in Auth0."""
