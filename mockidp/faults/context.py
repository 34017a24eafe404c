"""Which exchanges a fault applies to, and what is known of an exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class When:
    """The exchanges that a fault applies to. Fields that are not set match any value."""

    client: str | None = None
    """A `client_id`."""
    user: str | None = None
    """A user by id, the id's last part, or e-mail."""
    audience: str | None = None
    """An API's identifier, as the request names it."""
    grant: str | None = None
    """A `grant_type`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultContext:
    """What is known of an exchange at the point where a fault may fire. Predicates get it."""

    endpoint: str
    method: str = ""
    url: str = ""
    client: str | None = None
    user: str | None = None
    """The user's id."""
    audience: str | None = None
    grant: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
