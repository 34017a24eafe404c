"""What a tenant keeps about accounts of a database beside the users: tickets and old passwords."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TicketKind = Literal["email-verification", "reset-password"]
"""What a ticket is for: the last part of the path of its page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticket:
    """A link that a user gets by e-mail. It works once.

    Attributes:
        kind: What it is for.
        user_id: The user.
        email: The address that it was sent to.
        client_id: The application to which its page leads back.
        result_url: The URL to which its page redirects at the end.
        verifies_email: Whether a new password proves that the user has the address.
        names_email: Whether the redirect contains the address.
        created_at: When it was made, in seconds since 1970.
    """

    kind: TicketKind
    user_id: str
    email: str
    client_id: str | None = None
    result_url: str | None = None
    verifies_email: bool = False
    names_email: bool = False
    created_at: float = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviousPasswords:
    """Fingerprints of a user's passwords, the newest first."""

    user_id: str
    digests: tuple[str, ...]
