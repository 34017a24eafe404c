"""An application that logs users in: Auth0's `client` resource.

Spec: RFC 6749 2.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from mockidp.protocol.record import Record

AUTHORIZATION_CODE = "authorization_code"
CLIENT_CREDENTIALS = "client_credentials"
IMPLICIT = "implicit"
PASSWORD = "password"
PASSWORD_REALM = "http://auth0.com/oauth/grant-type/password-realm"
REFRESH_TOKEN = "refresh_token"

DEFAULT_GRANT_TYPES = (AUTHORIZATION_CODE, IMPLICIT, REFRESH_TOKEN, CLIENT_CREDENTIALS)
"""What Auth0 gives a new application that does not say."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JwtConfiguration(Record):
    """How ID tokens for a client are made."""

    alg: Literal["RS256", "HS256", "PS256"] = "RS256"
    lifetime_in_seconds: int = 36000

    NOT_ACTED_ON: ClassVar[frozenset[str]] = frozenset({"scopes", "secret_encoded"})


@dataclass(frozen=True, kw_only=True, slots=True)
class RefreshTokenPolicy(Record):
    """How refresh tokens of a client live. All lifetimes are in seconds."""

    rotation_type: Literal["rotating", "non-rotating"] = "non-rotating"
    expiration_type: Literal["expiring", "non-expiring"] = "non-expiring"
    leeway: int = 0
    token_lifetime: int = 2592000
    idle_token_lifetime: int = 1296000
    infinite_token_lifetime: bool = False
    infinite_idle_token_lifetime: bool = False

    NOT_ACTED_ON: ClassVar[frozenset[str]] = frozenset({"policies"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Client(Record):
    """One application. Field names are Auth0's; `is_global` stands in files as `global`."""

    client_id: str
    name: str = ""
    client_secret: str | None = None
    app_type: str = "regular_web"
    is_global: bool = field(default=False, metadata={"name": "global"})
    is_first_party: bool = True
    oidc_conformant: bool | None = None
    """Whether requests are handled by the OIDC-conformant pipeline; false is the legacy one."""
    token_endpoint_auth_method: Literal["none", "client_secret_post", "client_secret_basic"] = (
        "client_secret_post"
    )
    grant_types: tuple[str, ...] = DEFAULT_GRANT_TYPES
    callbacks: tuple[str, ...] = ()
    allowed_logout_urls: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    web_origins: tuple[str, ...] = ()
    jwt_configuration: JwtConfiguration = JwtConfiguration()
    refresh_token: RefreshTokenPolicy = RefreshTokenPolicy()

    NOT_ACTED_ON: ClassVar[frozenset[str]] = frozenset(
        {
            "addons", "allowed_clients", "anonymous_sessions",
            "async_approval_notification_channels", "b2b_integration_configuration",
            "client_aliases", "client_authentication_methods", "client_metadata",
            "compliance_level", "created_at", "cross_origin_auth", "cross_origin_authentication",
            "cross_origin_loc", "custom_login_page", "custom_login_page_on",
            "custom_login_page_preview", "default_organization", "description", "encryption_key",
            "enforce_anon_session_transfer_network_binding", "express_configuration",
            "external_client_id", "external_metadata_created_by", "external_metadata_status",
            "external_metadata_type", "fedcm_login", "form_template",
            "identity_assertion_authorization_grant", "initiate_login_uri",
            "is_token_endpoint_ip_header_trusted", "jwks_uri", "logo_uri", "mobile",
            "my_organization_configuration", "native_social_login", "oidc_backchannel_logout",
            "oidc_logout", "organization_discovery_methods",
            "organization_require_behavior", "organization_usage", "par_request_expiry",
            "redirection_policy", "require_proof_of_possession",
            "require_pushed_authorization_requests", "resource_server_identifier",
            "session_transfer", "signed_request_object", "signing_keys",
            "skip_non_verifiable_callback_uri_confirmation_prompt", "sso", "sso_disabled", "tenant",
            "third_party_security_mode", "token_exchange", "token_quota",
            "token_vault_privileged_access", "updated_at",
        }
    )  # fmt: skip

    @property
    def is_public(self) -> bool:
        """Whether the client has no secret to keep (RFC 6749 2.1)."""
        return self.token_endpoint_auth_method == "none"
