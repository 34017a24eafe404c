"""An account of a user at another service, whose tokens are in Auth0's Token Vault."""

from __future__ import annotations

from mockidp.frozen import frozen
from mockidp.resources.record import Record

TOKEN_LIFETIME = 3600
"""Seconds until an access token of a service expires, by default."""


@frozen
class ConnectedAccount(Record):
    """An account at the service of a connection (Token Vault), with its tokens."""

    connection: str
    """The connection of the service."""
    id: str = ""
    """Its id, such as `cac_` and 22 letters and digits; by default made from the other fields."""
    login_hint: str | None = None
    """The user's name at the service, such as an e-mail address. `login_hint` of an exchange
    selects by it."""
    scopes: tuple[str, ...] = ()
    """The scopes that the user has granted."""
    access_token: str | None = None
    """The access token of the service that an exchange returns; by default generated."""
    expires_in: int = TOKEN_LIFETIME
    """Seconds until an access token expires."""
    expires_at: int | None = None
    """When the access token expires, in seconds since 1970; by default `expires_in` after its first
    use."""
    has_refresh_token: bool = True
    """Whether there is a refresh token of the service, with which an expired access token is
    replaced."""
    created_at: str = "2024-01-01T00:00:00.000Z"
    """When the user connected it."""
