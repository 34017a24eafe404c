"""The parameters of /.well-known/webfinger. Spec: OpenID Connect Discovery 1.0 2."""

from mockidp.protocol.request_parameters.table import ParameterTable, parameter, parameters

WEBFINGER = ParameterTable(
    parameter("resource", "supported", "The account, such as acct:alice@acme.example."),
    *parameters("ignored", "The only link is that of the issuer.", "rel"),
)
"""The parameters of /.well-known/webfinger."""
