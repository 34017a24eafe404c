"""What all tickets have in common: their fields, and the link to the page.

Auth0: the pages of the links are those of the e-mails. Source: docs/fidelity.md.
"""

from __future__ import annotations

from typing import Any

from mockidp.flows.accounts.tickets import create_ticket
from mockidp.management.body import check_keys_of, check_number, flag, text
from mockidp.management.clients.clients import client_in_body
from mockidp.management.operation import Call
from mockidp.management.organizations.organization import organization_in_body
from mockidp.management.refusals import invalid_body, not_supported
from mockidp.protocol.login.accounts import Ticket, TicketKind
from mockidp.resources.checks import check_web_url
from mockidp.resources.user import User

FIELDS = frozenset(
    {
        "user_id", "result_url", "client_id", "organization_id", "ttl_sec",
        "includeEmailInRedirect", "identity",
    }
)  # fmt: skip
NOT_SUPPORTED = "The user's main connection does not support this operation"
SCOPES = ("create:user_tickets",)
_MAX_LIFETIME = 10**9


def issue_ticket(
    call: Call, kind: TicketKind, user: User, *, verifies_email: bool = False, password: str = ""
) -> Any:
    """Store a ticket of a user. Return the answer, which has its link.

    Args:
        call: The call.
        kind: What the ticket is for.
        user: The user.
        verifies_email: Whether a new password proves that the user has the address.
        password: The password that the ticket sets; empty if the user chooses one.

    Raises:
        ApiRefusal: A field has another form, or names nothing.
    """
    result_url, client_id = text(call, "result_url"), client_in_body(call)
    organization = organization_in_body(call)
    _check_result_url(call, result_url, client_id=client_id, has_organization=bool(organization))
    ticket = Ticket(
        kind=kind,
        user_id=user.user_id,
        email=user.email or "",
        client_id=client_id,
        organization_id=organization.id if organization else None,
        result_url=result_url or None,
        verifies_email=verifies_email,
        names_email=flag(call, "includeEmailInRedirect"),
        password=password,
    )
    if "ttl_sec" in call.body:
        check_number(call, "ttl_sec", least=0, most=_MAX_LIFETIME, is_whole=True)
    lifetime = int(call.body.get("ttl_sec", 0))
    call.tenant.trace.note(user=user.user_id)
    link = create_ticket(
        call.tenant, call.url, ticket, lifetime=lifetime or None, link_url=call.link_url
    )
    return {"ticket": link}


def _check_result_url(
    call: Call, result_url: str | None, *, client_id: str | None, has_organization: bool
) -> None:
    other = "client_id" if client_id else "organization_id" if has_organization else ""
    with call.tenant.trace.check("result_url", sent=result_url, other=other):
        if result_url and other:
            raise invalid_body(
                f"Cannot set both result_url and {other}",
                hint=f"Send either `result_url` or `{other}`.",
            )
        if result_url and check_web_url(result_url):
            raise invalid_body(
                "Object didn't pass validation for format url: " + result_url[:200],
                at="result_url",
                hint="Send an absolute http or https URL.",
            )


def check_identity(call: Call, user: User) -> None:
    """Check that `identity` in the body is the main identity of a user, if it is sent.

    Raises:
        ApiRefusal: It has another form, or is a linked identity.
    """
    identity = call.body.get("identity")
    if identity is None:
        return
    with call.tenant.trace.check("identity"):
        if not isinstance(identity, dict):
            raise invalid_body(
                "Expected type object", at="identity", hint="Send `user_id` and `provider`."
            )
        names = ("user_id", "provider")
        check_keys_of(identity, (*names, "connection_id"), required=names)
        named = f"{identity['provider']}|{identity['user_id']}"
        if named != user.user_id:
            raise not_supported(
                NOT_SUPPORTED,
                hint=f"Identity {named[:100]!r} is not the main identity of user {user.user_id}. "
                "Tickets exist only for that one.",
            )
