"""The fields of the records of all types, as keyword arguments.

Written by scripts/generate_methods.py from the registry: change that, not this file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Required, TypedDict

Texts = list[str] | tuple[str, ...]


class CredentialFields(TypedDict, total=False):
    """A public key of the client."""

    id: str
    name: str
    credential_type: Literal["public_key"]
    pem: str | None
    alg: Literal["RS256", "RS384", "PS256"]
    kid: str | None
    expires_at: str | None


class PrivateKeyJwtFields(TypedDict, total=False):
    """Authentication by a signed JWT, with the key of any of these credentials."""

    credentials: list[CredentialFields] | tuple[CredentialFields, ...]


class ClientAuthenticationMethodsFields(TypedDict, total=False):
    """How the client authenticates in place of a secret."""

    private_key_jwt: PrivateKeyJwtFields | None
    tls_client_auth: Mapping[str, Any] | None
    self_signed_tls_client_auth: Mapping[str, Any] | None


class JwtConfigurationFields(TypedDict, total=False):
    """The signature and lifetime of a client's ID tokens."""

    alg: Literal["RS256", "HS256", "PS256"]
    lifetime_in_seconds: int
    secret_encoded: bool


class ResourcePolicyFields(TypedDict, total=False):
    """An API that the client may exchange any of its refresh tokens for, with these scopes."""

    audience: Required[str]
    scope: Texts


class RefreshTokenPolicyFields(TypedDict, total=False):
    """The rotation and lifetimes of a client's refresh tokens, in seconds."""

    rotation_type: Literal["rotating", "non-rotating"]
    expiration_type: Literal["expiring", "non-expiring"]
    leeway: int
    token_lifetime: int
    idle_token_lifetime: int
    infinite_token_lifetime: bool
    infinite_idle_token_lifetime: bool
    policies: list[ResourcePolicyFields] | tuple[ResourcePolicyFields, ...]


class DefaultOrganizationFields(TypedDict, total=False):
    """The organization of requests that do not name one."""

    organization_id: Required[str]
    flows: Texts


class SignedRequestObjectFields(TypedDict, total=False):
    """Authorization requests in a signed JWT (RFC 9101)."""

    required: bool
    credentials: list[CredentialFields] | tuple[CredentialFields, ...]


class ClientTokenExchangeFields(TypedDict, total=False):
    """Which tokens of others the client may exchange."""

    allow_any_profile_of_type: (
        list[Literal["custom_authentication", "on_behalf_of_token_exchange"]]
        | tuple[Literal["custom_authentication", "on_behalf_of_token_exchange"], ...]
    )


class ClientFields(TypedDict, total=False):
    """One application. Field names are Auth0's; `is_global` is `global` in files."""

    name: str
    client_secret: str | None
    app_type: str
    is_global: bool
    is_first_party: bool
    oidc_conformant: bool | None
    token_endpoint_auth_method: Literal["none", "client_secret_post", "client_secret_basic"]
    client_authentication_methods: ClientAuthenticationMethodsFields | None
    grant_types: Texts
    callbacks: Texts
    allowed_logout_urls: Texts
    allowed_origins: Texts
    web_origins: Texts
    cross_origin_authentication: bool
    cross_origin_auth: bool | None
    cross_origin_loc: str | None
    initiate_login_uri: str | None
    jwt_configuration: JwtConfigurationFields
    refresh_token: RefreshTokenPolicyFields
    organization_usage: Literal["deny", "allow", "require"]
    organization_require_behavior: Literal["no_prompt", "pre_login_prompt", "post_login_prompt"]
    default_organization: DefaultOrganizationFields | None
    require_pushed_authorization_requests: bool
    par_request_expiry: int
    signed_request_object: SignedRequestObjectFields | None
    is_token_endpoint_ip_header_trusted: bool
    token_exchange: ClientTokenExchangeFields | None


class ApiScopeFields(TypedDict, total=False):
    """A permission that an API defines."""

    value: Required[str]
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
    """One API. `identifier` is the audience; lifetimes are in seconds."""

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


class ClientGrantFields(TypedDict, total=False):
    """Permission for a client, or for all third-party clients, to get tokens for an API."""

    audience: str
    client_id: str
    default_for: Literal["third_party_clients"] | None
    scope: Texts
    subject_type: Literal["client", "user", "anonymous_user"]
    allow_all_scopes: bool
    organization_usage: Literal["deny", "allow", "require"]
    allow_any_organization: bool


class PasswordComplexityOptionsFields(TypedDict, total=False):
    """The length of new passwords."""

    min_length: int | None


