"""The scopes of the Management API, which every tenant has.

Auth0: a fresh tenant's system API has 273 scopes. Tokens of users have only those for the user's
own record. Source: docs/fidelity.md.
"""

from __future__ import annotations

_VERBS = {"c": "create", "r": "read", "u": "update", "d": "delete"}
_NOUNS = """
actions crud, anomaly_blocks rd, attack_protection ru, authentication_methods crud, branding rud,
client_credentials crud, client_grants crud, client_keys crud, clients crud,
connection_profiles crud, connections crud, connections_keys cru, connections_options ru,
custom_domains crud, custom_signing_keys crud, device_credentials crud,
directory_provisionings crud, email_provider crud, email_templates cru, encryption_keys crud,
entitlements r, event_deliveries ru, event_streams crud, events r,
federated_connections_tokens rd, flows crud, flows_executions rd, flows_vault r,
flows_vault_connections crud, forms crud, grants rd, group_members r, group_roles crd, groups crud,
guardian_enrollment_tickets c, guardian_enrollments rd, guardian_factors ru, hooks crud,
insights r, limits ru, log_streams crud, logs r, logs_users r, mfa_policies ru,
network_acl_keys crud, network_acls crud, organization_client_grants crd,
organization_clients crud, organization_connections crud, organization_discovery_domains crud,
organization_group_roles crd, organization_groups crd, organization_invitations crd,
organization_member_effective_roles r, organization_member_role_source_groups r,
organization_member_roles crd, organization_members crd, organizations crud,
organizations_summary r, passwords_checking_job cd, phone_providers crud, phone_templates crud,
portals crud, prompts ru, rate_limit_policies crud, refresh_tokens rud, resource_servers crud,
role_members crd, roles crud, rules crud, rules_configs rud, scim_config crud, scim_token crd,
security_metrics r, self_service_profile_custom_texts ru, self_service_profiles crud,
sessions rud, shields crud, signing_keys cru, sso_access_tickets cd, stats r, tenant_settings ru,
token_exchange_profiles crud, triggers ru, user_attribute_profiles crud, user_custom_blocks crd,
user_effective_permissions r, user_effective_roles r, user_idp_tokens r,
user_permission_source_roles r, user_role_source_groups r, user_tickets c, users crud,
users_app_metadata crud, vdcs_templates crud
"""
"""Each noun, with the first letters of its verbs."""

SCOPES: tuple[str, ...] = (
    *(
        f"{_VERBS[verb]}:{noun}"
        for noun, verbs in (one.split() for one in _NOUNS.split(","))
        for verb in verbs
    ),
    "blacklist:tokens",
)
"""The scopes of clients that call the API for themselves."""

CURRENT_USER_SCOPES: tuple[str, ...] = (
    "read:current_user",
    "update:current_user_identities",
    "create:current_user_metadata",
    "update:current_user_metadata",
    "delete:current_user_metadata",
    "create:current_user_device_credentials",
    "delete:current_user_device_credentials",
)
"""The scopes of tokens that a user's login gives (D)."""
