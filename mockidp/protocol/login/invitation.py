"""An invitation to an organization. The key of its store is the ticket in the link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from mockidp.frozen import frozen

DEFAULT_LIFETIME = 604800
MAX_LIFETIME = 2592000
"""In seconds: 7 and 30 days."""


@frozen
class Invitation:
    """Who is invited to which organization, and what they get there. Times are in seconds."""

    organization_id: str
    client_id: str
    email: str
    inviter: str
    roles: tuple[str, ...] = ()
    connection: str | None = None
    """The connection with which the person has to log in; None for any of the organization."""
    user_metadata: Mapping[str, Any] = field(default_factory=dict)
    app_metadata: Mapping[str, Any] = field(default_factory=dict)
    """Metadata for the user who accepts it."""
    url: str = ""
    """Its link to the application."""
    created_at: float
    expires_at: float
