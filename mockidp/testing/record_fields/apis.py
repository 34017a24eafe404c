"""The fields of APIs, as keyword arguments.

Written by scripts/generate_methods.py from the registry: change that, not this file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Required, TypedDict


class ApiScopeFields(TypedDict, total=False):
    """A permission that an API defines."""

    value: Required[str]
    description: str


class AuthorizationDetailsTypeFields(TypedDict, total=False):
    """A kind of authorization details that the API understands (RFC 9396 2)."""

    type: Required[str]


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


class ProofOfPossessionFields(TypedDict, total=False):
    """How access tokens for the API are bound to a key of the client."""

    mechanism: Literal["mtls", "dpop"] | None
    required: bool
    required_for: str | None


class ResourceServerFields(TypedDict, total=False):
    """One API. `identifier` is the audience; lifetimes are in seconds."""

    name: str
    id: str
    scopes: Sequence[str | ApiScopeFields]
    authorization_details: Sequence[str | AuthorizationDetailsTypeFields]
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
    proof_of_possession: ProofOfPossessionFields | None
