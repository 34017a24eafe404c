"""JSON types of Auth0's fields that records keep without reading them, such as logos and texts.

The types are those of Auth0's SDKs. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockidp.management.json_values import JsonType

Types = Mapping[str, JsonType]


def _types(**names: str) -> Types:
    return {name: json_type for json_type, text in names.items() for name in text.split()}  # type: ignore[misc]


TENANT = _types(
    array="acr_values_supported",
    boolean="client_id_metadata_document_supported customize_mfa_in_postlogin_action "
    "enable_ai_guide include_session_metadata_in_tenant_logs phone_consolidated_experience "
    "skip_non_verifiable_callback_uri_confirmation_prompt",
    number="ephemeral_session_lifetime idle_ephemeral_session_lifetime",
    object="change_password country_codes default_token_quota guardian_mfa_page mtls "
    "security_headers",
    string="default_audience default_directory legacy_sandbox_version picture_url "
    "resource_parameter_profile sandbox_version support_email support_url",
)
CLIENT = _types(
    array="async_approval_notification_channels client_aliases organization_discovery_methods",
    boolean="custom_login_page_on require_proof_of_possession "
    "skip_non_verifiable_callback_uri_confirmation_prompt sso sso_disabled",
    object="addons anonymous_sessions b2b_integration_configuration client_metadata encryption_key "
    "express_configuration fedcm_login mobile my_organization_configuration token_quota "
    "token_vault_privileged_access",
    string="compliance_level custom_login_page custom_login_page_preview description form_template "
    "logo_uri",
)
CONNECTION = _types(
    array="realms", object="connected_accounts cross_app_access_requesting_app metadata"
)
RESOURCE_SERVER = _types(
    boolean="allow_online_access allow_online_access_with_ephemeral_sessions",
    number="token_lifetime_for_anonymous_access_tokens",
    object="authorization_policy proof_of_possession token_encryption",
    string="consent_policy",
)
ORGANIZATION = _types(object="branding metadata token_quota")
ROLE = _types(string="owner_id type")
