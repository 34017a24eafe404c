"""The parameters of /authorize. Auth0: its Authentication API, and what its SDKs send."""

from mockidp.protocol.request_parameters.shared import RESOURCE
from mockidp.protocol.request_parameters.table import ParameterTable, parameter, parameters

AUTHORIZE = ParameterTable(
    *parameters(
        "supported",
        "",
        "client_id",
        "response_type",
        "response_mode",
        "redirect_uri",
        "scope",
        "audience",
        "state",
        "nonce",
        "max_age",
        "login_hint",
        "connection",
        "code_challenge",
        "code_challenge_method",
    ),
    parameter(
        "prompt", "supported", "The value `consent` has an effect only if consent is needed."
    ),
    parameter(
        "organization",
        "supported",
        "An id; also a name, if the tenant has allow_organization_name_in_authentication_api.",
    ),
    parameter("invitation", "supported", "The ticket of an invitation, with `organization`."),
    parameter(
        "organization_name",
        "ignored",
        "Invitation links have it for the application, which need not send it.",
    ),
    parameter("request", "supported", "A signed JWT with the parameters (JAR)."),
    parameter("request_uri", "supported", "Refers to the parameters that were pushed (PAR)."),
    parameter("dpop_jkt", "refused", "Auth0 binds the code to this key (DPoP)."),
    parameter(
        "authorization_details",
        "supported",
        "Of types that the API has in `authorization_details`. A hint advises pushing it.",
    ),
    parameter("login_ticket", "supported", "Logs in the user that /co/authenticate verified."),
    parameter(
        "access_token",
        "not accepted",
        "It linked accounts until 2017, when Auth0 removed that. The Management API links them.",
    ),
    parameter(
        "session_transfer_token",
        "supported",
        "Logs in the user of a native application (Native to Web SSO).",
    ),
    parameter("resource", "hinted", RESOURCE),
    parameter(
        "screen_hint",
        "supported",
        "The page on which the login begins.",
        values=("login", "signup", "reset-password"),
    ),
    parameter(
        "ui_locales",
        "supported",
        "Pages are in the first of these languages, if `tenant.enabled_locales` contains it.",
    ),
    parameter(
        "acr_values",
        "supported",
        "The value http://schemas.openid.net/pape/policies/2007/06/multi-factor requests a second "
        "factor. Other values have no effect, and a hint says so.",
    ),
    parameter(
        "id_token_hint",
        "hinted",
        "Auth0 does not document it. Its user is compared with the session's only with the setting "
        "`profile: oidc`.",
    ),
    parameter(
        "connection_scope",
        "supported",
        "Scopes for the connection's identity provider. The page in place of it shows them.",
    ),
    parameter(
        "ext-*",
        "supported",
        "`mockidp.claims` can read it. Auth0 passes it to Actions and page templates.",
    ),
    *parameters("supported", "", "web_message_uri", "web_message_target"),
    parameter(
        "claims",
        "ignored",
        "Auth0 has no such parameter. With the setting `profile: oidc` it requests claims one by "
        "one.",
    ),
    parameter("claims_locales", "ignored", "Claims have one language."),
    parameter("display", "ignored", "Auth0's pages do not depend on it."),
    *parameters(
        "ignored",
        "Telemetry, or sent by older Auth0 SDKs.",
        "auth0Client",
        "_csrf",
        "_intstate",
        "device",
        "protocol",
        "sso",
        "owp",
        "realm",
    ),
    *parameters("ignored", "For the identity provider only.", "access_type", "approval_prompt"),
)
"""The parameters of /authorize, in the query or a form."""
