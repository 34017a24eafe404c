"""An application that logs users in: Auth0's `client` resource (RFC 6749 2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import ClassVar, Literal

from mockidp.frozen import frozen
from mockidp.protocol.oauth.grant_types import DEFAULT_GRANT_TYPES
from mockidp.protocol.tokens.base64url import decode_secret
from mockidp.resources.checks import (
    MAX_LIFETIME,
    check_app_type,
    check_client_url,
    check_grant_type,
    check_not_empty,
    check_number,
    check_origin,
    check_time,
    check_web_url,
)
from mockidp.resources.client_credential import (
    ClientAuthenticationMethods,
    Credential,
    Credentials,
    PrivateKeyJwt,
    SignedRequestObject,
    check_pem,
    mistakes_in_credentials,
)
from mockidp.resources.client_logout import BackchannelLogout, check_logout_url, mistakes_in_logout
from mockidp.resources.client_tokens import (
    ClientTokenExchange,
    DefaultOrganization,
    IdentityAssertionGrant,
    JwtConfiguration,
    NativeSocialLogin,
    RefreshTokenPolicy,
    SessionTransfer,
)
from mockidp.resources.record import Record
from mockidp.resources.resource_type import Reference, ResourceType, Summary
from mockidp.resources.rules import Misfit
from mockidp.resources.unsupported import Differs, is_false, unlike


@frozen
class Client(Record):
    """One application. Field names are Auth0's; `is_global` is `global` in files."""

    client_id: str
    """Its id, which requests send."""
    name: str = ""
    """Its name, as pages show it. Grants and claims may refer to it by name."""
    client_secret: str | None = None
    """Its secret. A client without one cannot authenticate with a secret."""
    app_type: str | None = None
    """The kind of application. Only `resource_server` has an effect, on token exchanges."""
    is_global: bool = field(default=False, metadata={"name": "global"})
    """Whether this is the global client, which requests impersonation links."""
    is_first_party: bool = True
    """Whether its users are not asked to consent to the scopes it requests. A third-party client
    uses only connections with `is_domain_connection`."""
    third_party_security_mode: Literal["strict", "permissive"] | None = None
    """`strict` limits a third-party client to the code flow with PKCE, to its client grants, and to
    scopes of APIs. Not set: `permissive`."""
    redirection_policy: Literal["allow_always", "open_redirect_protection"] | None = None
    """Whether errors of a strict client's logins go to its callback, or to a page (the default)."""
    oidc_conformant: bool | None = None
    """Whether requests are handled by the OIDC-conformant pipeline; false is the legacy one."""
    token_endpoint_auth_method: (
        Literal["none", "client_secret_post", "client_secret_basic"] | None
    ) = None
    """`none` makes the client public: it sends no secret. Otherwise it sends one."""
    client_authentication_methods: ClientAuthenticationMethods | None = None
    """How the client authenticates in place of a secret: with private_key_jwt or mutual TLS."""
    grant_types: tuple[str, ...] = DEFAULT_GRANT_TYPES
    """The grants it may use. Only those in the list are accepted."""
    callbacks: tuple[str, ...] = ()
    """Where a login may redirect to. The whole URL is compared. `/_mockidp/try` is the test
    client's page, at any URL of the mock."""
    allowed_logout_urls: tuple[str, ...] = ()
    """Where a logout may redirect to."""
    oidc_logout: BackchannelLogout = BackchannelLogout()
    """Where to post logout tokens when a session ends."""
    oidc_backchannel_logout: BackchannelLogout = BackchannelLogout()
    """The older name of `oidc_logout`."""
    allowed_origins: tuple[str, ...] = ()
    """Web pages that may send cross-origin requests (CORS), in addition to `web_origins` and
    `callbacks`."""
    web_origins: tuple[str, ...] = ()
    """Web pages that may log in silently or in a popup, and send cross-origin requests."""
    cross_origin_authentication: bool = False
    """Whether a page of the app may log users in itself, at /co/authenticate (auth0-js, Lock)."""
    cross_origin_auth: bool | None = None
    """The older name of `cross_origin_authentication`."""
    cross_origin_loc: str | None = None
    """The URL of a page of the app that calls `crossOriginVerification()` of auth0-js, for browsers
    that block third-party cookies."""
    initiate_login_uri: str | None = None
    """The URL to which a browser with an expired login page is redirected."""
    jwt_configuration: JwtConfiguration = JwtConfiguration()
    """ID tokens: lifetime and signature."""
    refresh_token: RefreshTokenPolicy = RefreshTokenPolicy()
    """Refresh tokens: rotation and lifetimes."""
    organization_usage: Literal["deny", "allow", "require"] = "deny"
    """Whether users may, or have to, log in to an organization."""
    organization_require_behavior: Literal["no_prompt", "pre_login_prompt", "post_login_prompt"] = (
        "no_prompt"
    )
    """When users choose the organization of a request that names none: never, before the login, or
    after it."""
    default_organization: DefaultOrganization | None = None
    """The organization of client_credentials requests that name none, if the client grant requires
    one."""
    require_pushed_authorization_requests: bool = False
    """Whether every /authorize request must be pushed first."""
    par_request_expiry: int = 30
    """Seconds until a pushed request expires."""
    credentials: Credentials = ()
    """Public keys that take effect once `client_authentication_methods` contains them, too."""
    signed_request_object: SignedRequestObject | None = None
    """Signed requests (JAR): the keys that verify them, and whether each must be signed."""
    require_proof_of_possession: bool = False
    """Whether the client gets only access tokens that are bound to its TLS certificate."""
    is_token_endpoint_ip_header_trusted: bool = False
    """Whether the header `auth0-forwarded-for` of a confidential client is trusted."""
    resource_server_identifier: str | None = None
    """The API whose service this client is, if its `app_type` is `resource_server`."""
    token_exchange: ClientTokenExchange | None = None
    """The kinds of token exchange that the client may use."""
    identity_assertion_authorization_grant: IdentityAssertionGrant = IdentityAssertionGrant()
    """Cross App Access: assertions of an identity provider that the client may exchange."""
    native_social_login: NativeSocialLogin = NativeSocialLogin()
    """The SDKs of identity providers whose codes and tokens the client may exchange."""
    session_transfer: SessionTransfer = SessionTransfer()
    """Native to Web SSO: how a native app hands a login to a browser."""
    allowed_clients: tuple[str, ...] = ()
    """The clients that may request ID tokens for this client at /delegation. Not set: all."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset(
        {
            # Texts, looks, metadata, and fields for other services.
            "client_metadata", "created_at", "custom_login_page_on", "custom_login_page_preview",
            "description", "external_metadata_created_by", "external_metadata_status",
            "external_metadata_type", "form_template", "jwks_uri", "logo_uri", "mobile",
            "signing_keys", "sso", "tenant", "updated_at",
            # Used only by endpoints and grants that mockidp refuses by name.
            "addons", "anonymous_sessions",
            "async_approval_notification_channels", "b2b_integration_configuration",
            "client_aliases", "encryption_key", "enforce_anon_session_transfer_network_binding",
            "express_configuration", "fedcm_login", "my_organization_configuration",
            "token_vault_privileged_access",
        }
    )  # fmt: skip
    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        "compliance_level": Differs(
            "Auth0 refuses requests that do not conform to this FAPI profile", unlike("none")
        ),
        "custom_login_page": Differs(
            "Auth0 shows this login page, mockidp the classic one", switch="custom_login_page_on"
        ),
        "external_client_id": Differs("Auth0 accepts this URL as a `client_id`, too"),
        "organization_discovery_methods": Differs(
            "Auth0 asks for an e-mail address and finds its organization",
            unlike("organization_name"),
        ),
        "skip_non_verifiable_callback_uri_confirmation_prompt": Differs(
            "Auth0 asks for confirmation before it redirects to a custom scheme or localhost",
            is_false,
        ),
        "sso_disabled": Differs("Auth0 shows the login page although the browser has a session"),
        "token_quota": Differs(
            "Auth0 refuses client_credentials requests over the quota with 429 too_many_requests"
        ),
    }

    @property
    def allows_cross_origin(self) -> bool:
        """Whether pages of the app may log users in at /co/authenticate."""
        return self.cross_origin_authentication or bool(self.cross_origin_auth)

    @property
    def backchannel_logout(self) -> BackchannelLogout:
        """Where logout tokens are posted, and when. The newer name takes precedence."""
        is_set = bool(self.oidc_logout.backchannel_logout_urls)
        return self.oidc_logout if is_set else self.oidc_backchannel_logout

    @property
    def signing_secret(self) -> str | bytes | None:
        """The key with which HS256 ID tokens for the client are signed."""
        jwt = self.jwt_configuration
        if self.client_secret is not None and jwt.secret_encoded and jwt.alg == "HS256":
            return decode_secret(self.client_secret)
        return self.client_secret

    @property
    def private_key_jwt(self) -> PrivateKeyJwt | None:
        """The credentials with which the client signs assertions; None if it has a secret."""
        methods = self.client_authentication_methods
        return methods.private_key_jwt if methods else None

    @property
    def mutual_tls(self) -> str:
        """The authentication method that needs a TLS certificate; empty for none."""
        return held.mutual_tls if (held := self.client_authentication_methods) else ""

    @property
    def tls_credentials(self) -> Credentials:
        """The certificates, or subjects of them, with which the client authenticates."""
        methods = self.client_authentication_methods
        return methods.tls_credentials if methods else ()

    @property
    def is_strict(self) -> bool:
        """Whether Auth0's strict rules for third-party clients apply."""
        return self.third_party_security_mode == "strict"

    @property
    def is_public(self) -> bool:
        """Whether the client has no secret to keep (RFC 6749 2.1)."""
        return self.token_endpoint_auth_method == "none"


