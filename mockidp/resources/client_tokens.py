"""The tokens of a client: signature, lifetimes and rotation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from mockidp.frozen import frozen
from mockidp.resources.record import Record
from mockidp.resources.unsupported import Differs


@frozen
class JwtConfiguration(Record):
    """The signature and lifetime of a client's ID tokens."""

    alg: Literal["RS256", "HS256", "PS256"] = "RS256"
    """How ID tokens are signed; HS256 uses the client secret."""
    lifetime_in_seconds: int = 36000
    """Seconds until an ID token expires."""
    secret_encoded: bool = False
    """Whether the client secret is base64. If so, the key of HS256 is the decoded secret."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset({"scopes"})


@frozen
class DefaultOrganization(Record):
    """The organization of requests that do not name one."""

    organization_id: str
    """The organization's id."""
    flows: tuple[str, ...] = ()
    """The grants for which it is the default, such as `client_credentials`."""


@frozen
class ClientTokenExchange(Record):
    """The kinds of token exchange that the client may use."""

    allow_any_profile_of_type: tuple[
        Literal["custom_authentication", "on_behalf_of_token_exchange"], ...
    ] = ()
    """`custom_authentication` allows every token exchange profile, and
    `on_behalf_of_token_exchange` the exchange of access tokens for the client's own API."""


@frozen
class NativeProviderLogin(Record):
    """Whether users log in with the SDK of this identity provider."""

    enabled: bool = False
    """Whether the client may exchange what this SDK returns."""


@frozen
class NativeSocialLogin(Record):
    """Native social login: the SDKs with which users log in to a native app."""

    apple: NativeProviderLogin = NativeProviderLogin()
    """Sign in with Apple."""
    facebook: NativeProviderLogin = NativeProviderLogin()
    """Facebook Login."""
    google: NativeProviderLogin = NativeProviderLogin()
    """Sign in with Google."""


@frozen
class IdentityAssertionGrant(Record):
    """Cross App Access: whether the client may exchange identity assertions (ID-JAG)."""

    active: bool = False
    """Whether the client may exchange them. The grant type `jwt-bearer` needs no entry in
    `grant_types`."""


@frozen
class SessionTransfer(Record):
    """Native to Web SSO, at the native client and at that of the web application."""

    can_create_session_transfer_token: bool = False
    """Whether the client may exchange its refresh tokens for session transfer tokens."""
    allowed_authentication_methods: tuple[Literal["cookie", "query"], ...] = ()
    """How session transfer tokens may be sent to /authorize for the client."""
    enforce_device_binding: Literal["none", "ip", "asn"] | None = "ip"
    """`ip` accepts only tokens that were issued to the browser's address. `asn` has no effect."""
    allow_refresh_token: bool = False
    """Whether the client gets refresh tokens in a session that was started in this way."""

    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        "enforce_cascade_revocation": Differs(
            "Auth0 ends the sessions that a refresh token has started when it is revoked"
        ),
        "enforce_online_refresh_tokens": Differs(
            "Auth0 revokes the refresh tokens of a transferred session when it ends"
        ),
    }


@frozen
class ResourcePolicy(Record):
    """An API that the client may exchange any of its refresh tokens for, with these scopes."""

    audience: str
    """Identifier of the API."""
    scope: tuple[str, ...] = ()
    """The scopes that the exchanged token gets."""


@frozen
class RefreshTokenPolicy(Record):
    """The rotation and lifetimes of a client's refresh tokens, in seconds."""

    rotation_type: Literal["rotating", "non-rotating"] = "non-rotating"
    """Whether each use replaces the refresh token."""
    expiration_type: Literal["expiring", "non-expiring"] = "non-expiring"
    """Whether the two lifetimes apply."""
    leeway: int = 0
    """Seconds in which a refresh token that was replaced still works."""
    token_lifetime: int = 2592000
    """Seconds after the login until the refresh token expires."""
    idle_token_lifetime: int = 1296000
    """Seconds without a use until the refresh token expires."""
    infinite_token_lifetime: bool = False
    """Whether `token_lifetime` does not apply."""
    infinite_idle_token_lifetime: bool = False
    """Whether `idle_token_lifetime` does not apply."""
    policies: tuple[ResourcePolicy, ...] = ()
    """Other APIs that a refresh token of this client can be exchanged for."""
