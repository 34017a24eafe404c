"""The parameters of /oauth/revoke. Spec: RFC 7009 2.1."""

from mockidp.protocol.request_parameters.client_authentication import CLIENT_AUTHENTICATION
from mockidp.protocol.request_parameters.table import ParameterTable, parameter

REVOKE = ParameterTable(
    *CLIENT_AUTHENTICATION,
    parameter("token", "supported", "A refresh token."),
    parameter("token_type_hint", "ignored", "Only refresh tokens can be revoked."),
)
"""The parameters of /oauth/revoke, in a form or JSON."""
