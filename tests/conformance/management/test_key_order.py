"""The keys of successful answers are in Auth0's order.

A row has a call, and all keys that its answer may have, in the recorded order (docs/fidelity.md). A
key that mockidp does not send is left out of the comparison, and one that the row does not have is an
error. Keys in parentheses are not in the recordings.
"""

from dataclasses import replace

import pytest

from helpers.acme import DATABASE
from helpers.management import ManagementClient
from helpers.organizations import B2B
from mockidp.resources.connection import Connection
from mockidp.resources.connection_options import ConnectionOptions

ALICE = "/users/auth0%7Calice"
USER = (
    "user_id created_at email email_verified family_name given_name identities name nickname "
    "picture updated_at user_metadata username app_metadata last_password_reset last_ip "
    "last_login logins_count blocked"
)
API = (
    "id name identifier scopes signing_alg signing_secret allow_offline_access token_lifetime "
    "token_lifetime_for_web skip_consent_for_verifiable_first_party_clients enforce_policies "
    "token_dialect subject_type_authorization"
)
CONNECTION = (
    "id options strategy name is_domain_connection show_as_button display_name authentication "
    "connected_accounts metadata provisioning_ticket_url enabled_clients realms"
)
CLIENT = (
    "tenant global name client_id client_secret (app_type) is_first_party "
    "is_token_endpoint_ip_header_trusted oidc_conformant jwt_configuration signing_keys "
    "sso_disabled cross_origin_authentication grant_types custom_login_page_on "
    "(token_endpoint_auth_method) callbacks refresh_token"
)
SETTINGS = (
    "allowed_logout_urls change_password acr_values_supported default_audience default_directory "
    "default_redirection_uri default_token_quota enabled_locales error_page flags friendly_name "
    "guardian_mfa_page idle_session_lifetime ephemeral_session_lifetime "
    "idle_ephemeral_session_lifetime picture_url sandbox_version session_lifetime support_email "
    "support_url sessions oidc_logout allow_organization_name_in_authentication_api "
    "customize_mfa_in_postlogin_action pushed_authorization_requests_supported mtls "
    "universal_login resource_parameter_profile client_id_metadata_document_supported "
    "session_cookie (authorization_response_iss_parameter_supported) (device_flow) "
    "(dynamic_client_registration_security_mode) sandbox_versions_available"
)
GRANT = "id client_id audience scope subject_type organization_usage allow_any_organization"
ROWS = [
    (
        "POST",
        "/users",
        {
            "connection": DATABASE,
            "email": "new@acme.example",
            "username": "new",
            "password": "Passw0rd!",
            "user_metadata": {"a": 1},
            "app_metadata": {"b": 1},
        },
        USER,
    ),
    ("GET", ALICE, None, USER),
    ("PATCH", ALICE, {"blocked": True, "username": "ali"}, USER),
    ("GET", "/users?include_totals=true", None, "start limit length users total"),
    ("GET", f"{ALICE}/roles?include_totals=true", None, "roles start limit total"),
    ("GET", f"{ALICE}/permissions?include_totals=true", None, "permissions start limit total"),
    ("GET", f"{ALICE}/organizations?include_totals=true", None, "organizations start limit total"),
    ("GET", f"{ALICE}/logs?include_totals=true", None, "start limit length logs total"),
    (
        "GET",
        f"{ALICE}/authentication-methods?include_totals=true",
        None,
        "authenticators total start limit",
    ),
    (
        "POST",
        f"{ALICE}/authentication-methods",
        {"type": "email", "name": "a", "email": "a@b.co"},
        "type name created_at email id",
    ),
    ("GET", "/clients?include_totals=true", None, "total start limit clients"),
    ("POST", "/clients", {"name": "New"}, CLIENT),
    ("GET", "/client-grants?include_totals=true", None, "total start limit client_grants"),
    (
        "POST",
        "/client-grants",
        {"client_id": "web", "audience": "https://open.example/", "scope": []},
        GRANT,
    ),
    ("GET", "/resource-servers?include_totals=true", None, "total start limit resource_servers"),
    (
        "POST",
        "/resource-servers",
        {"identifier": "https://new.example/", "name": "New", "scopes": [{"value": "a"}]},
        API,
    ),
    ("GET", "/connections?include_totals=true", None, "total start limit connections"),
    ("POST", "/connections", {"name": "new", "strategy": "auth0"}, CONNECTION),
    ("GET", "/roles?include_totals=true", None, "roles start limit total"),
    ("POST", "/roles", {"name": "new", "description": "d"}, "id name description type"),
    ("GET", "/organizations?include_totals=true", None, "organizations start limit total"),
    (
        "POST",
        "/organizations",
        {"name": "new", "display_name": "New"},
        "id name display_name branding metadata enabled_connections third_party_client_access is_app_entitlement_active",
    ),
    ("GET", "/organizations/{red}/members?include_totals=true", None, "members start limit total"),
    (
        "GET",
        "/organizations/{red}/connections?include_totals=true",
        None,
        "connections start limit total",
    ),
    (
        "GET",
        "/organizations/{red}/enabled_connections?include_totals=true",
        None,
        "enabled_connections start limit total",
    ),
    (
        "GET",
        "/organizations/{red}/client-grants?include_totals=true",
        None,
        "client_grants start limit total",
    ),
    (
        "GET",
        "/organizations/{red}/invitations?include_totals=true",
        None,
        "invitations start limit",
    ),
    ("GET", "/tenants/settings", None, SETTINGS),
    ("PATCH", "/tenants/settings", {"friendly_name": "New"}, SETTINGS),
    ("POST", "/tickets/password-change", {"user_id": "auth0|alice"}, "ticket"),
    ("POST", "/jobs/verification-email", {"user_id": "auth0|alice"}, "type status created_at id"),
    ("GET", "/rules?include_totals=true", None, "total start limit rules"),
    (
        "POST",
        "/rules",
        {"name": "r", "script": "function a(){}"},
        "id enabled script name order stage",
    ),
    ("GET", "/logs?include_totals=true", None, "start limit length total logs"),
    (
        "GET",
        "/device-credentials?include_totals=true",
        None,
        "total start limit device_credentials",
    ),
    ("GET", "/grants?include_totals=true", None, "total start limit grants"),
    ("GET", "/forms?include_totals=true", None, "limit start total forms"),
    ("GET", "/flows?include_totals=true", None, "limit start total flows"),
    ("GET", "/network-acls?include_totals=true", None, "total start limit network_acls"),
    (
        "GET",
        "/self-service-profiles?include_totals=true",
        None,
        "self_service_profiles start limit total",
    ),
    ("GET", "/actions/actions", None, "actions total per_page"),
    (
        "POST",
        "/actions/actions",
        {"name": "a", "supported_triggers": [{"id": "post-login", "version": "v3"}], "code": "x"},
        "id name supported_triggers created_at updated_at code dependencies runtime status secrets all_changes_deployed",
    ),
    (
        "GET",
        "/prompts",
        None,
        "universal_login_experience identifier_first webauthn_platform_first_factor",
    ),
    (
        "GET",
        "/attack-protection/brute-force-protection",
        None,
        "enabled shields mode allowlist max_attempts",
    ),
    (
        "POST",
        "/email-templates",
        {
            "template": "verify_email",
            "body": "b",
            "from": "a@b.co",
            "subject": "s",
            "syntax": "liquid",
            "enabled": True,
        },
        "template body from resultUrl subject syntax urlLifetimeInSeconds includeEmailInRedirect enabled",
    ),
    (
        "POST",
        "/custom-domains",
        {"domain": "login.acme.example", "type": "auth0_managed_certs"},
        "custom_domain_id domain primary is_default status type verification tls_policy domain_metadata created_at",
    ),
    (
        "POST",
        "/log-streams",
        {
            "name": "l",
            "type": "http",
            "sink": {
                "httpEndpoint": "https://a.example",
                "httpContentType": "application/json",
                "httpContentFormat": "JSONLINES",
                "httpAuthorization": "x",
            },
        },
        "id name type status sink filters isPriority pii_config",
    ),
    (
        "POST",
        "/forms",
        {"name": "f", "languages": {"primary": "en"}},
        "id name languages nodes start ending created_at updated_at",
    ),
]


@pytest.fixture
def idp():
    options = ConnectionOptions(requires_username=True)
    databases = (Connection(name=DATABASE, options=options), *B2B.databases[1:])
    return ManagementClient(document=replace(B2B, databases=databases))


@pytest.mark.parametrize(
    ("method", "path", "body", "keys"), ROWS, ids=[f"{one[0]} {one[1]}" for one in ROWS]
)
def test_the_keys_of_an_answer_are_in_auth0s_order(idp, method, path, body, keys):
    red = idp.tenant.directory.organizations["red"].id
    answer = idp.call(method, path.format(red=red), body)
    assert answer.status_code in (200, 201), answer.text
    known = [one.strip("()") for one in keys.split()]
    assert answer.json
    assert list(answer.json) == [one for one in known if one in answer.json]
