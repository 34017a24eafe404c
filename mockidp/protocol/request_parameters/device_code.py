"""The parameters of /oauth/device/code."""

from mockidp.protocol.request_parameters.shared import RESOURCE
from mockidp.protocol.request_parameters.table import ParameterTable, parameter, parameters

DEVICE_CODE = ParameterTable(
    *parameters("supported", "", "client_id", "scope", "audience"),
    *parameters(
        "not accepted",
        "Devices are public clients, which send no credentials.",
        "client_secret",
        "client_assertion",
        "client_assertion_type",
    ),
    parameter("organization", "hinted", "Auth0 does not support organizations in the device flow."),
    parameter("resource", "hinted", RESOURCE),
    *parameters("ignored", "Telemetry.", "auth0Client"),
)
"""The parameters of /oauth/device/code, in a form or JSON."""
