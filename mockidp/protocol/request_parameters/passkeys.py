"""The parameters of /passkey/register and /passkey/challenge.

Auth0: its Authentication API.
"""

from mockidp.protocol.request_parameters.table import ParameterTable, parameter, parameters

_SHARED = (
    *parameters(
        "supported",
        "",
        "client_id",
        "client_secret",
        "client_assertion",
        "client_assertion_type",
    ),
    parameter("realm", "supported", "By default the tenant's `default_directory`."),
    parameter("organization", "supported", "The tokens are for it."),
    parameter("auth0Client", "ignored", "Telemetry."),
)
PASSKEY_CHALLENGE = ParameterTable(*_SHARED)
PASSKEY_REGISTER = ParameterTable(
    *_SHARED,
    parameter("user_profile", "supported", "A JSON object with `email` and, if wanted, names."),
    parameter("user_metadata", "supported", "A JSON object with at most ten strings."),
)
