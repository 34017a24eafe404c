"""The parameters of /v2/logout and /oidc/logout.

Spec: OpenID Connect RP-Initiated Logout 1.0 2.
"""

from mockidp.protocol.request_parameters.table import ParameterTable, parameter, parameters

FEDERATED = parameter(
    "federated",
    "hinted",
    "Auth0 also logs the user out of the identity provider of the connection, but mockidp has no "
    "identity providers.",
)

V2_LOGOUT = ParameterTable(
    *parameters("supported", "", "client_id", "returnTo"),
    FEDERATED,
    parameter("auth0Client", "ignored", "Telemetry."),
)
"""The parameters of /v2/logout, in the query."""

OIDC_LOGOUT = ParameterTable(
    *parameters(
        "supported",
        "",
        "client_id",
        "id_token_hint",
        "logout_hint",
        "post_logout_redirect_uri",
        "state",
        "ui_locales",
    ),
    parameter("action", "supported", "The confirmation page posts it: `accept` or `deny`."),
    FEDERATED,
    parameter("auth0Client", "ignored", "Telemetry."),
)
"""The parameters of /oidc/logout, in the query or a form."""
