"""The settings of Auth0's tenant itself: the section `tenant` of a tenant file, and pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from mockidp.frozen import frozen
from mockidp.protocol.oauth.user_code import Charset
from mockidp.resources.record import Record
from mockidp.resources.unsupported import Differs, is_false, unlike

_METADATA_DOCUMENT = Differs("Auth0 accepts the URL of a client's metadata as `client_id`")


@frozen
class TenantFlags(Record):
    """The tenant's flags."""

    allow_api1_non_global_clients: bool = False
    """Whether clients other than the global one can get a Management API v1 token."""
    disable_clickjack_protection_headers: bool = False
    """Whether pages are sent without the headers that prevent framing."""
    disable_impersonation: bool = False
    """Whether impersonation links are refused."""
    remove_alg_from_jwks: bool = False
    """Whether the keys in the JWKS have no `alg`."""
    revoke_refresh_token_grant: bool | None = None
    """Whether revoking a refresh token also revokes all others of the client, user and API, and the
    consent. By default, only the consent is revoked as well; with false, neither."""
    enable_public_signup_user_exists_error: bool = False
    """Whether a sign-up with a used e-mail address is refused with `user_exists` and not with the
    uninformative `invalid_signup`."""
    require_pushed_authorization_requests: bool = False
    """Whether every /authorize request must be pushed first."""
    enable_custom_domain_in_emails: bool = False
    """Whether links in e-mails are at the custom domain. If not, they are at the tenant's own
    domain, also after requests to a custom domain."""
    enforce_client_authentication_on_passwordless_start: bool = True
    """Whether clients with a secret must send it to /passwordless/start."""
    enable_dynamic_client_registration: bool = False
    """Whether apps can register clients at /oidc/register, and discovery names it."""
    allow_legacy_ro_grant_types: bool = False
    """Whether the legacy endpoint /oauth/ro is enabled."""
    allow_legacy_delegation_grant_types: bool = False
    """Whether the legacy endpoint /delegation is enabled."""
    allow_legacy_tokeninfo_endpoint: bool = False
    """Whether the legacy endpoint /tokeninfo is enabled."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset(
        {
            # The dashboard, the Management API, logs, and texts on pages.
            "allow_changing_enable_sso", "custom_domains_provisioning",
            "dashboard_insights_view", "dashboard_log_streams_next", "disable_fields_map_fix",
            "disable_management_api_sms_obfuscation", "enable_apis_section",
            "enable_client_connections", "enable_idtoken_api2",
            "enable_legacy_logs_search_v2", "enable_pipeline2", "genai_trial",
            "mfa_show_factor_list_on_enrollment", "no_disclose_enterprise_connections",
            "universal_login", "use_scope_descriptions_for_consent",
            # Used only by endpoints, grants and identity providers that mockidp does not have.
            "cannot_change_enforce_client_authentication_on_passwordless_start",
            "enable_adfs_waad_email_verification",
            "improved_signup_bot_detection_in_classic", "local_resource_discovery",
            "trust_azure_adfs_email_verified_connection_property",
        }
    )  # fmt: skip
    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        "change_pwd_flow_v1": Differs(
            "Auth0 takes the new password at /dbconnections/change_password, and confirms it by "
            "e-mail"
        ),
        "enable_legacy_profile": Differs("Auth0 puts the whole user profile into ID tokens"),
        "enable_sso": Differs("Auth0 asks a user who has a session to confirm the login", is_false),
    }
    KEEPS_ANYTHING: ClassVar[bool] = True


@frozen
class OidcLogout(Record):
    """The options of OpenID Connect logout."""

    rp_logout_end_session_endpoint_discovery: bool = True
    """Whether discovery contains `end_session_endpoint`."""


@frozen
class ErrorPage(Record):
    """The page for errors that cannot be sent to a callback."""

    url: str | None = None
    """The URL to which errors are redirected if they cannot be sent to a callback."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset({"html", "show_log_link"})


