"""The parameters with which a client authenticates. Spec: RFC 6749 2.3.1; RFC 7523 2.2."""

from mockidp.protocol.request_parameters.table import parameters

CLIENT_AUTHENTICATION = parameters(
    "supported", "", "client_id", "client_secret", "client_assertion", "client_assertion_type"
)
