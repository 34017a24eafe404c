"""Log the user of a login ticket in at /authorize.

Auth0: a ticket works once, for the client that got it, in the same browser.
"""

from __future__ import annotations

import hmac

from mockidp.flows.hints.timestamps import clock_time
from mockidp.flows.sessions.session import start_session
from mockidp.protocol.login.cross_origin import LIFETIME, LoginTicket, ticket_refused
from mockidp.protocol.tokens.artifacts import AuthorizationRequest, Session
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant


def is_same_browser(tenant: Tenant, ticket: str, browser: str | None) -> bool:
    """Return whether a ticket is unknown, or was made for the browser that sends it."""
    record = tenant.login_tickets.get(ticket)
    return record is None or _equal(record.browser, browser)


def can_verify(client: Client, request: AuthorizationRequest) -> bool:
    """Return whether a page of the client can be asked for the verifier."""
    return client.cross_origin_loc is not None and "none" not in request.prompt


def find_ticket(tenant: Tenant, client_id: str, ticket: str) -> LoginTicket:
    """Return the record of a ticket.

    Raises:
        AccessDenied: It does not exist, or belongs to another client.
    """
    record = tenant.login_tickets.get(ticket)
    owner = record.client_id if record else None
    with tenant.trace.check("login_ticket", found=record is not None, client=owner):
        if record is None:
            raise ticket_refused(_why_unknown(tenant, ticket))
        if owner != client_id:
            raise ticket_refused(
                f"The login ticket was issued to client {owner}, but client {client_id} sent it."
            )
    return record


def redeem_ticket(
    tenant: Tenant, request: AuthorizationRequest, ticket: str, *, browser: str | None
) -> Session:
    """Use up a ticket. Return a new session of its user.

    Raises:
        AccessDenied: It is unknown, used or expired, or belongs to another client or browser.
    """
    record = find_ticket(tenant, request.client_id, ticket)
    with tenant.trace.check("login_ticket_browser", is_sent=browser is not None):
        if not _equal(record.browser, browser):
            raise ticket_refused(
                "The browser did not send the cookie of its call to /co/authenticate, or sent "
                "a different one. Browsers may block third-party cookies. Serve app and "
                "tenant at the same site, or set `cross_origin_loc` of the client to a page that "
                "calls `crossOriginVerification()`."
            )
    return take_ticket(tenant, request.base_url, ticket, record)


def redeem_with_verifier(
    tenant: Tenant, request: AuthorizationRequest, ticket: str, verifier: str | None
) -> Session:
    """Use up a ticket for which a page of the app has sent the verifier.

    Raises:
        AccessDenied: As `redeem_ticket`, or the verifier is wrong.
    """
    record = find_ticket(tenant, request.client_id, ticket)
    with tenant.trace.check("co_verifier", is_sent=bool(verifier)):
        if not _equal(record.verifier, verifier):
            raise ticket_refused(
                "The page at `cross_origin_loc` of the client answered without the `co_verifier` "
                "of this login. It must be at the origin at which the user logged in, and call "
                "`crossOriginVerification()` of auth0-js."
            )
    return take_ticket(tenant, request.base_url, ticket, record)


def take_ticket(tenant: Tenant, base_url: str, ticket: str, record: LoginTicket) -> Session:
    """Use up a ticket, so that only one request can.

    Raises:
        AccessDenied: Another request was faster, or the user was removed.
    """
    user = tenant.directory.user(record.user_id)
    taken = tenant.login_tickets.take(ticket)
    with tenant.trace.check("login_ticket", taken=taken is not None, user=record.user_id):
        if taken is None:
            raise ticket_refused(_why_unknown(tenant, ticket))
        if user is None:
            raise ticket_refused(f"User {record.user_id} was removed in the meantime.")
    tenant.trace.note(user=user.user_id)
    return start_session(tenant, base_url, user)


def _equal(expected: str, sent: str | None) -> bool:
    return sent is not None and hmac.compare_digest(expected.encode(), sent.encode())


def _why_unknown(tenant: Tenant, ticket: str) -> str:
    past = tenant.login_tickets.history(ticket)
    if past is None:
        return "No such login ticket was issued by /co/authenticate."
    if past.taken_at is not None:
        return (
            f"The login ticket was used at {clock_time(past.taken_at)}, and can be used only once."
        )
    return (
        f"The login ticket expired at {clock_time(past.expires_at)}, {LIFETIME} seconds after it "
        "was issued."
    )
