"""The parameters of /co/authenticate."""

from mockidp.protocol.request_parameters.table import ParameterTable, parameter, parameters

CROSS_ORIGIN = ParameterTable(
    *parameters("supported", "", "client_id", "credential_type", "username"),
    parameter("password", "supported", "For the credential types of passwords."),
    parameter("otp", "supported", "For the passwordless credential type."),
    parameter("realm", "supported", "Not for the credential type `password`."),
)
"""The properties of the JSON body. Any other one is refused."""
