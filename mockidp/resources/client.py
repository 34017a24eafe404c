"""An application that logs users in: Auth0's `client` resource.

Spec: RFC 6749 2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from mockidp.protocol.base64url import decode_secret
from mockidp.protocol.grant_types import DEFAULT_GRANT_TYPES
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
)
from mockidp.resources.client_logout import BackchannelLogout, check_logout_url, mistakes_in_logout
from mockidp.resources.client_tokens import (
    ClientTokenExchange,
    JwtConfiguration,
    RefreshTokenPolicy,
    SessionTransfer,
)
from mockidp.resources.record import Record
from mockidp.resources.resource_type import Reference, ResourceType, Summary
from mockidp.resources.rules import Misfit
from mockidp.resources.unsupported import Differs, is_false, unlike


@dataclass(frozen=True, kw_only=True, slots=True)
class DefaultOrganization(Record):
    """The organization of requests that do not name one."""

    organization_id: str
    """The organization's id."""
    flows: tuple[str, ...] = ()
    """The grants for which it is the default, such as `client_credentials`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Client(Record):
    """One application. Field names are Auth0's; `is_global` is `global` in files."""

    client_id: str
    """Its id, which requests send."""
    name: str = ""
    """Its name, as pages show it. Grants and claims may refer to it by name."""
    client_secret: str | None = None
    """Its secret. A client without one cannot authenticate with a secret."""
    app_type: str = "regular_web"
    """The kind of application. It is shown, and no answer depends on it."""
    is_global: bool = field(default=False, metadata={"name": "global"})
    """Whether this is the global client, which requests impersonation links."""
    is_first_party: bool = True
    """Whether its users need not consent to the scopes it requests."""
    oidc_conformant: bool | None = None
    """Whether requests are handled by the OIDC-conformant pipeline; false is the legacy one."""
    token_endpoint_auth_method: Literal["none", "client_secret_post", "client_secret_basic"] = (
        "client_secret_post"
    )
    """`none` makes the client public: it sends no secret. The other two are the same here."""
    client_authentication_methods: ClientAuthenticationMethods | None = None
    """How the client authenticates in place of a secret: with private_key_jwt."""
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
    """Public keys that are used once `client_authentication_methods` has them, too."""
    signed_request_object: SignedRequestObject | None = None
    """Signed requests (JAR): the keys that verify them, and whether each must be signed."""
    is_token_endpoint_ip_header_trusted: bool = False
    """Whether the header `auth0-forwarded-for` of a confidential client is trusted."""
    token_exchange: ClientTokenExchange | None = None
    """The foreign tokens that the client may exchange for tokens of the tenant."""
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
            "resource_server_identifier", "signing_keys", "sso", "tenant", "updated_at",
            # Used only by endpoints and grants that mockidp refuses by name.
            "addons", "anonymous_sessions",
            "async_approval_notification_channels", "b2b_integration_configuration",
            "client_aliases", "encryption_key", "enforce_anon_session_transfer_network_binding",
            "express_configuration", "fedcm_login", "identity_assertion_authorization_grant",
            "my_organization_configuration", "native_social_login",
            "token_vault_privileged_access",
        }
    )  # fmt: skip
    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        "compliance_level": Differs(
            "Auth0 refuses requests that do not conform to this FAPI profile", unlike("none")
        ),
        "custom_login_page": Differs(
            "Auth0 shows this page instead of its own login page", switch="custom_login_page_on"
        ),
        "external_client_id": Differs("Auth0 accepts this URL as a `client_id`, too"),
        "is_first_party": Differs(
            "Auth0 offers third-party clients only connections with `is_domain_connection`",
            is_false,
        ),
        "organization_discovery_methods": Differs(
            "Auth0 asks for an e-mail address and finds its organization",
            unlike("organization_name"),
        ),
        "redirection_policy": Differs(
            "Auth0 shows errors of third-party clients on a page instead of redirecting",
            unlike("allow_always"),
        ),
        "require_proof_of_possession": Differs(
            "Auth0 refuses token requests without a DPoP proof or a client certificate"
        ),
        "skip_non_verifiable_callback_uri_confirmation_prompt": Differs(
            "Auth0 asks for confirmation before it redirects to a custom scheme or localhost",
            is_false,
        ),
        "sso_disabled": Differs("Auth0 shows the login page although the browser has a session"),
        "third_party_security_mode": Differs(
            "Auth0 applies its strict rules for third-party clients", unlike("permissive")
        ),
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
        methods = self.client_authentication_methods
        return methods.mutual_tls if methods else ""

    @property
    def is_public(self) -> bool:
        """Whether the client has no secret to keep (RFC 6749 2.1)."""
        return self.token_endpoint_auth_method == "none"


def _summary(client: Client) -> Summary:
    kind = "global" if client.is_global else client.app_type
    return {"client_id": client.client_id, "type": kind, "callbacks": client.callbacks}


def _check_authentication(client: Client) -> Iterator[Misfit]:
    if client.is_public and client.private_key_jwt is not None:
        yield Misfit(
            "token_endpoint_auth_method",
            found="none",
            expected="another method or none at all, because the client has private_key_jwt",
        )
    try:
        client.signing_secret  # noqa: B018 - reading it is what decodes it
    except ValueError:
        yield Misfit(
            "client_secret",
            found="a string that is not base64",
            expected="base64 or base64url, because jwt_configuration.secret_encoded is true",
        )


def _check_client(client: Client) -> Iterator[Misfit]:
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
    ),
    indexes={"global": lambda client: ("true",) if client.is_global else ()},
    secrets=("client_secret",),
    defaults=lambda client_id: {"name": client_id},
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
