"""Sessions, codes, tokens and links that a tenant issues. All times are seconds since 1970."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from mockidp.frozen import frozen
from mockidp.protocol.login.login_results import (
    AS_USUAL,
    ClickAnswer,
    Enrollment,
    ProviderAnswer,
    SecondFactor,
)
from mockidp.protocol.oauth.authorization_details import Details
from mockidp.protocol.oauth.claims_request import NO_CLAIMS, ClaimsRequest
from mockidp.protocol.oauth.pkce import CodeChallenge


@frozen
class ImpersonatedBy:
    """The admin behind an impersonated session."""

    user_id: str
    email: str | None


@frozen
class ClientLogin:
    """A client that got ID tokens of a session, and their issuer."""

    client_id: str
    issuer: str


@frozen
class Session:
    """A browser's single sign-on session."""

    id: str
    sid: str
    user_id: str
    auth_time: float
    absolute_expires_at: float
    amr: tuple[str, ...] = ()
    """The authentication methods in addition to the password: `mfa`."""
    is_transferred: bool = False
    """Whether a session transfer token of a native app started it."""
    domain: str = ""
    """The custom domain at which it was started; empty at the tenant's own domain."""
    used_by: tuple[str, ...] = ()
    """The clients that the user logged in to with it, the last one at the end."""
    clients: tuple[ClientLogin, ...] = ()
    """The clients that get a logout token when it ends."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    """The metadata that the Management API has set."""


@frozen
class Relay:
    """A frame to which the main window relays a web message (Web Message Response Mode 4.2)."""

    web_message_uri: str
    web_message_target: str


@frozen
class AuthorizationRequest:
    """A checked authorization request (RFC 6749 4.1.1, OpenID Connect Core 3.1.2.1).

    That of a device (RFC 8628 3.1) has an empty `redirect_uri`.
    """

    client_id: str
    redirect_uri: str
    redirect_uri_sent: bool
    response_type: str
    response_mode: Literal["query", "fragment", "form_post", "web_message"]
    scope: tuple[str, ...]
    audience: str | None
    state: str | None
    nonce: str | None = None
    prompt: tuple[str, ...] = ()
    max_age: int | None = None
    login_hint: str | None = None
    acr_values: tuple[str, ...] = ()
    claims: ClaimsRequest = NO_CLAIMS
    authorization_details: Details = ()
    subject: str | None = None
    """The user whom the request is for, and nobody else."""
    connection: str | None = None
    connection_scope: str | None = None
    """The scopes to request from the connection's identity provider."""
    ui_locales: tuple[str, ...] = ()
    organization_id: str | None = None
    invitation: str | None = None
    """The ticket of an invitation to the organization."""
    challenge: CodeChallenge | None = None
    relay: Relay | None = None
    readable: Mapping[str, str] = field(default_factory=dict)
    """Its parameters as custom claims see them."""
    base_url: str = ""
    """The URL of the tenant at which it came in."""


@frozen
class PushedRequest:
    """The parameters of a pushed authorization request (RFC 9126 2)."""

    client_id: str
    parameters: Mapping[str, Any]
    is_signed: bool = False


@frozen
class LoginTransaction:
    """A login in progress: its authorization request, and what the login steps have added."""

    state: str
    request: AuthorizationRequest
    login_ticket: str | None = None
    """The ticket whose verifier /co/verify requests."""
    identifier: str | None = None
    """The user name from the first of two pages (identifier first)."""
    user_id: str | None = None
    session_id: str | None = None
    new_username: str | None = None
    """The username of a sign-up in progress."""
    organization_id: str | None = None
    has_consented: bool = False
    """Whether the user has allowed the authorization details of this request."""
    is_personal: bool = False
    """Whether the user chose to log in without an organization."""
    device_code: str | None = None
    """The device that gets the tokens; None if the client gets a response at its callback."""
    is_device_confirmed: bool = False
    """Whether the person confirmed that the device shows the same code."""
    browser: str | None = None
    """The browser, if it was remembered after a second factor."""
    second_factor: SecondFactor | None = None
    enrollment: Enrollment | None = None
    """The enrollment that the pages are for, instead of a login."""
    provider_answer: ProviderAnswer | None = None
    """The answer of the identity provider that the browser comes back from."""
    answer: ClickAnswer = AS_USUAL
    typed_password: bool = False
    """Whether the user has typed a password, so that the next page may offer a passkey."""


