"""The parameters of /dbconnections/change_password."""

from mockidp.protocol.request_parameters.table import ParameterTable, parameter, parameters

CHANGE_PASSWORD = ParameterTable(
    *parameters("supported", "", "client_id", "connection", "email"),
    parameter("username", "supported", "In place of `email`."),
    parameter("organization", "ignored", "Auth0 passes it to the template of the e-mail."),
    parameter("password", "hinted", "Auth0 sets the password on the page of the link."),
    *parameters("ignored", "Telemetry, or sent by older SDKs.", "auth0Client", "tenant"),
)
"""The parameters of /dbconnections/change_password, in a form or JSON."""
