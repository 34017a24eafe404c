"""The parameters of /oauth/token, and headers that change its answer.

Auth0: its Authentication API, and what its SDKs send.
"""

from mockidp.protocol.oauth.grant_types import (
    AUTHORIZATION_CODE,
    CLIENT_CREDENTIALS,
    DEVICE_CODE,
    JWT_BEARER,
    MFA,
    MFA_OOB,
    MFA_OTP,
    MFA_RECOVERY_CODE,
    PASSWORD,
    PASSWORD_REALM,
    PASSWORDLESS_OTP,
    REFRESH_TOKEN,
    TOKEN_EXCHANGE,
    TOKEN_VAULT,
    WEBAUTHN,
)
from mockidp.protocol.request_parameters.client_authentication import CLIENT_CERTIFICATE
from mockidp.protocol.request_parameters.shared import RESOURCE
from mockidp.protocol.request_parameters.table import ParameterTable, parameter, parameters

_BY_PASSWORD = (PASSWORD, PASSWORD_REALM)
_WITH_SCOPE = (
    CLIENT_CREDENTIALS,
    REFRESH_TOKEN,
    *_BY_PASSWORD,
    PASSWORDLESS_OTP,
    TOKEN_EXCHANGE,
    WEBAUTHN,
)

TOKEN = ParameterTable(
    *parameters(
        "supported",
        "",
        "grant_type",
        "client_id",
        "client_secret",
        "client_assertion",
        "client_assertion_type",
    ),
    *parameters(
        "supported", "", "code", "code_verifier", "redirect_uri", grants=(AUTHORIZATION_CODE,)
    ),
    parameter("device_code", "supported", "", grants=(DEVICE_CODE,)),
    *parameters(
        "ignored",
        "The device code has the value that was sent to /oauth/device/code.",
        "audience",
        "scope",
        grants=(DEVICE_CODE,),
    ),
    parameter("refresh_token", "supported", "", grants=(REFRESH_TOKEN,)),
    *parameters("supported", "", "username", "password", grants=_BY_PASSWORD),
    parameter("realm", "supported", "", grants=(PASSWORD_REALM, PASSWORDLESS_OTP, WEBAUTHN)),
    *parameters("supported", "", "username", "otp", grants=(PASSWORDLESS_OTP,)),
    parameter(
        "realm",
        "hinted",
        "Only grant type password-realm reads it. This grant uses the tenant's default_directory.",
        grants=(PASSWORD,),
    ),
    *parameters("supported", "", "audience", "scope", grants=_WITH_SCOPE),
    parameter(
        "audience",
        "hinted",
        "The code is for the audience of the authorization request. Auth0 "
        "does not read it here either.",
        grants=(AUTHORIZATION_CODE,),
    ),
    parameter(
        "scope",
        "ignored",
        "The code is for the scope of the authorization request.",
        grants=(AUTHORIZATION_CODE,),
    ),
    parameter("mfa_token", "supported", "", grants=MFA),
    parameter("otp", "supported", "", grants=(MFA_OTP,)),
    *parameters("supported", "", "oob_code", "binding_code", grants=(MFA_OOB,)),
    parameter("recovery_code", "supported", "", grants=(MFA_RECOVERY_CODE,)),
    *parameters(
        "ignored",
        "The tokens are those of the request that was refused with mfa_required.",
        "audience",
        "scope",
        grants=MFA,
    ),
    parameter("redirect_uri", "ignored", "SDKs send it.", grants=(REFRESH_TOKEN, PASSWORDLESS_OTP)),
    parameter("organization", "supported", "", grants=(CLIENT_CREDENTIALS, TOKEN_EXCHANGE)),
    parameter(
        "organization",
        "supported",
        "It has to be that of the challenge, which is the default.",
        grants=(WEBAUTHN,),
    ),
    parameter("auth_session", "supported", "", grants=(WEBAUTHN,)),
    parameter(
        "authn_response",
        "supported",
        "The answer of the authenticator: an object, or its JSON in a form.",
        grants=(WEBAUTHN,),
    ),
    *parameters(
        "supported",
        "",
        "subject_token",
        "subject_token_type",
        "actor_token",
        "actor_token_type",
        grants=(TOKEN_EXCHANGE,),
    ),
    parameter(
        "requested_token_type",
        "supported",
        "Required for the exchange of an access token, and not accepted with a custom type.",
        grants=(TOKEN_EXCHANGE,),
    ),
    parameter(
        "user_profile",
        "supported",
        "A string with the JSON of native social login: names from Apple, name and e-mail address "
        "from Facebook.",
        grants=(TOKEN_EXCHANGE,),
    ),
    parameter(
        "organization",
        "hinted",
        "The tokens are for the organization of the authorization request.",
        grants=(AUTHORIZATION_CODE, REFRESH_TOKEN),
    ),
    parameter(
        "organization",
        "hinted",
        "This grant does not log in to an organization, so the tokens have no `org_id`.",
        grants=(*_BY_PASSWORD, PASSWORDLESS_OTP),
    ),
    parameter(
        "authorization_details",
        "hinted",
        "Auth0 documents it only for authorization requests. Tokens have the details of those.",
    ),
    *parameters(
        "supported",
        "",
        "subject_token",
        "subject_token_type",
        "requested_token_type",
        "connection",
        "login_hint",
        grants=(TOKEN_VAULT,),
    ),
    *parameters(
        "hinted",
        "The token is that of the service, with the scope that the user has granted.",
        "scope",
        "audience",
        "organization",
        grants=(TOKEN_VAULT,),
    ),
    *parameters("supported", "", "assertion", "resource", grants=(JWT_BEARER,)),
    *parameters(
        "hinted",
        "The assertion of the identity provider has it.",
        "scope",
        "audience",
        grants=(JWT_BEARER,),
    ),
    parameter("resource", "hinted", RESOURCE),
    parameter(
        "DPoP", "refused", "Auth0 binds the tokens to the key of this proof.", is_header=True
    ),
    parameter(
        "auth0-forwarded-for",
        "supported",
        "Wrong passwords are counted by this address if the "
        "client has is_token_endpoint_ip_header_trusted.",
        is_header=True,
    ),
    *CLIENT_CERTIFICATE,
    parameter("Auth0-Client", "ignored", "Telemetry.", is_header=True),
    *parameters(
        "ignored",
        "For grants that answer 501: CIBA.",
        "auth_req_id",
    ),
    *parameters(
        "ignored",
        "Telemetry, or sent by older SDKs.",
        "auth0Client",
        "type",
        "device",
        "state",
        "nonce",
        "response_type",
    ),
)
"""The parameters of /oauth/token, by grant type."""
