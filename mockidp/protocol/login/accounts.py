"""What a tenant keeps about accounts of a database: tickets and old passwords, not the users."""

from __future__ import annotations

from typing import Literal

from mockidp.frozen import frozen
from mockidp.resources.password_hash import PasswordHash

TicketKind = Literal["email-verification", "reset-password", "mfa-enrollment"]
"""What a ticket is for."""


@frozen
class Ticket:
    """A link that a user gets by e-mail. It works once.

    Attributes:
        kind: What it is for.
        user_id: The user.
        email: The address that it was sent to.
        client_id: The application to which its page leads back.
        organization_id: The organization whose name its page shows.
        result_url: The URL to which its page redirects at the end.
        verifies_email: Whether a new password proves that the user has the address.
        names_email: Whether the redirect contains the address.
        password: The password that it sets; empty if the user chooses one.
        factor: The second factor to enroll; None if the user chooses one.
        adds_factor: Whether a user who has a second factor can enroll another one.
        created_at: When it was made, in seconds since 1970.
    """

    kind: TicketKind
    user_id: str
    email: str
    client_id: str | None = None
    organization_id: str | None = None
    result_url: str | None = None
    verifies_email: bool = False
    names_email: bool = False
    password: str = ""
    factor: str | None = None
    adds_factor: bool = False
    created_at: float = 0


@frozen
class PreviousPasswords:
    """The passwords of a user.

    Attributes:
        user_id: The user.
        digests: Fingerprints of the passwords, the newest first.
        imported: The hash with which the user was imported, which is older than the others.
    """

    user_id: str
    digests: tuple[str, ...] = ()
    imported: PasswordHash | None = None
