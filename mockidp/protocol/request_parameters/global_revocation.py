"""The parameters of Universal Logout. Spec: draft-parecki-oauth-global-token-revocation."""

from mockidp.protocol.request_parameters.table import ParameterTable, parameter

GLOBAL_REVOCATION = ParameterTable(
    parameter("sub_id", "supported", "The user, as an object with `format: iss_sub`."),
    parameter("subject", "supported", "The name of `sub_id` in earlier drafts."),
    parameter(
        "Authorization",
        "supported",
        "A JWT that the identity provider has signed, as bearer token.",
        is_header=True,
    ),
)
"""The parameters of /oauth/global-token-revocation, in JSON."""
