"""The body of a successful token response.

Spec: RFC 6749 5.1; RFC 9396 7; OpenID Connect Core 3.1.3.3.
Auth0: the key order is the recorded one. `scope` is included if it differs from the request, and
always with `openid`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.protocol.oauth.authorization_details import Details


def token_response(
    *,
    access_token: str,
    expires_in: int,
    refresh_token: str | None = None,
    id_token: str | None = None,
    scope: str | None = None,
    authorization_details: Details = (),
) -> dict[str, Any]:
    """Return the body, without members that are None."""
    body = {
        "access_token": access_token,
        "refresh_token": refresh_token,
        "id_token": id_token,
        "scope": scope,
        "expires_in": expires_in,
        "token_type": "Bearer",
        "authorization_details": authorization_details or None,
    }
    return {name: value for name, value in body.items() if value is not None}


def api_v1_token_response(access_token: str) -> dict[str, str]:
    """Return the body that carries a Management API v1 token: lower-case `bearer`, no lifetime."""
    return {"access_token": access_token, "token_type": "bearer"}


def impersonation_token_response(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body for a code from an impersonation link."""
    order = ("access_token", "id_token", "token_type", "expires_in")
    return {name: body[name] for name in order if name in body}
