"""Tickets: links that a user gets by e-mail and that work once.

Auth0: `/u/reset-password?ticket=`, `/u/email-verification?ticket=`, `/mfa/enrollment?ticket=`. A
new ticket for a password replaces the one before.
"""

from __future__ import annotations

from typing import Literal

from mockidp.flows.hints.timestamps import date_and_time
from mockidp.flows.requests.other_domain import mail_url
from mockidp.frozen import frozen, replace
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.login.accounts import Ticket
from mockidp.resources.user import User
from mockidp.tenant.content.email_template import LIFETIME
from mockidp.tenant.state.stores import USER
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut

ENROLLMENT_PAGE = "/mfa/enrollment"
Reason = Literal["expired", "used", "invalid"]


class TicketError(InvalidRequest):
    """A ticket cannot be used.

    Attributes:
        reason: Why.
    """

    def __init__(self, reason: Reason, *, hint: str) -> None:
        super().__init__(f"The ticket is {reason}", hint=hint)
        self.reason = reason


@frozen
class FoundTicket:
    """A ticket that can be used, its key and its user."""

    key: str
    ticket: Ticket
    user: User


def create_ticket(
    tenant: Tenant,
    base_url: str,
    ticket: Ticket,
    *,
    lifetime: int | None = None,
    link_url: str | None = None,
) -> str:
    """Store a ticket. Return its link, for browsers.

    Args:
        tenant: The tenant.
        base_url: The URL of the tenant in the request.
        ticket: The ticket. Its time is set.
        lifetime: Seconds until it expires; by default five days.
        link_url: The URL of the domain that the link is at; by default that for e-mails.
    """
    now, key = tenant.now(), tenant.ids.opaque_token()
    if ticket.kind == "reset-password":
        _replace_earlier(tenant, ticket.user_id)
    tenant.tickets.put(
        key, replace(ticket, created_at=now), expires_at=now + (lifetime or LIFETIME)
    )
    url = link_url or mail_url(tenant, base_url)
    if ticket.kind == "mfa-enrollment":
        return f"{url}{ENROLLMENT_PAGE}?ticket={key}"
    return f"{url}/u/{ticket.kind}?ticket={key}#"


def _replace_earlier(tenant: Tenant, user_id: str) -> None:
    for key, entry in tenant.tickets.scan(USER, user_id):
        if entry.value.kind == "reset-password":
            tenant.tickets.take(key)


def find_ticket(tenant: Tenant, kind: str, key: str | None) -> FoundTicket:
    """Return a ticket and its user.

    Raises:
        TicketError: It expired, was used, or does not exist, or its user was removed.
    """
    ticket = tenant.tickets.get(key) if key else None
    user = tenant.directory.user(ticket.user_id) if ticket else None
    with tenant.trace.check("ticket", sent=cut(key), kind=kind):
        if key is None or ticket is None or ticket.kind != kind:
            raise _why_not(tenant, kind, key)
    user = check_is_there(tenant, ticket.user_id, user)
    tenant.trace.note(user=user.user_id, client=ticket.client_id)
    return FoundTicket(key=key, ticket=ticket, user=user)


def check_is_there(tenant: Tenant, user_id: str, user: User | None) -> User:
    """Return the user of a ticket.

    Raises:
        TicketError: The user was deleted.
    """
    with tenant.trace.check("user", id=user_id, found=user is not None):
        if user is None:
            raise TicketError("invalid", hint=f"User {user_id} was deleted.")
    return user


def take_ticket(tenant: Tenant, found: FoundTicket) -> None:
    """Use a ticket up, so that only one of several requests can act on it.

    Raises:
        TicketError: Another request was faster.
    """
    taken = tenant.tickets.take(found.key)
    with tenant.trace.check("ticket_is_unused", taken=taken is not None):
        if taken is None:
            raise TicketError("used", hint="Another request used this link at the same time.")


def _why_not(tenant: Tenant, kind: str, key: str | None) -> TicketError:
    entry = tenant.tickets.history(key) if key else None
    if entry is None or entry.value.kind != kind:
        return TicketError(
            "invalid",
            hint="No link of this tenant has the parameter `ticket` that was sent. The tenant was "
            "reset, or the link was changed. Request another one.",
        )
    if entry.taken_at is not None:
        return TicketError(
            "used",
            hint=f"This link was used, or replaced by a newer one, at "
            f"{date_and_time(entry.taken_at)}. Request another one.",
        )
    return TicketError(
        "expired",
        hint=f"This link expired at {date_and_time(entry.expires_at)}. Request another one, or set "
        "`urlLifetimeInSeconds` of the e-mail template.",
    )
