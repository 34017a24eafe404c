"""The properties of /passwordless/start and /passwordless/verify, and what a link has.

Auth0 allows no other properties in the bodies.

Auth0: its Authentication API, and what its SDKs send.
"""

from mockidp.protocol.request_parameters.table import ParameterTable, parameter, parameters

PASSWORDLESS_START = ParameterTable(
    *parameters(
        "supported",
        "",
        "client_id",
        "client_secret",
        "client_assertion",
        "client_assertion_type",
        "connection",
    ),
    parameter("email", "supported", "For a connection of strategy `email`."),
    parameter("phone_number", "supported", "For a connection of strategy `sms`."),
    parameter("send", "supported", "`link`, which is the default for e-mail, or `code`."),
    parameter("authParams", "supported", "Parameters of the link, such as `redirect_uri`."),
    parameter("captcha", "ignored", "mockidp detects no bots."),
    parameter(
        "x-request-language",
        "ignored",
        "Auth0 writes the message in this language. The outbox has English texts.",
        is_header=True,
    ),
    parameter(
        "auth0-forwarded-for",
        "ignored",
        "Rate limits count requests by the address that sends them.",
        is_header=True,
    ),
    parameter("Auth0-Client", "ignored", "Telemetry.", is_header=True),
)
"""The properties of /passwordless/start."""

PASSWORDLESS_VERIFY = ParameterTable(
    *parameters(
        "supported", "", "client_id", "connection", "email", "phone_number", "verification_code"
    ),
    parameter("Auth0-Client", "ignored", "Telemetry.", is_header=True),
)
"""The properties of /passwordless/verify."""

PASSWORDLESS_VERIFY_REDIRECT = ParameterTable(
    *parameters("supported", "", "connection", "email", "phone_number", "verification_code"),
    parameter("*", "supported", "All other parameters have the same meaning as at /authorize."),
)
"""The parameters of /passwordless/verify_redirect."""
