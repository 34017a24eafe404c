"""The words of the Python verbs, as types: what an editor offers and mypy checks.

The records say what is known (`User`, `Client`, `ResourceServer`, `Settings`, `Fault`, `When`);
these say the same of keyword arguments, where a list is as good as a tuple and a mapping as good
as a record. What Auth0 knows and the mock does not act on is left out. A test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Required, TypedDict

from mockidp.faults.fault import Alg, Refuse, Signature, Wrong
from mockidp.protocol.custom_claim import ClaimPlace

Texts = list[str] | tuple[str, ...]
Place = Literal[
    "authorize", "login", "consent", "resume", "token", "revoke", "userinfo", "discovery", "jwks",
    "logout", "impersonate", "impersonation_link", "unmatched", "*", "callback", "id_token",
    "access_token",
]  # fmt: skip
"""Where something can go wrong."""


class PermissionFields(TypedDict):
    """A scope of an API, granted to a user."""

    permission_name: str
    resource_server_identifier: str


class UserFields(TypedDict, total=False):
    """Auth0's `user`, without its `user_id`."""

    email: str | None
    email_verified: bool
    password: str | None
    username: str | None
    name: str | None
    nickname: str | None
    given_name: str | None
    family_name: str | None
    picture: str | None
    locale: str | None
    phone_number: str | None
    phone_verified: bool
    created_at: str
    updated_at: str
    blocked: bool
    connection: str
    roles: Texts
    permissions: list[PermissionFields] | tuple[PermissionFields, ...]
    identities: list[Mapping[str, Any]] | tuple[Mapping[str, Any], ...]
    app_metadata: Mapping[str, Any]
    user_metadata: Mapping[str, Any]


class JwtConfigurationFields(TypedDict, total=False):
    """How ID tokens for a client are made."""

    alg: Literal["RS256", "HS256", "PS256"]
    lifetime_in_seconds: int
    secret_encoded: bool


class _ResourcePolicyAudience(TypedDict):
    audience: str


class ResourcePolicyFields(_ResourcePolicyAudience, total=False):
    """An API that the client may exchange any of its refresh tokens for, with these scopes."""

    scope: Texts


class RefreshTokenPolicyFields(TypedDict, total=False):
    """How refresh tokens of a client live. All lifetimes are in seconds."""

    rotation_type: Literal["rotating", "non-rotating"]
    expiration_type: Literal["expiring", "non-expiring"]
    leeway: int
    token_lifetime: int
    idle_token_lifetime: int
    infinite_token_lifetime: bool
    infinite_idle_token_lifetime: bool
    policies: list[ResourcePolicyFields] | tuple[ResourcePolicyFields, ...]


class _DefaultOrganizationId(TypedDict):
    organization_id: str


class DefaultOrganizationFields(_DefaultOrganizationId, total=False):
    """The organization of requests that do not name one."""

    flows: Texts


class ClientFields(TypedDict, total=False):
    """Auth0's `client`, without its `client_id`; `global` is a keyword of Python: `is_global`."""

    name: str
    client_secret: str | None
    app_type: str
    is_global: bool
    is_first_party: bool
    oidc_conformant: bool | None
    token_endpoint_auth_method: Literal["none", "client_secret_post", "client_secret_basic"]
    grant_types: Texts
    callbacks: Texts
    allowed_logout_urls: Texts
    allowed_origins: Texts
    web_origins: Texts
    initiate_login_uri: str | None
    jwt_configuration: JwtConfigurationFields
    refresh_token: RefreshTokenPolicyFields
    organization_usage: Literal["deny", "allow", "require"]
    organization_require_behavior: Literal["no_prompt", "pre_login_prompt", "post_login_prompt"]
    default_organization: DefaultOrganizationFields | None
    require_pushed_authorization_requests: bool
    is_token_endpoint_ip_header_trusted: bool


class _ApiScopeValue(TypedDict):
    value: str


class ApiScopeFields(_ApiScopeValue, total=False):
    """A permission that an API defines."""

    description: str