@frozen
class CustomPage(Record):
    """A custom page, in the section that exports have for pages."""

    name: str
    """The name of the page. Only `login` and `error_page` have an effect."""
    enabled: bool = True
    """Whether it replaces Auth0's page."""
    url: str | None = None
    """The URL to which errors are redirected if they cannot be sent to a callback."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset({"html", "show_log_link"})


@frozen
class DeviceFlow(Record):
    """The codes that devices show to their users."""

    charset: Charset = "base20"
    """The characters: 20 letters, or digits."""
    mask: str = "****-****"
    """The format: each `*` is a character of the code; hyphens and spaces are separators."""


@frozen
class MutualTls(Record):
    """Mutual TLS (RFC 8705)."""

    enable_endpoint_aliases: bool = False
    """Whether discovery has `mtls_endpoint_aliases`: those of a custom domain are at the host
    `mtls.` and the domain."""


@frozen
class SessionCookie(Record):
    """The session cookie."""

    mode: Literal["persistent", "non-persistent"] = "persistent"
    """Whether the session cookie outlives the browser."""


@frozen
class SessionRules(Record):
    """The rules for sessions."""

    oidc_logout_prompt_enabled: bool = True
    """Whether `/oidc/logout` asks before it ends a session that no `id_token_hint` names."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset({"anonymous"})


@frozen
class TenantSettings(Record):
    """The file's `tenant` section. Session lifetimes are in hours, as Auth0 has them."""

    friendly_name: str = ""
    """The tenant's name on pages."""
    default_audience: str | None = None
    """The API of requests that send no `audience`."""
    default_directory: str | None = None
    """The database that the grant `password` uses."""
    allowed_logout_urls: tuple[str, ...] = ()
    """The URLs to which a logout may redirect if it names no client."""
    enabled_locales: tuple[str, ...] = ("en",)
    """The languages of the hosted pages. The first is the default."""
    session_lifetime: float = 168
    """Hours after the login until the session ends."""
    idle_session_lifetime: float = 72
    """Hours of inactivity until the session ends."""
    default_redirection_uri: str | None = None
    """The URL to which a browser with an expired login page is redirected."""
    oidc_logout: OidcLogout = OidcLogout()
    """OpenID Connect logout."""
    session_cookie: SessionCookie = SessionCookie()
    """The session cookie."""
    pushed_authorization_requests_supported: bool = False
    """Whether /oauth/par accepts authorization requests, and discovery names it."""
    authorization_response_iss_parameter_supported: bool = False
    """Whether redirects to callbacks contain `iss` (RFC 9207)."""
    mtls: MutualTls = MutualTls()
    """Mutual TLS."""
    device_flow: DeviceFlow = DeviceFlow()
    """The codes that devices show to their users."""
    dynamic_client_registration_security_mode: Literal["strict", "permissive"] = "strict"
    """The `third_party_security_mode` of clients that are registered at /oidc/register."""
    error_page: ErrorPage = ErrorPage()
    """The page for errors that cannot be sent to a callback."""
    sessions: SessionRules = SessionRules()
    """The rules for sessions."""
    flags: TenantFlags = TenantFlags()
    """The tenant's flags."""
    allow_organization_name_in_authentication_api: bool = False
    """Whether requests may name an organization by its name, and tokens have `org_name`."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset(
        {
            # Pages, texts, logs, and the runtime of Actions.
            "change_password", "country_codes", "customize_mfa_in_postlogin_action",
            "enable_ai_guide", "guardian_mfa_page",
            "include_session_metadata_in_tenant_logs", "legacy_sandbox_version",
            "phone_consolidated_experience", "picture_url", "sandbox_version",
            "sandbox_versions_available", "support_email", "support_url", "universal_login",
            # Used only by endpoints and sessions that mockidp does not have.
            "dpop_strict_refresh_token_binding",
            "ephemeral_session_lifetime", "idle_ephemeral_session_lifetime",
        }
    )  # fmt: skip
    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        "access_token": Differs("Auth0 maps claims of access tokens as this field says"),
        "acr_values_supported": Differs("Auth0 accepts these `acr_values` and lists them"),
        "client_id_metadata_document_dynamic_registration_supported": _METADATA_DOCUMENT,
        "client_id_metadata_document_supported": _METADATA_DOCUMENT,
        "default_token_quota": Differs(
            "Auth0 refuses client_credentials requests over the quota with 429 too_many_requests"
        ),
        "resource_parameter_profile": Differs(
            "Auth0 treats `resource` as an audience", unlike("audience")
        ),
        "security_headers": Differs("Auth0 sends these security headers with its pages"),
        "skip_non_verifiable_callback_uri_confirmation_prompt": Differs(
            "Auth0 asks for confirmation before it redirects to a custom scheme or localhost",
            is_false,
        ),
    }
