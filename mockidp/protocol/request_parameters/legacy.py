"""The parameters of the legacy endpoints.

Auth0: its legacy Authentication API, and what auth0.js, Lock and the older SDKs send.
"""

from mockidp.protocol.request_parameters.table import ParameterTable, parameter, parameters

_TELEMETRY = "Telemetry, or sent by older SDKs."
_NO_SECRET = "Auth0 documents no client authentication here."
_NO_API = "The legacy pipeline issues tokens for /userinfo only. Request an API at /oauth/token."

RESOURCE_OWNER = ParameterTable(
    *parameters(
        "supported", "", "client_id", "grant_type", "connection", "username", "password", "scope"
    ),
    parameter("device", "supported", "The name of the device, for a refresh token."),
    parameter("mfa_code", "supported", "The code of an authenticator app."),
    parameter(
        "id_token", "refused", "Auth0 verifies it with the key of a device.", has_own_check=True
    ),
    *parameters("ignored", _NO_SECRET, "client_secret"),
    *parameters("hinted", _NO_API, "audience"),
    *parameters(
        "ignored", _TELEMETRY, "auth0Client", "tenant", "sso", "response_type", "redirect_uri",
        "state", "nonce", "popup", "realm", "request_id",
    ),
)  # fmt: skip
"""The parameters of /oauth/ro."""

SOCIAL = ParameterTable(
    *parameters("supported", "", "client_id", "access_token", "connection", "scope"),
    parameter("device", "supported", "The name of the device, for a refresh token."),
    *parameters("ignored", _NO_SECRET, "client_secret"),
    *parameters("hinted", _NO_API, "audience"),
    parameter(
        "access_token_secret", "ignored", "Twitter has it. Here, the access token is sufficient."
    ),
    *parameters("ignored", _TELEMETRY, "auth0Client", "user_id", "main_access_token"),
)
"""The parameters of /oauth/access_token."""

DELEGATION = ParameterTable(
    *parameters("supported", "", "client_id", "grant_type", "id_token", "refresh_token", "scope"),
    parameter("target", "supported", "The client of the new ID token."),
    parameter(
        "api_type", "supported", "`app` or `auth0`. Those of third-party add-ons answer 501."
    ),
    *parameters("ignored", _NO_SECRET, "client_secret"),
    *parameters("ignored", _TELEMETRY, "auth0Client", "device", "role", "principal"),
)
"""The parameters of /delegation."""

TOKEN_INFO = ParameterTable(
    *parameters("supported", "", "id_token"),
    *parameters("ignored", _TELEMETRY, "auth0Client"),
)
"""The parameters of /tokeninfo."""
