"""Show a prompt of a login, and find the login that a prompt belongs to."""

from __future__ import annotations

from typing import Any

from mockidp.flows.login.classic import query_of
from mockidp.flows.login.page_errors import PromptError
from mockidp.flows.login.transaction import find_login, login_client
from mockidp.flows.organizations.invitations import find_invitation
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.web.pages.language import language_of
from mockidp.web.pages.pages import NO_ERRORS, Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import page, redirect
from mockidp.web.response.reply import Reply


def login_of(exchange: Exchange) -> LoginTransaction:
    """Return the login whose `state` is in the form or the query.

    Raises:
        InvalidRequest: It does not exist or has ended.
    """
    return find_login(exchange.tenant, exchange.base_url, state_of(exchange))


def state_of(exchange: Exchange) -> str | None:
    """Return the `state` of the form, else that of the query."""
    state = exchange.body().get("state") if exchange.method == "POST" else None
    return state or exchange.query().get("state")


def show_prompt(
    exchange: Exchange,
    pages: Pages,
    login: LoginTransaction,
    name: str,
    *,
    refused: PromptError | None = None,
    hint: str = "",
    **values: Any,
) -> Reply:
    """Return a prompt that posts to its own path.

    Args:
        exchange: The request.
        pages: The pages.
        login: The login.
        name: The name of the template, which is Auth0's name of the screen.
        refused: Why what was typed before is refused; the status is then 400.
        hint: A hint for a prompt that is shown for the first time.
        values: What the template shows, and `screens` for other class stems than the name.
    """
    shown = refused.hint if refused else hint
    html = pages.prompt(
        name,
        tenant_name=company_name(exchange, login),
        client_name=client_name(exchange, login),
        state=login.state,
        action_url=f"{exchange.prefix}{exchange.path}?state={login.state}",
        errors=refused.errors if refused else NO_ERRORS,
        hint=shown,
        **language_of(exchange, name, login.request.ui_locales),
        inviter=_inviter(exchange, login),
        **values,
    )
    return Reply(page(html, refused.status if refused else 200), shown, refused=refused)


def client_name(exchange: Exchange, login: LoginTransaction) -> str:
    """Return the name of the application on the page, or of the tenant if no application waits."""
    if login.enrollment is not None:
        return exchange.tenant.name
    client = login_client(exchange.tenant, login)
    return client.name or client.client_id


def company_name(exchange: Exchange, login: LoginTransaction) -> str:
    """Return the name on the page: that of the login's organization, or of the tenant."""
    organization = exchange.tenant.directory.organization(login.organization_id)
    return organization.shown_name if organization else exchange.tenant.name


def _inviter(exchange: Exchange, login: LoginTransaction) -> str:
    """Return who invited the person to the organization; empty without an invitation."""
    invitation = find_invitation(exchange.tenant, login.request.invitation)
    return invitation.inviter if invitation else ""


def resume_login(exchange: Exchange, login: LoginTransaction, **reply: Any) -> Reply:
    """Redirect to the next page of a login, or to the end of it.

    Args:
        exchange: The request.
        login: The login.
        reply: More fields of the `Reply`, such as `hint` and `session`.
    """
    location = f"{exchange.prefix}/authorize/resume?state={login.state}"
    return Reply(redirect(location), **reply)


def go_to(page: str, exchange: Exchange, login: LoginTransaction) -> Reply:
    """Redirect to another page of the login."""
    return Reply(redirect(page_url(page, exchange, login)))


def page_url(page: str, exchange: Exchange, login: LoginTransaction) -> str:
    """Return path and query of another page of the login."""
    query = query_of(page, login.state, login.request.client_id)
    return f"{exchange.prefix}{page}?{query}"
