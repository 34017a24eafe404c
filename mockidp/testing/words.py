"""The keyword arguments for faults and settings as types, for editors and mypy.

A list may be given for a tuple, and a mapping for a record. A test compares these types with the
records. The types for resources are in `record_fields`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Required, TypedDict

from mockidp.faults.context import ManagementResource, Method
from mockidp.faults.fault import Alg, Refuse, Signature, Wrong
from mockidp.protocol.tokens.custom_claim import ClaimPlace
from mockidp.testing.record_fields.base import Texts

Place = Literal[
    "authorize", "login", "provider", "connection", "organization", "consent", "device", "resume",
    "token", "par", "register",
    "device_code", "passwordless_start", "passwordless_verify", "passwordless_verify_redirect",
    "passkey_register", "passkey_challenge", "passkey_enrollment",
    "revoke", "global_token_revocation", "signup", "change_password", "reset_password",
    "signup_page",
    "email_verification",
    "co_authenticate", "co_verify",
    "userinfo", "discovery", "jwks", "certificate", "logout", "impersonate", "impersonation_link",
    "mfa_challenge", "mfa_associate", "mfa_authenticators", "mfa",
    "oauth_ro", "oauth_access_token", "delegation", "tokeninfo", "unlink", "sso_data",
    "lock_settings",    "challenge", "usernamepassword_login", "health_check", "webfinger",
    "management", "my_account", "scim", "unmatched", "*", "callback", "id_token", "access_token",
    "logout_token", "backchannel_logout",
]  # fmt: skip
"""The endpoints and tokens that faults can be added to."""


class WhenFields(TypedDict, total=False):
    """The exchanges to which a fault applies. Keys that are left out match everything."""

    client: str | None
    user: str | None
    audience: str | None
    grant: str | None
    method: Method | None
    resource: ManagementResource | None


class SpoiledTokenWords(TypedDict, total=False):
    """The flaws of a token."""

    remove: str | Texts
    header: Mapping[str, Any]
    expired: bool
    not_yet_valid: bool
    wrong: Wrong | list[Wrong] | tuple[Wrong, ...]
    alg: Alg | None
    kid: str | None
    signature: Signature | None


class FaultWords(SpoiledTokenWords, total=False):
    """The words of a fault, which `docs/reference/faults.md` explains."""

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
    """A fault in the settings."""

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
"""A custom claim in the settings. The functional syntax allows the keywords `from` and `in`."""


class SubjectTokenFields(TypedDict, total=False):
    """A subject token in the settings."""

    profile: str | None
    connection: str | None
    token: str | None
    user: str | None
    key: str | None
    issuer: str | None
    audience: str | None
    user_claim: str
    actor: Mapping[str, Any] | None
    error: str | None
    error_description: str


class IdentityProviderFields(TypedDict):
    """An identity provider in the settings."""

    connection: str
    issuer: str
    key: str


class ImpersonationSettingsFields(TypedDict, total=False):
    """The settings of impersonation links."""

    enabled: bool | None
    require_state: bool
    single_use: bool
    honour_audience: bool
    sso_session: bool
    claims_in_id_token: bool
    ttl: int
    key_id: str | None
    key: str | None


class SettingsFields(TypedDict, total=False):
    """The settings below `mockidp:` in a tenant file."""

    issuer: str | None
    browser_url: str | None
    trust_proxy: bool
    hosts: Texts
    accept_tokens_of_other_domains: bool
    client_ca: str | None
    backchannel_hosts: Texts
    profile: Literal["auth0", "oidc"]
    consent_on_localhost: bool
    accept_any_client: bool
    accept_any_audience: bool
    accept_raw_basic_credentials: bool
    authorization_code_lifetime: int
    login_lifetime: int
    capacity: int
    fragment_id_token_limit: int
    unknown_client_status: int
    blocked_user_error: Literal["unauthorized", "invalid_grant"]
    refresh_token_reuse_error: Literal["reused", "unknown"]
    legacy_lock_api: bool
    mfa_audiences: Texts
    breached_passwords: Texts
    rate_limits: Literal["off", "auth0"]
    impersonation: ImpersonationSettingsFields
    claims: list[CustomClaimFields] | tuple[CustomClaimFields, ...]
    subject_tokens: list[SubjectTokenFields] | tuple[SubjectTokenFields, ...]
    identity_providers: list[IdentityProviderFields] | tuple[IdentityProviderFields, ...]
    faults: list[FaultFields] | tuple[FaultFields, ...]
