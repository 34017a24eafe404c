"""The parameters of /oauth/revoke. Spec: RFC 7009 2.1."""

from mockidp.protocol.request_parameters.client_authentication import (
    CLIENT_AUTHENTICATION,
    CLIENT_CERTIFICATE,
)
from mockidp.protocol.request_parameters.table import ParameterTable, parameter

REVOKE = ParameterTable(
    *CLIENT_AUTHENTICATION,
    *CLIENT_CERTIFICATE,
    parameter("token", "supported", "A refresh token."),
    parameter("token_type_hint", "ignored", "Only refresh tokens can be revoked."),
)
"""The parameters of /oauth/revoke, in a form or JSON."""
