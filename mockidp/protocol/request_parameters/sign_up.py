"""The parameters of /dbconnections/signup."""

from mockidp.protocol.request_parameters.table import ParameterTable, parameter, parameters

SIGN_UP = ParameterTable(
    *parameters("supported", "", "client_id", "connection", "email", "password"),
    parameter("username", "supported", "If the connection has usernames."),
    *parameters("supported", "", "name", "given_name", "family_name", "nickname", "picture"),
    parameter("user_metadata", "supported", "A JSON object with at most ten strings."),
    parameter("user_metadata[*", "hinted", "Send `user_metadata` as an object in a JSON body."),
    parameter(
        "phone_number",
        "hinted",
        "Auth0 stores it if the connection has phone numbers as an attribute.",
    ),
    *parameters(
        "ignored",
        "Telemetry, or sent by older SDKs.",
        "auth0Client",
        "callbackURL",
        "response_type",
        "scope",
        "sso",
        "state",
        "tenant",
    ),
)
"""The parameters of /dbconnections/signup, in a form or JSON."""
