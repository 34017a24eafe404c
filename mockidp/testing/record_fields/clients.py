"""The fields of clients, as keyword arguments.

Written by scripts/generate_methods.py from the registry: change that, not this file.
"""

from __future__ import annotations

from typing import Literal, Required, TypedDict

from mockidp.testing.record_fields.base import Texts


class CredentialFields(TypedDict, total=False):
    """A public key or a certificate of the client."""

    id: str
    name: str
    credential_type: Literal["public_key", "cert_subject_dn", "x509_cert"]
    pem: str | None
    subject_dn: str | None
    alg: Literal["RS256", "RS384", "PS256"]
    kid: str | None
    expires_at: str | None


class PrivateKeyJwtFields(TypedDict, total=False):
    """Authentication by a signed JWT, with the key of any of these credentials."""

    credentials: list[CredentialFields] | tuple[CredentialFields, ...]


class TlsClientAuthFields(TypedDict, total=False):
    """Authentication by a TLS certificate, that of any of these credentials."""

    credentials: list[CredentialFields] | tuple[CredentialFields, ...]


class ClientAuthenticationMethodsFields(TypedDict, total=False):
    """How the client authenticates in place of a secret."""

    private_key_jwt: PrivateKeyJwtFields | None
    tls_client_auth: TlsClientAuthFields | None
    self_signed_tls_client_auth: TlsClientAuthFields | None


class LogoutInitiatorsFields(TypedDict, total=False):
    """What the client is notified of, in addition to `rp-logout` and `idp-logout`."""

    mode: Literal["custom", "all"]
    selected_initiators: (
        list[
            Literal[
                "rp-logout",
                "idp-logout",
                "password-changed",
                "session-expired",
                "session-revoked",
                "account-deleted",
                "email-identifier-changed",
                "mfa-phone-unenrolled",
                "account-deactivated",
            ]
        ]
        | tuple[
            Literal[
                "rp-logout",
                "idp-logout",
                "password-changed",
                "session-expired",
                "session-revoked",
                "account-deleted",
                "email-identifier-changed",
                "mfa-phone-unenrolled",
                "account-deactivated",
            ],
            ...,
        ]
    )


class BackchannelLogoutFields(TypedDict, total=False):
    """Back-channel logout: where the app is notified when a session ends, and of which events."""

    backchannel_logout_urls: Texts
    backchannel_logout_initiators: LogoutInitiatorsFields


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
    """The kinds of token exchange that the client may use."""

    allow_any_profile_of_type: (
        list[Literal["custom_authentication", "on_behalf_of_token_exchange"]]
        | tuple[Literal["custom_authentication", "on_behalf_of_token_exchange"], ...]
    )


class IdentityAssertionGrantFields(TypedDict, total=False):
    """Cross App Access: whether the client may exchange identity assertions (ID-JAG)."""

    active: bool


class NativeProviderLoginFields(TypedDict, total=False):
    """Whether users log in with the SDK of this identity provider."""

    enabled: bool


class NativeSocialLoginFields(TypedDict, total=False):
    """Native social login: the SDKs with which users log in to a native app."""

    apple: NativeProviderLoginFields
    facebook: NativeProviderLoginFields
    google: NativeProviderLoginFields


class SessionTransferFields(TypedDict, total=False):
    """Native to Web SSO, at the native client and at that of the web application."""

    can_create_session_transfer_token: bool
    allowed_authentication_methods: (
        list[Literal["cookie", "query"]] | tuple[Literal["cookie", "query"], ...]
    )
    enforce_device_binding: Literal["none", "ip", "asn"] | None
    allow_refresh_token: bool


class ClientFields(TypedDict, total=False):
    """One application. Field names are Auth0's; `is_global` is `global` in files."""

    name: str
    client_secret: str | None
    app_type: str | None
    is_global: bool
    is_first_party: bool
    third_party_security_mode: Literal["strict", "permissive"] | None
    redirection_policy: Literal["allow_always", "open_redirect_protection"] | None
    oidc_conformant: bool | None
    token_endpoint_auth_method: Literal["none", "client_secret_post", "client_secret_basic"] | None
    client_authentication_methods: ClientAuthenticationMethodsFields | None
    grant_types: Texts
    callbacks: Texts
    allowed_logout_urls: Texts
    oidc_logout: BackchannelLogoutFields
    oidc_backchannel_logout: BackchannelLogoutFields
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
    credentials: list[CredentialFields] | tuple[CredentialFields, ...]
    signed_request_object: SignedRequestObjectFields | None
    require_proof_of_possession: bool
    is_token_endpoint_ip_header_trusted: bool
    resource_server_identifier: str | None
    token_exchange: ClientTokenExchangeFields | None
    identity_assertion_authorization_grant: IdentityAssertionGrantFields
    native_social_login: NativeSocialLoginFields
    session_transfer: SessionTransferFields
    allowed_clients: Texts
