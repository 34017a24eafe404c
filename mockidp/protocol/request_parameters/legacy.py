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
        "id_token",
        "not accepted",
        "Auth0 verifies it with the registered key of a device. Here, such keys are only stored.",
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
    parameter("mfa_code", "supported", "The code of an authenticator app."),
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

UNLINK = ParameterTable(
    parameter("access_token", "supported", "Of the user to whom the account is linked."),
    parameter("user_id", "supported", "Of the linked account, with its provider."),
    *parameters("ignored", "The token names the client.", "clientID", "client_id"),
    *parameters("ignored", _TELEMETRY, "auth0Client"),
)
"""The parameters of /unlink."""

TOKEN_INFO = ParameterTable(
    *parameters("supported", "", "id_token"),
    *parameters("ignored", _TELEMETRY, "auth0Client"),
)
"""The parameters of /tokeninfo."""

SSO_DATA = ParameterTable(
    parameter("cbx", "supported", "The function of a JSONP script, with `legacy_lock_api`."),
    *parameters(
        "hinted",
        "Auth0 adds the Active Directory connections for the IP address of the request, which "
        "mockidp does not have.",
        "ldaps",
    ),
    *parameters("ignored", "Only `ldaps` needs it.", "client_id"),
    *parameters("ignored", _TELEMETRY, "auth0Client"),
)
"""The parameters of /user/ssodata."""

HOSTED_LOGIN = ParameterTable(
    *parameters("supported", "", "client_id", "connection", "username", "password"),
    parameter("state", "supported", "That of the login page, or that of the application."),
    *parameters(
        "supported", "For a new login, as at /authorize.", "redirect_uri",
        "response_type", "response_mode", "scope", "audience", "nonce", "code_challenge",
        "code_challenge_method", "organization", "max_age", "login_hint",
    ),
    *parameters("ignored", "The form of mockidp needs no such token.", "_csrf", "_intstate"),
    *parameters("ignored", "mockidp detects no bots.", "captcha"),
    *parameters(
        "ignored", _TELEMETRY, "auth0Client", "tenant", "sso", "protocol", "popup_options", "popup",
        "realm", "device",
    ),
)  # fmt: skip
"""The parameters of /usernamepassword/login."""

CHALLENGE = ParameterTable(parameter("state", "ignored", "mockidp detects no bots."))
"""The parameters of /usernamepassword/challenge and the other challenges of Lock."""

CALLBACK_PARAMETERS = ParameterTable(
    *parameters(
        "supported", "Sent by an identity provider.", "state", "code", "error", "error_description"
    ),
    *parameters(
        "supported", "From the form that /usernamepassword/login returns.", "wa", "wresult", "wctx"
    ),
)
"""The parameters of /login/callback."""
