"""The parameters of /userinfo. Spec: RFC 6750 2."""

from mockidp.protocol.request_parameters.client_authentication import CLIENT_CERTIFICATE
from mockidp.protocol.request_parameters.table import ParameterTable, parameter

USERINFO = ParameterTable(
    *CLIENT_CERTIFICATE,
    parameter("Authorization", "supported", "The access token, as bearer token.", is_header=True),
    parameter("access_token", "supported", "The access token, in the query or a form."),
)
"""The parameters of /userinfo, in the query or a form."""
