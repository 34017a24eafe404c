"""The client metadata of /oidc/register. Spec: RFC 7591 2; OpenID Connect Registration 2."""

from mockidp.protocol.request_parameters.table import ParameterTable, parameter, parameters

REGISTER = ParameterTable(
    parameter("redirect_uris", "supported", "A list of URLs. Required."),
    parameter("client_name", "supported", ""),
    parameter("logo_uri", "supported", "Stored; no page shows it."),
    parameter("application_type", "supported", "`web`, which is the default, or `native`."),
    parameter(
        "token_endpoint_auth_method",
        "supported",
        "`client_secret_post`, which is the default, `client_secret_basic` or `none`.",
    ),
    parameter("grant_types", "supported", "Those that the client may not have are left out."),
    parameter("response_types", "supported", "Checked, not stored: `grant_types` decides."),
    *parameters(
        "hinted",
        "The client has no such field.",
        "client_uri", "contacts", "default_max_age", "id_token_signed_response_alg",
        "initiate_login_uri", "jwks", "jwks_uri", "policy_uri", "post_logout_redirect_uris",
        "request_uris", "require_auth_time", "scope", "sector_identifier_uri", "software_id",
        "software_statement", "software_version", "subject_type", "tos_uri",
    ),
)  # fmt: skip
"""The members of the JSON body of /oidc/register."""
