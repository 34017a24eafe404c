"""Send the e-mails about accounts, as the tenant's templates say."""

from __future__ import annotations

from mockidp.flows.accounts.tickets import create_ticket
from mockidp.protocol.login.accounts import Ticket, TicketKind
from mockidp.resources.user import User
from mockidp.tenant.content.email_template import template_named
from mockidp.tenant.tenant import Tenant

_SUBJECTS = {
    "verify_email": "Verify your email",
    "reset_email": "Reset your password",
    "welcome_email": "Welcome",
    "stolen_credentials": "Your account is at risk",
}
_TEXTS = {
    "verify_email": "Verify the e-mail address of your account at {tenant}: {link}",
    "reset_email": "Choose a new password for your account at {tenant}: {link}",
    "welcome_email": "Welcome to {tenant}.",
    "stolen_credentials": "The password of your account at {tenant} was disclosed in a data breach "
    "of another website. Choose a new one: {link}",
}
_TICKETS: dict[str, TicketKind] = {
    "verify_email": "email-verification",
    "reset_email": "reset-password",
    "stolen_credentials": "reset-password",
}
"""The ticket in the link of each e-mail that has one."""


def is_sent(tenant: Tenant, name: str) -> bool:
    """Return whether the tenant sends an e-mail."""
    return template_named(tenant.directory.configuration.email_templates, name).enabled


def send_mail(
    tenant: Tenant,
    base_url: str,
    name: str,
    user: User,
    *,
    client_id: str | None = None,
    organization_id: str | None = None,
    link_url: str | None = None,
) -> bool:
    """Send an e-mail to a user. Return whether it was sent.

    Args:
        tenant: The tenant.
        base_url: The URL of the tenant in the request.
        name: Auth0's name of its template.
        user: The user.
        client_id: The application that the user came from.
        organization_id: The organization whose name the page of the link shows.
        link_url: The URL of the domain that the link is at; by default that for e-mails.
    """
    template = template_named(tenant.directory.configuration.email_templates, name)
    if not template.enabled or not user.email:
        why = "its template is not enabled" if user.email else "the user has no e-mail address"
        tenant.trace.advise(f"E-mail `{name}` was not sent to {user.user_id}, because {why}.")
        return False
    link = None
    if name in _TICKETS:
        ticket = Ticket(
            kind=_TICKETS[name],
            user_id=user.user_id,
            email=user.email,
            client_id=client_id,
            organization_id=organization_id,
            result_url=template.resultUrl or None,
            verifies_email=True,
            names_email=bool(template.includeEmailInRedirect),
        )
        link = create_ticket(
            tenant,
            base_url,
            ticket,
            lifetime=template.urlLifetimeInSeconds,
            link_url=link_url,
        )
    tenant.outbox.send(
        to=user.email,
        kind=name,
        subject=template.subject or _SUBJECTS[name],
        text=_TEXTS[name].format(tenant=tenant.name, link=link),
        link=link,
        user_id=user.user_id,
        client_id=client_id,
    )
    return True
