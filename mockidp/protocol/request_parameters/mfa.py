"""The parameters of /mfa/challenge and /mfa/associate.

Auth0: its Authentication API, and what its SDKs send.
"""

from mockidp.protocol.request_parameters.table import ParameterTable, parameters

MFA_CHALLENGE = ParameterTable(
    *parameters(
        "supported",
        "",
        "client_id",
        "client_secret",
        "client_assertion",
        "client_assertion_type",
        "mfa_token",
        "challenge_type",
        "authenticator_id",
    ),
    *parameters(
        "ignored", "The factor decides how the code is sent.", "oob_channel", "auth0Client"
    ),
)
MFA_ASSOCIATE = ParameterTable(
    *parameters("supported", "", "authenticator_types", "oob_channels", "phone_number", "email"),
    *parameters(
        "ignored",
        "The token in the header decides.",
        "client_id",
        "client_secret",
        "mfa_token",
        "auth0Client",
    ),
)
