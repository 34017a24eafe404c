"""Verify an e-mail address with the link that was sent to it."""

from __future__ import annotations

from mockidp.flows.accounts.mail import is_sent, send_mail
from mockidp.flows.accounts.tickets import (
    FoundTicket,
    TicketError,
    check_is_there,
    find_ticket,
    take_ticket,
)
from mockidp.flows.changed_user import change_user
from mockidp.frozen import replace
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.timestamps import timestamp


def verify_email(tenant: Tenant, base_url: str, key: str | None) -> FoundTicket:
    """Use a ticket up: its user has the address. Return the ticket.

    Raises:
        TicketError: The ticket cannot be used, or the user has another address by now or was
            deleted.
    """
    found = find_ticket(tenant, "email-verification", key)
    with tenant.trace.check("email", sent_to=found.ticket.email, has=found.user.email):
        if found.user.email != found.ticket.email:
            raise TicketError(
                "invalid",
                hint=f"This link was sent to {found.ticket.email}, but user {found.user.user_id} "
                f"has the address {found.user.email} now.",
            )
    take_ticket(tenant, found)
    now = timestamp(tenant.now())
    user = check_is_there(
        tenant,
        found.user.user_id,
        change_user(
            tenant,
            found.user.user_id,
            lambda before: replace(before, email_verified=True, updated_at=now),
        ),
    )
    if is_sent(tenant, "welcome_email"):
        send_mail(tenant, base_url, "welcome_email", user, client_id=found.ticket.client_id)
    return found


def is_verified_already(tenant: Tenant, key: str | None) -> bool:
    """Return whether the user of a ticket, which was used or has expired, is verified."""
    entry = tenant.tickets.history(key) if key else None
    user = tenant.directory.user(entry.value.user_id) if entry else None
    return user is not None and user.email_verified
