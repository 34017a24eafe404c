"""The parameters with which a client authenticates.

Spec: RFC 6749 2.3.1; RFC 7523 2.2; RFC 8705 2.
"""

from mockidp.protocol.request_parameters.table import parameters

CLIENT_AUTHENTICATION = parameters(
    "supported", "", "client_id", "client_secret", "client_assertion", "client_assertion_type"
)
CLIENT_CERTIFICATE = parameters(
    "supported",
    "The proxy of a custom domain sends it with a client certificate.",
    "client-certificate",
    "client-certificate-ca-verified",
    "cname-api-key",
    is_header=True,
)
"""The headers with a certificate. One of a TLS handshake is read, too."""
