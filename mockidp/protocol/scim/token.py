"""A token for the SCIM endpoint of a connection. The key of its store is the token's id."""

from __future__ import annotations

import hashlib

from mockidp.frozen import frozen

USER_SCOPES = ("get:users", "post:users", "put:users", "patch:users", "delete:users")
GROUP_SCOPES = ("get:groups", "post:groups", "put:groups", "patch:groups", "delete:groups")
SCIM_SCOPES = (*USER_SCOPES, *GROUP_SCOPES)
MIN_LIFETIME = 900
"""Seconds."""
MAX_TOKENS = 2
"""The number of tokens that a connection can have at a time."""


@frozen
class ScimToken:
    """A token, of which only the digest is stored, as Auth0 shows it once.

    Attributes:
        connection_id: The connection.
        digest: The SHA-256 of the token, in hexadecimal digits.
        scopes: What it allows.
        created_at: When it was created, in seconds since 1970.
        last_used_at: When it was used last; None for never.
    """

    connection_id: str
    digest: str
    scopes: tuple[str, ...]
    created_at: float
    last_used_at: float | None = None


def digest_of(token: str) -> str:
    """Return the digest of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
