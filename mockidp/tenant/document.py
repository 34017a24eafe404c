"""A tenant as it is written down: the layout of Auth0 Deploy CLI's tenant.yaml, as records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from mockidp.protocol.client import Client
from mockidp.protocol.connection import Connection
from mockidp.protocol.record import Record
from mockidp.protocol.resource_server import ClientGrant, ResourceServer
from mockidp.protocol.role import Role
from mockidp.protocol.user import User
from mockidp.tenant.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class TenantFlags(Record):
    """The tenant's flags that the mock acts on."""

    allow_api1_non_global_clients: bool = False

    KEEPS_ANYTHING: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True, slots=True)
class TenantSettings(Record):
    """The file's `tenant` section. Session lifetimes are in hours, as Auth0 has them."""

    friendly_name: str = ""
    default_audience: str | None = None
    default_directory: str | None = None
    allowed_logout_urls: tuple[str, ...] = ()
    session_lifetime: float = 168
    idle_session_lifetime: float = 72
    picture_url: str | None = None
    support_email: str | None = None
    support_url: str | None = None
    flags: TenantFlags = TenantFlags()

    NOT_ACTED_ON: ClassVar[frozenset[str]] = frozenset(
        {
            "access_token", "acr_values_supported", "allow_organization_name_in_authentication_api",
            "authorization_response_iss_parameter_supported", "change_password",
            "client_id_metadata_document_dynamic_registration_supported",
            "client_id_metadata_document_supported", "country_codes",
            "customize_mfa_in_postlogin_action", "default_redirection_uri", "default_token_quota",
            "device_flow", "dpop_strict_refresh_token_binding",
            "dynamic_client_registration_security_mode", "enable_ai_guide", "enabled_locales",
            "ephemeral_session_lifetime", "error_page", "guardian_mfa_page",
            "idle_ephemeral_session_lifetime", "include_session_metadata_in_tenant_logs",
            "legacy_sandbox_version", "mtls", "oidc_logout", "phone_consolidated_experience",
            "pushed_authorization_requests_supported", "resource_parameter_profile",
            "sandbox_version", "sandbox_versions_available", "security_headers", "session_cookie",
            "sessions", "skip_non_verifiable_callback_uri_confirmation_prompt", "universal_login",
        }
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class TenantDocument:
    """All of a tenant file. The defaults are an empty tenant: nobody and nothing is known."""

    tenant: TenantSettings = TenantSettings()
    clients: tuple[Client, ...] = ()
    resource_servers: tuple[ResourceServer, ...] = field(
        default=(), metadata={"name": "resourceServers"}
    )
    client_grants: tuple[ClientGrant, ...] = field(default=(), metadata={"name": "clientGrants"})
    databases: tuple[Connection, ...] = ()
    connections: tuple[Connection, ...] = ()
    roles: tuple[Role, ...] = ()
    users: tuple[User, ...] = ()
    mockidp: Settings = field(default_factory=Settings)

    not_acted_on: tuple[str, ...] = field(default=(), metadata={"name": None})
    """The paths in the file that were understood, kept, and not acted on, such as `branding`."""
    made_up: tuple[str, ...] = field(default=(), metadata={"name": None})
    """The paths of what Auth0 keeps out of an export and the mock made: client ids and secrets."""

    NOT_ACTED_ON: ClassVar[frozenset[str]] = frozenset(
        {
            "actionModules", "actions", "attackProtection", "branding", "clientAuthCredentials",
            "connectionProfiles", "customDomains", "emailProvider", "emailTemplates",
            "eventStreams", "exclude", "flows", "flowVaultConnections", "forms",
            "guardianEmailFactorSettings", "guardianFactorProviders", "guardianFactors",
            "guardianFactorTemplates", "guardianPhoneFactorMessageTypes",
            "guardianPhoneFactorSelectedProvider", "guardianPhoneFactorSettings",
            "guardianPolicies", "guardianSettings", "hooks", "include", "logStreams", "migrations",
            "networkACLKeys", "networkACLs", "organizations", "pages", "phoneProviders",
            "phoneTemplates", "prompts", "rateLimitPolicies", "riskAssessment", "riskAssessments",
            "riskAssessmentsNewDevice", "rules", "rulesConfigs", "scimConfiguration",
            "selfServiceProfiles", "supplementalSignals", "themes", "tokenExchangeProfiles",
            "triggers", "userAttributeProfiles",
        }
    )  # fmt: skip
