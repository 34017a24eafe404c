"""A custom claim in tokens and /userinfo, and the names that Auth0 reserves.

Auth0: `setCustomClaim` in an Action. Auth0 silently ignores a restricted name; here it is
an error in the tenant file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field
from enum import Enum
from functools import lru_cache
from typing import Any, Literal, get_args

from mockidp.frozen import frozen
from mockidp.protocol.oauth.parameters import Parameters

ClaimPlace = Literal["id_token", "access_token", "userinfo"]
CLAIM_PLACES: tuple[ClaimPlace, ...] = get_args(ClaimPlace)
MAX_BYTES = 100 * 1024
"""Size limit of all custom claims in one token, names and values as JSON."""

RESTRICTED = frozenset(
    {
        "acr", "act", "active", "amr", "at_hash", "ath", "attest", "aud", "auth_time",
        "authorization_details", "azp", "c_hash", "client_id", "cnf", "cty", "dest",
        "entitlements", "events", "exp", "groups", "gty", "htm", "htu", "iat", "internalService",
        "iss", "jcard", "jku", "jti", "jwe", "jwk", "kid", "may_act", "mky", "nbf", "nonce",
        "object_id", "org_id", "org_name", "orig", "origid", "permissions", "roles", "rph",
        "s_hash", "sid", "sip_callid", "sip_cseq_num", "sip_date", "sip_from_tag",
        "sip_via_branch", "sub", "sub_jwk", "toe", "txn", "typ", "uuid", "vot", "vtm", "x5t#S256",
    }
)  # fmt: skip
"""Claims that no custom claim may replace."""
RESERVED_DOMAINS = ("auth0.com", "webtask.io", "webtask.run")
"""Hosts that custom claims may not use as namespace, subdomains included."""

_SCOPE_OF_PROFILE_CLAIM = {
    **dict.fromkeys(("email", "email_verified"), "email"),
    **dict.fromkeys(("phone_number", "phone_number_verified"), "phone"),
    "address": "address",
    **dict.fromkeys(
        (
            "birthdate", "family_name", "gender", "given_name", "locale", "middle_name", "name",
            "nickname", "picture", "preferred_username", "profile", "updated_at", "website",
            "zoneinfo",
        ),
        "profile",
    ),
}  # fmt: skip

REQUEST_PARAMETERS = (
    "acr_values", "audience", "client_id", "connection", "display", "grant_type", "login_hint",
    "max_age", "nonce", "organization", "prompt", "realm", "redirect_uri", "response_mode",
    "response_type", "scope", "screen_hint", "ui_locales",
)  # fmt: skip
"""The known parameters below `request`. An Action sees any other one as well."""
EXTENSION = "ext-"
_SECRET_PARAMETERS = frozenset(
    {"code", "otp", "recovery_code", "binding_code", "mfa_code", "oob_code", "state"}
)
_SECRET_WORDS = re.compile("assertion|jwt|login_ticket|password|secret|token|verifier")


class Unset(Enum):
    """Marks an entry without `value`, because `null` is a value."""

    UNSET = "unset"


UNSET = Unset.UNSET


@frozen
class CustomClaim:
    """One entry of `mockidp.claims`: a claim, where its value comes from, and when it is added."""

    claim: str
    """The claim's name, such as `https://acme.example/plan`."""
    path: str | None = field(default=None, metadata={"name": "from"})
    """A dotted path below `user`, `client`, `request`, `organization` or `custom_domain`."""
    value: Any = UNSET
    """The value itself, any JSON; instead of `from`."""
    places: tuple[ClaimPlace, ...] = field(
        default=CLAIM_PLACES, metadata={"name": "in", "one_or_more": True}
    )
    """Where the claim is added; by default in all three."""
    client: str | None = None
    """Only for this client, by id or name."""
    audience: str | None = None
    """Only for requests for this API, by identifier."""
    user: str | None = None
    """Only for this user, by id, the id's last part, e-mail or username."""
    scope: str | None = None
    """Only if this scope was granted. Of several scopes, separated by spaces, all are needed."""

    @property
    def source(self) -> str:
        """Where the value comes from, in words."""
        return "value" if self.path is None else f"from {self.path}"


def is_namespaced(name: str) -> bool:
    """Return whether a claim name is public: a URL or a URN."""
    return name.startswith(("http://", "https://", "urn:"))


def missing_scope(name: str, scope: Iterable[str]) -> str | None:
    """Return the scope that a standard profile claim needs, if it was not granted."""
    needed = _SCOPE_OF_PROFILE_CLAIM.get(name)
    return None if needed is None or {needed, name} & set(scope) else needed


def is_profile_claim(name: str) -> bool:
    """Return whether OpenID Connect Core 5.1 defines the claim, and Auth0 lets it be replaced."""
    return name in _SCOPE_OF_PROFILE_CLAIM


@lru_cache(maxsize=256)
def is_secret_parameter(name: str) -> bool:
    """Return whether a parameter of a request may be a secret, which no token should contain."""
    return name in _SECRET_PARAMETERS or _SECRET_WORDS.search(name.lower()) is not None


def readable_parameters(parameters: Parameters) -> dict[str, str]:
    """Return the parameters of a request for `request.<name>`: all but secrets."""
    return {
        name: value
        for name, value in parameters.raw().items()
        if isinstance(value, str) and value and not is_secret_parameter(name)
    }
