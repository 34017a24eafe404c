"""Request objects: the signed JWTs that carry an authorization request (JAR, by value).

Spec: RFC 9101 4 and 6; OpenID Connect Core 6.
Auth0: `docs/fidelity.md`, "/authorize".
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from mockidp.protocol.errors.extension_error import InvalidRequestObject
from mockidp.protocol.oauth.authorization_details import AUTHORIZATION_DETAILS
from mockidp.protocol.oauth.claims_request import CLAIMS
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.tokens.jwt import is_numeric_date

REQUEST, REQUEST_URI = "request", "request_uri"
_TYPES = ("jwt", "oauth-authz-req+jwt")
_REQUIRED = ("iss", "client_id")
_JWT_CLAIMS = ("iss", "aud", "exp", "iat", "nbf", "jti")
_MAX_JTI = 64
_JSON = ((CLAIMS, dict), (AUTHORIZATION_DETAILS, list))
"""The parameters that are JSON in a query, and their types here."""


def check_header(header: Mapping[str, Any]) -> None:
    """Check the type of a request object. RFC 9101 does not require one.

    Raises:
        InvalidRequestObject: The type is unknown.
    """
    typ = header.get("typ", _TYPES[0])
    if not isinstance(typ, str) or typ.lower() not in _TYPES:
        raise invalid_object(f"Its header `typ` is {typ!r}. Set it to {' or '.join(_TYPES)}.")


def check_claims(
    claims: Mapping[str, Any], *, client_id: str, now: float, optional: Collection[str] = ()
) -> None:
    """Check all claims of a request object except `aud` and the parameters.

    Args:
        claims: The claims.
        client_id: The client that sent it.
        now: The time in seconds since 1970.
        optional: Claims that name the client and may be missing.

    Raises:
        InvalidRequestObject: It belongs to another client, or is not valid now.
    """
    for name in _REQUIRED:
        default = client_id if name in optional else None
        if claims.get(name, default) != client_id:
            raise invalid_object(
                f"Its `{name}` is {repr(claims.get(name))[:100]}, but the client is {client_id}."
            )
    _check_times(claims, now)
    jti = claims.get("jti", "")
    if not isinstance(jti, str) or len(jti.encode(errors="replace")) > _MAX_JTI:
        raise invalid_object(f"Its `jti` is not a string of at most {_MAX_JTI} bytes.")
    for name in (REQUEST, REQUEST_URI):
        if name in claims:
            raise invalid_object(f"It contains `{name}`, which RFC 9101 forbids.")
    for name, value in claims.items():
        if "\0" in name or (isinstance(value, str) and "\0" in value):
            raise invalid_object(f"There is a NUL byte in {name!r}.")


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    for name in ("exp", "iat", "nbf"):
        if name in claims and not is_numeric_date(claims[name]):
            raise invalid_object(f"Its `{name}` is {repr(claims[name])[:40]} instead of a number.")
    if claims.get("exp", now + 1) <= now:
        raise invalid_object(f"It expired {now - claims['exp']:.0f} seconds ago.")
    if claims.get("nbf", now) > now:
        raise invalid_object(f"It is not valid for another {claims['nbf'] - now:.0f} seconds.")


def parameters_of(claims: Mapping[str, Any]) -> Parameters:
    """Return the parameters in a request object as strings, as they are in a query."""
    return Parameters(
        {name: _as_text(name, value) for name, value in claims.items() if name not in _JWT_CLAIMS}
    )


def _as_text(name: str, value: Any) -> Any:
    """Return a number as in a query; `claims` and `authorization_details` as JSON."""
    if (name, type(value)) in _JSON:
        return json.dumps(value)
    return str(value) if is_numeric_date(value) else value


def invalid_object(hint: str) -> InvalidRequestObject:
    """Return the refusal of a request object. `hint` is a sentence about it."""
    return InvalidRequestObject(
        "Invalid request object", hint=f"The request object was refused. {hint}"
    )
