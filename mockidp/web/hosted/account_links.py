"""The links from a login page to sign-up and password reset."""

from __future__ import annotations

from urllib.parse import quote

from mockidp.flows.accounts.database import reset_database
from mockidp.flows.accounts.offers import database_to_sign_up
from mockidp.flows.login.login_connections import LoginConnections
from mockidp.flows.login.steps import RESET_PAGE, SIGN_UP_PAGE
from mockidp.web.hosted.prompt import page_url
from mockidp.web.request.exchange import Exchange


def account_links(exchange: Exchange, connections: LoginConnections) -> dict[str, str]:
    """Return the values of the login templates for these links; empty URLs hide them."""
    tenant, login, offered = connections.tenant, connections.login, connections.offered
    to_reset = reset_database(tenant, offered)
    return {
        "sign_up_url": page_url(SIGN_UP_PAGE, exchange, login)
        if database_to_sign_up(tenant, login, offered)
        else "",
        "reset_url": page_url(f"{RESET_PAGE}/{quote(to_reset.name)}", exchange, login)
        if to_reset
        else "",
    }
