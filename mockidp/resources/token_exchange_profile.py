"""Types of foreign tokens that clients may exchange: Auth0's `token-exchange-profile` resource.

Spec: RFC 8693 2.1. Auth0: Custom Token Exchange.
"""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from mockidp.frozen import frozen
from mockidp.resources.checks import check_not_empty
from mockidp.resources.record import Record
from mockidp.resources.resource_type import ResourceType, Summary
from mockidp.resources.rules import Expected

RESERVED = (
    "http://auth0.com",
    "https://auth0.com",
    "http://okta.com",
    "https://okta.com",
    "urn:ietf",
    "urn:auth0",
    "urn:okta",
)
"""The starts of subject token types that Auth0 does not accept in a profile."""
BY_TYPE = "subject_token_type"
"""The index by the type of subject tokens."""
_URI = re.compile(r"(https?://|urn:)[^\s\x00-\x1f]{1,92}")
_MIN_LENGTH = 8


@frozen
class TokenExchangeProfile(Record):
    """A type of subject tokens, and the Action that decides about them."""

    name: str
    """Its name, which `mockidp.subject_tokens` refers to."""
    subject_token_type: str
    """The URI that requests send, such as `urn:acme:legacy-token`."""
    action: str = ""
    """The name of the Action that Auth0 runs. Here, `mockidp.subject_tokens` or a function of
    the test decides."""
    action_id: str = ""
    """The Action's id, in place of its name."""
    id: str = ""
    """Its id. No answer depends on it."""
    type: Literal["custom_authentication"] = "custom_authentication"
    """The kind of exchange, which `token_exchange.allow_any_profile_of_type` of a client allows."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset({"created_at", "updated_at"})


def check_subject_token_type(uri: str) -> Expected | None:
    """Check that Auth0 accepts a URI as the type of a profile's subject tokens."""
    if len(uri) < _MIN_LENGTH or not _URI.fullmatch(uri):
        return Expected("a URI of 8 to 100 characters, such as urn:acme:legacy-token")
    if any(is_below(uri, one) for one in RESERVED):
        return Expected(f"a URI that does not begin with {', '.join(RESERVED)}")
    return None


def is_below(uri: str, namespace: str) -> bool:
    """Return whether a URI is a namespace or begins with it."""
    return uri == namespace or uri.startswith((f"{namespace}:", f"{namespace}/"))


def _summary(profile: TokenExchangeProfile) -> Summary:
    return {"name": profile.name, "subject_token_type": profile.subject_token_type}


TOKEN_EXCHANGE_PROFILE = ResourceType(
    name="token_exchange_profile",
    title="token exchange profile",
    plural="token_exchange_profiles",
    record=TokenExchangeProfile,
    key="name",
    sections={"tokenExchangeProfiles": "Types of foreign tokens that clients may exchange."},
    id_prefix="tep_",
    unique=("name", "subject_token_type"),
    indexes={BY_TYPE: lambda profile: (profile.subject_token_type,)},
    summary=_summary,
    checks={
        (TokenExchangeProfile, "name"): check_not_empty,
        (TokenExchangeProfile, "subject_token_type"): check_subject_token_type,
    },
)
