"""Client assertions: the signed JWTs with which clients authenticate (private_key_jwt).

Spec: RFC 7521 4.2; RFC 7523 2.2 and 3; OpenID Connect Core 9.
Auth0: `docs/fidelity.md`, "/oauth/token".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.frozen import frozen
from mockidp.protocol.errors.oauth_error import InvalidClient, InvalidRequest
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.tokens.jwt import InvalidJwt, decode, is_numeric_date

ASSERTION, ASSERTION_TYPE = "client_assertion", "client_assertion_type"
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
MAX_LIFETIME = 300
"""The maximum number of seconds from `iat`, or from now, to `exp`."""
MAX_SKEW = 10
"""The maximum number of seconds by which `iat` and `nbf` are in the future."""
_MAX_ASSERTION = 2048
_MAX_CLAIM = 64
_NOW = "by the tenant's clock"


@frozen
class UsedAssertion:
    """An assertion that has authenticated a request, and cannot do so again."""

    client_id: str | None
    """The client; None if it was an identity provider."""
    used_at: float


def parse_assertion(parameters: Parameters) -> str | None:
    """Return the client assertion of a request; None if it has none.

    Raises:
        InvalidRequest: One of the two parameters is missing, or the type is unknown.
    """
    if parameters.get(ASSERTION) is None and parameters.get(ASSERTION_TYPE) is None:
        return None
    assertion, kind = parameters.require(ASSERTION), parameters.require(ASSERTION_TYPE)
    if kind != JWT_BEARER:
        raise InvalidRequest(
            f"Invalid {ASSERTION_TYPE}",
            hint=f"Parameter `{ASSERTION_TYPE}` is {kind[:100]!r}. Send {JWT_BEARER}.",
        )
    return assertion


def claimed_client_id(assertion: str) -> str:
    """Return the `sub` of an assertion that has not been verified yet.

    Raises:
        InvalidClient: It is not a JWT, is too large, or has no subject.
    """
    if len(assertion) > _MAX_ASSERTION:
        raise invalid_assertion(
            f"It has {len(assertion)} characters, but the limit is {_MAX_ASSERTION}."
        )
    try:
        _, claims = decode(assertion)
    except InvalidJwt as error:
        raise invalid_assertion(str(error)) from None
    return _text(claims, "sub", "the client's id")


def check_claims(claims: Mapping[str, Any], *, client_id: str, now: float) -> None:
    """Check all claims of a verified assertion except `aud`.

    Raises:
        InvalidClient: The assertion is for another client, or not valid now.
    """
    for name in ("iss", "sub"):
        if _text(claims, name, "the client's id") != client_id:
            raise invalid_assertion(
                f"Its `{name}` is {claims[name]!r}, but the client is {client_id}."
            )
    _text(claims, "jti", "a new id for each assertion")
    exp = _number(claims, "exp")
    if exp is None:
        raise invalid_assertion("It has no `exp`. Set it to a time in the next minutes.")
    if exp <= now:
        raise invalid_assertion(f"It expired {now - exp:.0f} seconds ago {_NOW}.")
    for name in ("iat", "nbf"):
        begins = _number(claims, name)
        if begins is not None and begins > now + MAX_SKEW:
            raise invalid_assertion(
                f"Its `{name}` is {begins - now:.0f} seconds in the future {_NOW}, but the limit "
                f"is {MAX_SKEW}. Compare the clocks."
            )
    begins = _number(claims, "iat")
    lifetime = exp - (now if begins is None else begins)
    if lifetime > MAX_LIFETIME:
        raise invalid_assertion(
            f"It is valid for {lifetime:.0f} seconds, but the limit is {MAX_LIFETIME}. Set `exp` "
            "closer to `iat`."
        )


def invalid_assertion(hint: str) -> InvalidClient:
    """Return the refusal of an assertion. `hint` is a sentence about it."""
    return InvalidClient("Unauthorized", hint=f"The client assertion was refused. {hint}")


def _text(claims: Mapping[str, Any], name: str, expected: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise invalid_assertion(f"Its `{name}` is missing or not a string. Set it to {expected}.")
    if len(value) > _MAX_CLAIM:
        raise invalid_assertion(
            f"Its `{name}` has {len(value)} characters, but the limit is {_MAX_CLAIM}."
        )
    return value


def _number(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if not is_numeric_date(value):
        raise invalid_assertion(f"Its `{name}` is {repr(value)[:40]} instead of a number.")
    return value