@frozen
class AuthorizationCode:
    """A code, and what it will be exchanged for (RFC 6749 4.1.2)."""

    client_id: str
    user_id: str
    redirect_uri: str
    redirect_uri_sent: bool
    scope: tuple[str, ...]
    requested_scope: tuple[str, ...]
    audience: str | None
    nonce: str | None = None
    challenge: CodeChallenge | None = None
    sid: str | None = None
    auth_time: float | None = None
    """Set only if the ID token must contain it."""
    organization_id: str | None = None
    amr: tuple[str, ...] = ()
    acr: str | None = None
    claims: ClaimsRequest = NO_CLAIMS
    authorization_details: Details = ()
    extra_claims: Mapping[str, Any] = field(default_factory=dict)
    impersonated_by: ImpersonatedBy | None = None
    request: Mapping[str, str] = field(default_factory=dict)
    """The parameters of the authorization request as custom claims see them."""
    base_url: str = ""
    """The URL of the tenant at which the authorization request came in."""


@frozen
class OpaqueToken:
    """An access token that only this tenant understands."""

    kind: Literal["userinfo", "api_v1"]
    client_id: str
    user_id: str | None = None
    scope: tuple[str, ...] = ()
    organization_id: str | None = None
    impersonated_by: ImpersonatedBy | None = None
    request: Mapping[str, str] = field(default_factory=dict)
    """The request's parameters, if a custom claim of /userinfo reads them."""
    issuer: str = ""
    """The issuer that the token would name if it were a JWT."""
    claims: tuple[str, ...] = ()
    """The names of the claims that were requested for /userinfo."""
    code: str | None = None
    """The code whose reuse revokes the token."""
    thumbprint: str = ""
    """The certificate to which it is bound; empty for none."""


@frozen
class RefreshTokenFamily:
    """A chain of rotating refresh tokens. Only the token with the latest counter is valid.

    Replaced atomically at each exchange, so that only one of two concurrent exchanges succeeds.
    """

    id: str
    client_id: str
    user_id: str
    scope: tuple[str, ...]
    audience: str | None
    gty: tuple[str, ...]
    sid: str | None
    impersonated_by: ImpersonatedBy | None
    latest_counter: int
    rotated_at: float
    absolute_expires_at: float
    organization_id: str | None = None
    amr: tuple[str, ...] = ()
    is_transferred: bool = False
    """Whether it was issued in a session that a session transfer token had started."""
    is_legacy: bool = False
    """Whether a legacy endpoint issued it, so that only /delegation accepts it."""
    base_url: str = ""
    """The URL of the tenant, at the domain at which the login began."""
    claims: ClaimsRequest = NO_CLAIMS
    extra_claims: Mapping[str, Any] = field(default_factory=dict)
    authorization_details: Details = ()
    code: str | None = None
    """The code whose reuse revokes the family."""
    created_at: float = 0
    metadata: Mapping[str, str] = field(default_factory=dict)
    """The metadata that the Management API has set."""


@frozen
class DeviceCredential:
    """A public key of a device that the Management API has stored."""

    id: str
    device_name: str
    device_id: str
    value: str
    user_id: str | None
    client_id: str | None


@frozen
class BlacklistedToken:
    """An access token that is refused from now on, although it has not expired.

    `aud` is None for the tokens of all audiences.
    """

    jti: str
    aud: str | None = None


@frozen
class RefreshToken:
    """One refresh token: its family, and its place in it."""

    family_id: str
    counter: int


@frozen
class Consent:
    """The scopes of an API that a user has allowed a client. The audience may be empty."""

    client_id: str
    user_id: str
    audience: str
    scope: tuple[str, ...]


@frozen
class ImpersonationLink:
    """A link that logs an admin in as a user. `url` includes the bewit."""

    id: str
    url: str
    origin: str
    bewit: str
    user_id: str
    impersonated_by: ImpersonatedBy
    client_id: str
    response_type: str
    scope: tuple[str, ...]
    state: str | None
    callback_url: str
    audience: str | None
    created_at: float
    expires_at: float
    response_mode: Literal["form_post"] | None = None