class PasswordHistoryOptionsFields(TypedDict, total=False):
    """Previous passwords."""

    enable: bool
    size: int


class PasswordNoPersonalInfoFields(TypedDict, total=False):
    """Passwords with a user's name."""

    enable: bool


class PasswordDictionaryFields(TypedDict, total=False):
    """Common passwords."""

    enable: bool
    dictionary: Texts


class UsernameLengthFields(TypedDict, total=False):
    """The length of usernames."""

    min: int
    max: int


class ConnectionValidationFields(TypedDict, total=False):
    """The form of what users sign up with."""

    username: UsernameLengthFields | None


class OneTimePasswordFields(TypedDict, total=False):
    """The codes of a passwordless connection."""

    length: int
    time_step: int


class ConnectionOptionsFields(TypedDict, total=False):
    """The options of a connection. Those of identity providers are kept and not listed here."""

    requires_username: bool
    brute_force_protection: bool
    disable_signup: bool
    disable_self_service_change_password: bool
    passwordPolicy: Literal["none", "low", "fair", "good", "excellent"] | None
    password_complexity_options: PasswordComplexityOptionsFields | None
    password_history: PasswordHistoryOptionsFields | None
    password_no_personal_info: PasswordNoPersonalInfoFields | None
    password_dictionary: PasswordDictionaryFields | None
    validation: ConnectionValidationFields | None
    totp: OneTimePasswordFields
    authParams: Mapping[str, Any]


class ConnectionPurposeFields(TypedDict, total=False):
    """Whether a connection is used for logins."""

    active: bool


class ConnectionFields(TypedDict, total=False):
    """One connection."""

    id: str
    strategy: str
    enabled_clients: Texts | None
    options: ConnectionOptionsFields
    authentication: ConnectionPurposeFields


class PermissionFields(TypedDict, total=False):
    """A scope of an API, granted to a role or a user."""

    permission_name: Required[str]
    resource_server_identifier: Required[str]


class RoleFields(TypedDict, total=False):
    """A named set of permissions."""

    id: str
    description: str
    permissions: list[PermissionFields] | tuple[PermissionFields, ...]


class TotpFactorFields(TypedDict, total=False):
    """An authenticator app."""

    secret: Required[str]


class PhoneFactorFields(TypedDict, total=False):
    """A phone that receives codes."""

    value: Required[str]


class EmailFactorFields(TypedDict, total=False):
    """An e-mail address that receives codes."""

    value: Required[str]


class MfaFactorFields(TypedDict, total=False):
    """A second factor: one of the three."""

    totp: TotpFactorFields | None
    phone: PhoneFactorFields | None
    email: EmailFactorFields | None


class UserFields(TypedDict, total=False):
    """One user. `user_id` is the full one, such as `auth0|alice`; `roles` are role names."""

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
    mfa_factors: list[MfaFactorFields] | tuple[MfaFactorFields, ...]
    app_metadata: Mapping[str, Any]
    user_metadata: Mapping[str, Any]


class OrganizationConnectionFields(TypedDict, total=False):
    """A connection with which the organization's users log in."""

    name: Required[str]
    is_enabled: bool
    assign_membership_on_login: bool
    show_as_button: bool
    is_signup_enabled: bool


class OrganizationMemberFields(TypedDict, total=False):
    """A user who belongs to the organization."""

    user_id: Required[str]
    roles: Texts


class OrganizationClientGrantFields(TypedDict, total=False):
    """A client whose client grants get tokens for the organization."""

    client_id: Required[str]


class OrganizationClientFields(TypedDict, total=False):
    """A client that the organization lists, for `is_app_entitlement_active`."""

    client_id: Required[str]
    use_for_member_access: bool


class OrganizationFields(TypedDict, total=False):
    """An organization with its members and the connections that are enabled for it."""

    id: str
    display_name: str
    branding: Mapping[str, Any]
    metadata: Mapping[str, Any]
    connections: list[OrganizationConnectionFields] | tuple[OrganizationConnectionFields, ...]
    members: list[OrganizationMemberFields] | tuple[OrganizationMemberFields, ...]
    client_grants: list[OrganizationClientGrantFields] | tuple[OrganizationClientGrantFields, ...]
    third_party_client_access: Literal["deny", "allow"]
    is_app_entitlement_active: bool
    clients: list[OrganizationClientFields] | tuple[OrganizationClientFields, ...]


class TokenExchangeProfileFields(TypedDict, total=False):
    """A type of subject tokens, and the Action that decides about them."""

    subject_token_type: str
    action: str
    action_id: str
    id: str
    type: Literal["custom_authentication"]
