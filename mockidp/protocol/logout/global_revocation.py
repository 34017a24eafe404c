"""Universal Logout: the request of an identity provider to log a user out everywhere.

Spec: draft-parecki-oauth-global-token-revocation; RFC 9493 3.2.3 (issuer and subject).
Auth0: the user is identified by issuer and subject (docs/fidelity.md, "Universal Logout").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.tokens.jwt import InvalidJwt, is_numeric_date

PATH = "/oauth/global-token-revocation/connection/"
AUTH_METHOD = "global-token-revocation+jwt"
"""The `typ` of the JWT with which the identity provider authenticates."""
MAX_SKEW = 10
"""The maximum number of seconds by which `iat` and `nbf` are in the future."""
_SUBJECTS = ("sub_id", "subject")
_FORMAT, _MEMBERS = "iss_sub", ("format", "iss", "sub")


def parse_subject(body: Mapping[str, Any]) -> tuple[str, str]:
    """Return issuer and subject of the user, from the body of a request.

    Raises:
        InvalidRequest: There is no subject, or it is identified in another way.
    """
    named = [one for one in _SUBJECTS if one in body]
    others = [one for one in body if one not in _SUBJECTS]
    if len(named) != 1 or others:
        raise _invalid(f"The body has the members {', '.join(body) or 'none'}. Send `sub_id` only.")
    subject = body[named[0]]
    if not isinstance(subject, dict) or subject.get("format") != _FORMAT:
        raise _invalid(
            f"Auth0 supports only the format {_FORMAT}. In Okta, select Issuer and Subject "
            "Identifier as the Subject Format."
        )
    if set(subject) != set(_MEMBERS) or not all(
        isinstance(subject[one], str) and subject[one] for one in _MEMBERS
    ):
        raise _invalid("Send strings as `format`, `iss` and `sub`, and no other members.")
    return subject["iss"], subject["sub"]


def check_claims(
    claims: Mapping[str, Any], *, issuer: str, subject: str | None, now: float
) -> tuple[str, float]:
    """Check all claims of the JWT except `aud`. Return its `jti` and `exp`.

    Args:
        claims: The claims.
        issuer: The identity provider.
        subject: The id of the application there, or None if it is not known.
        now: Seconds since 1970.

    Raises:
        InvalidToken: It is of another identity provider or application, or not valid now.
    """
    for name, expected in (("iss", issuer), ("sub", subject)):
        if expected is not None and claims.get(name) != expected:
            raise InvalidJwt(f"Its `{name}` is {claims.get(name)!r:.200} instead of {expected}.")
    jti, exp = claims.get("jti"), claims.get("exp")
    if not isinstance(jti, str) or not jti:
        raise InvalidJwt("Its `jti` is missing or not a string.")
    if not is_numeric_date(exp):
        raise InvalidJwt("Its `exp` is missing or not a number.")
    if exp <= now:
        raise InvalidJwt(f"It expired {now - exp:.0f} seconds ago by the tenant's clock.")
    for name in ("iat", "nbf"):
        begins = claims.get(name, now)
        if not is_numeric_date(begins) or begins > now + MAX_SKEW:
            raise InvalidJwt(f"Its `{name}` is not a number, or in the future.")
    return jti, exp


def _invalid(hint: str) -> InvalidRequest:
    return InvalidRequest("Invalid subject", hint=hint)
