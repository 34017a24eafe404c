"""Show the pages of links that came by e-mail, which belong to no login."""

from __future__ import annotations

from typing import Any

from mockidp.flows.accounts.tickets import FoundTicket, TicketError
from mockidp.flows.login.page_errors import PromptError
from mockidp.protocol.login.accounts import Ticket
from mockidp.protocol.oauth.response_mode import AuthorizationResponse
from mockidp.resources.client import Client
from mockidp.resources.organization import Organization
from mockidp.web.pages.language import language_of
from mockidp.web.pages.pages import NO_ERRORS, Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import page, redirect
from mockidp.web.response.reply import Reply


def show_ticket_page(
    exchange: Exchange,
    pages: Pages,
    name: str,
    *,
    screen: str | None = None,
    ticket: Ticket | None = None,
    refused: PromptError | TicketError | None = None,
    **values: Any,
) -> Reply:
    """Return a page that posts to its own URL.

    Args:
        exchange: The request.
        pages: The pages.
        name: The name of the template.
        screen: Auth0's name of the screen, by default that of the template.
        ticket: The ticket of the link, with the application and the organization of the page.
        refused: Why the link, or what was typed, is refused; the status is then 400.
        values: What the template shows.
    """
    tenant = exchange.tenant
    client = tenant.directory.client(ticket.client_id or "") if ticket else None
    organization = tenant.directory.organization(ticket.organization_id) if ticket else None
    hint = refused.hint if refused else ""
    html = pages.prompt(
        name,
        tenant_name=organization.shown_name if organization else tenant.name,
        client_name=(client.name or client.client_id) if client else "",
        state="",
        action_url=exchange.prefix + exchange.target,
        errors=refused.errors if isinstance(refused, PromptError) else NO_ERRORS,
        hint=hint,
        back_url=_back_url(exchange, client, organization),
        screens=(screen or name,),
        **language_of(exchange, screen or name),
        **values,
    )
    return Reply(page(html, refused.status if refused else 200), hint, refused=refused)


def _back_url(
    exchange: Exchange, client: Client | None, organization: Organization | None
) -> str | None:
    """Return the URL at which a login of the application begins, if one is known.

    Auth0: with an organization, its id and name are added.
    """
    tenant = exchange.tenant.directory.configuration.tenant
    url = (client.initiate_login_uri if client else None) or tenant.default_redirection_uri
    if not url or organization is None:
        return url
    named = {"organization_id": organization.id, "organization_name": organization.name}
    return AuthorizationResponse(redirect_uri=url, mode="query", parameters=named).location


def result_redirect(found: FoundTicket, message: str) -> Reply | None:
    """Return the redirect to the URL that the ticket names, if it names one."""
    ticket = found.ticket
    if ticket.result_url is None:
        return None
    parameters = {
        "supportSignUp": "true",
        "supportForgotPassword": "true",
        **({"email": ticket.email} if ticket.names_email else {}),
        "success": "true",
        "code": "success",
        "message": message,
    }
    answer = AuthorizationResponse(
        redirect_uri=ticket.result_url, mode="query", parameters=parameters
    )
    return Reply(redirect(answer.location))
