"""Explain an invalid code or token: damaged, or of another kind.

Auth0: all of them are refused in the same way.
"""

from __future__ import annotations

from collections.abc import Callable

from mockidp.protocol.errors.repair import describe_placeholder, find_damage
from mockidp.protocol.tokens.jwt import InvalidJwt, decode
from mockidp.tenant.tenant import Tenant


def explain_code(tenant: Tenant, text: str) -> str:
    """Explain an invalid authorization code; empty if the cause is unknown."""
    return _explain(tenant, text, "code", lambda one: tenant.codes.history(one) is not None)


def explain_refresh_token(tenant: Tenant, text: str) -> str:
    """Explain an invalid refresh token; empty if the cause is unknown."""
    known = tenant.refresh_tokens.history
    return _explain(tenant, text, "refresh token", lambda one: known(one) is not None)


def explain_access_token(tenant: Tenant, text: str) -> str:
    """Explain an invalid access token; empty if the cause is unknown."""
    return _explain(tenant, text, "access token", lambda one: _is_access_token(tenant, one))


def describe_id_token(tenant: Tenant, text: str) -> str:
    """Describe a JWT if it is an ID token, whatever its signature; empty if it is not."""
    try:
        _, claims = decode(text)
    except InvalidJwt:
        return ""
    audience = claims.get("aud")
    if isinstance(audience, str) and audience in tenant.directory.clients:
        return f"an ID token of client {audience}"
    return ""


def describe_scheme(authorization: str | None, expected: str) -> str:
    """Explain why an Authorization header was not read; empty if none was sent."""
    if not authorization or not authorization.strip():
        return ""
    scheme, _, value = authorization.strip().partition(" ")
    if scheme.rstrip(":").lower() == expected.lower():
        if scheme.endswith(":"):
            return f"The Authorization header has a colon after {expected}. Leave it out."
        return f"The Authorization header has no value after {expected}."
    # A value without a scheme may be a secret, so it is not shown.
    if not value or not scheme.isalpha():
        return (
            f"The Authorization header has no scheme. Put {expected} and a space before the value."
        )
    return f"The Authorization header has the scheme {scheme[:20]}, but {expected} is expected."


def _explain(tenant: Tenant, text: str, wanted: str, is_right: Callable[[str], bool]) -> str:
    if is_right(text):
        return ""
    damage = describe_placeholder(text) or find_damage(text, is_right)
    if damage:
        return f"The {wanted} {damage}."
    kind = _kind_of(tenant, text)
    return f"{_with_article(wanted)} is expected, but {kind} was sent." if kind else ""


def _with_article(name: str) -> str:
    return f"An {name}" if name.startswith("a") else f"A {name}"


def _kind_of(tenant: Tenant, text: str) -> str:
    if tenant.codes.history(text) is not None:
        return "an authorization code"
    if tenant.refresh_tokens.history(text) is not None:
        return "a refresh token"
    if tenant.opaque_tokens.history(text) is not None:
        return "an opaque access token"
    if described := describe_id_token(tenant, text):
        return described
    return "a JWT access token" if _is_access_token(tenant, text) else ""


def _is_access_token(tenant: Tenant, text: str) -> bool:
    try:
        header, _ = decode(text)
    except InvalidJwt:
        return tenant.opaque_tokens.history(text) is not None
    return tenant.keys.find(header.get("kid")) is not None