class ClientAccessPolicyFields(TypedDict, total=False):
    """Who may get a token for the API with client_credentials."""

    policy: Literal["require_client_grant", "allow_all", "deny_all"]


class UserAccessPolicyFields(TypedDict, total=False):
    """Which clients may get a token for the API on a user's behalf."""

    policy: Literal["allow_all", "require_client_grant", "deny_all"]


class SubjectTypeAuthorizationFields(TypedDict, total=False):
    """The API's access policy for applications themselves and for users."""

    client: ClientAccessPolicyFields
    user: UserAccessPolicyFields


class ResourceServerFields(TypedDict, total=False):
    """Auth0's `resource-server`, without its `identifier`; a scope may be its value alone."""

    name: str
    id: str
    scopes: Sequence[str | ApiScopeFields]
    signing_alg: Literal["RS256", "HS256", "PS256"]
    signing_secret: str | None
    token_lifetime: int
    token_lifetime_for_web: int
    token_dialect: Literal[
        "access_token", "access_token_authz", "rfc9068_profile", "rfc9068_profile_authz"
    ]
    enforce_policies: bool
    allow_offline_access: bool
    skip_consent_for_verifiable_first_party_clients: bool
    subject_type_authorization: SubjectTypeAuthorizationFields


class WhenFields(TypedDict, total=False):
    """Which exchanges a fault is for; what is not named is not looked at."""

    client: str | None
    user: str | None
    audience: str | None
    grant: str | None


class SpoiledTokenWords(TypedDict, total=False):
    """What can be wrong with a token."""

    remove: str | Texts
    header: Mapping[str, Any]
    expired: bool
    not_yet_valid: bool
    wrong: Wrong | list[Wrong] | tuple[Wrong, ...]
    alg: Alg | None
    kid: str | None
    signature: Signature | None


class FaultWords(SpoiledTokenWords, total=False):
    """What can go wrong, and how often; `docs/reference/faults.md` says it word by word."""

    name: str
    times: int | None
    after: int
    probability: float
    delay: float
    status: int | None
    body: str | None
    headers: Mapping[str, str]
    rate_limit: bool
    malformed_json: bool
    content_type: str | None
    truncate: int | None
    drop: bool
    drip: float
    set: Mapping[str, Any]
    empty: bool
    stale: bool
    error: str | None
    description: str | None
    refuse: Refuse | None


class _FaultPlace(TypedDict):
    endpoint: Place


class FaultFields(_FaultPlace, FaultWords, total=False):
    """A fault as in the settings."""

    when: WhenFields


CustomClaimFields = TypedDict(
    "CustomClaimFields",
    {
        "claim": Required[str],
        "from": str | None,
        "value": Any,
        "in": ClaimPlace | list[ClaimPlace] | tuple[ClaimPlace, ...],
        "client": str | None,
        "audience": str | None,
        "user": str | None,
        "scope": str | None,
    },
    total=False,
)
"""A custom claim as in the settings; `from` and `in` are Python keywords."""


class ImpersonationSettingsFields(TypedDict, total=False):
    """The switches of the impersonation link."""

    enabled: bool
    require_state: bool
    single_use: bool
    honour_audience: bool
    sso_session: bool
    claims_in_id_token: bool
    ttl: int
    key_id: str | None
    key: str | None


class SettingsFields(TypedDict, total=False):
    """What a tenant file has below `mockidp:`."""

    issuer: str | None
    browser_url: str | None
    trust_proxy: bool
    hosts: Texts
    profile: Literal["auth0", "oidc"]
    consent_on_localhost: bool
    accept_any_client: bool
    accept_any_audience: bool
    accept_raw_basic_credentials: bool
    authorization_code_lifetime: int
    login_lifetime: int
    fragment_id_token_limit: int
    unknown_client_status: int
    blocked_user_error: Literal["unauthorized", "invalid_grant"]
    refresh_token_reuse_error: Literal["reused", "unknown"]
    impersonation: ImpersonationSettingsFields
    claims: list[CustomClaimFields] | tuple[CustomClaimFields, ...]
    faults: list[FaultFields] | tuple[FaultFields, ...]