def _summary(one: Client) -> Summary:
    kind = "global" if one.is_global else one.app_type or "regular_web"
    return {"client_id": one.client_id, "type": kind, "callbacks": one.callbacks}


def _check_authentication(client: Client) -> Iterator[Misfit]:
    methods = client.client_authentication_methods
    yield from mistakes_in_credentials(client.credentials, methods, is_public=client.is_public)
    try:
        client.signing_secret  # noqa: B018 - reading it is what decodes it
    except ValueError:
        yield Misfit(
            "client_secret",
            found="a string that is not base64",
            expected="base64 or base64url, because jwt_configuration.secret_encoded is true",
        )


def _check_client(client: Client) -> Iterator[Misfit]:
    if client.is_strict and client.is_first_party:
        yield Misfit("third_party_security_mode", "strict", "it only with is_first_party: false")
    yield from _check_authentication(client)
    yield from mistakes_in_logout("oidc_logout", client.oidc_logout)
    yield from mistakes_in_logout("oidc_backchannel_logout", client.oidc_backchannel_logout)


CLIENT = ResourceType(
    name="client",
    title="client",
    plural="clients",
    record=Client,
    key="client_id",
    sections={"clients": "Applications."},
    names=("client_id", "name"),
    unique=("client_id",),
    repeatable=("name",),
    references=(
        Reference(
            path="refresh_token.policies.audience",
            to="apis",
            expected="an API's identifier",
            scopes="scope",
        ),
        Reference(path="allowed_clients", to="clients", expected="a client's id or name"),
        Reference(path="resource_server_identifier", to="apis", expected="an API's identifier"),
    ),
    indexes={
        "global": lambda client: ("true",) if client.is_global else (),
        "mtls": lambda client: ("true",) if client.mutual_tls else (),
    },
    secrets=("client_secret",),
    defaults=lambda client_id, _fields: {"name": client_id},
    summary=_summary,
    checks={
        (Client, "client_id"): check_not_empty,
        (Client, "app_type"): check_app_type,
        (Client, "grant_types"): check_grant_type,
        (Client, "callbacks"): check_client_url,
        (Client, "allowed_logout_urls"): check_client_url,
        (Client, "allowed_origins"): check_origin,
        (Client, "web_origins"): check_origin,
        (Client, "initiate_login_uri"): check_web_url,
        (Client, "par_request_expiry"): check_number(10, 600),
        (BackchannelLogout, "backchannel_logout_urls"): check_logout_url,
        (Credential, "pem"): check_pem,
        (Credential, "expires_at"): check_time,
        (JwtConfiguration, "lifetime_in_seconds"): check_number(0, MAX_LIFETIME),
        (RefreshTokenPolicy, "leeway"): check_number(0, MAX_LIFETIME),
        (RefreshTokenPolicy, "token_lifetime"): check_number(1, MAX_LIFETIME),
        (RefreshTokenPolicy, "idle_token_lifetime"): check_number(1, MAX_LIFETIME),
    },
    check_record=_check_client,
)
