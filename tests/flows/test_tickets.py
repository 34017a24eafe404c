"""Tickets: the links that users get by e-mail."""

import pytest

from helpers.acme import ACME, URL
from mockidp.flows.accounts.tickets import TicketError, create_ticket, find_ticket, take_ticket
from mockidp.protocol.login.accounts import Ticket
from mockidp.tenant.tenant import Tenant


@pytest.fixture
def tenant():
    return Tenant(ACME)


def make(tenant, kind):
    """Create a ticket for alice. Return its key."""
    ticket = Ticket(kind=kind, user_id="auth0|alice", email="alice@acme.example")
    link = create_ticket(tenant, URL, ticket)
    assert link.startswith(f"{URL}/u/{kind}?ticket=")
    return link.partition("ticket=")[2].removesuffix("#")


def test_a_ticket_that_was_found_twice_is_used_once(tenant):
    key = make(tenant, "reset-password")
    first, second = (find_ticket(tenant, "reset-password", key) for _ in range(2))
    take_ticket(tenant, first)
    with pytest.raises(TicketError) as refused:
        take_ticket(tenant, second)
    assert refused.value.reason == "used"


def test_a_link_for_a_password_replaces_only_links_for_passwords(tenant):
    verification, reset = make(tenant, "email-verification"), make(tenant, "reset-password")
    newer = make(tenant, "reset-password")
    assert find_ticket(tenant, "email-verification", verification)
    assert find_ticket(tenant, "reset-password", newer)
    with pytest.raises(TicketError):
        find_ticket(tenant, "reset-password", reset)


def test_the_time_of_a_ticket_is_that_of_the_tenant(tenant):
    tenant.clock.freeze(1893456000)
    key = make(tenant, "reset-password")
    assert find_ticket(tenant, "reset-password", key).ticket.created_at == 1893456000
