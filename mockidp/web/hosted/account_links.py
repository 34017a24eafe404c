"""The links from a login page to sign-up and password reset."""

from __future__ import annotations

from urllib.parse import quote

from mockidp.flows.accounts.database import reset_database, sign_up_database
from mockidp.flows.login.identify import connections_of
from mockidp.flows.login.steps import RESET_PAGE, SIGN_UP_PAGE
from mockidp.protocol.artifacts import LoginTransaction
from mockidp.web.exchange import Exchange
from mockidp.web.hosted.prompt import page_url


def account_links(exchange: Exchange, login: LoginTransaction) -> dict[str, str]:
    """Return the values of the login templates for these links; empty URLs hide them."""
    tenant, names = exchange.tenant, connections_of(exchange.tenant, login)
    to_reset = reset_database(tenant, names)
    return {
        "sign_up_url": page_url(SIGN_UP_PAGE, exchange, login)
        if sign_up_database(tenant, names)
        else "",
        "reset_url": page_url(f"{RESET_PAGE}/{quote(to_reset.name)}", exchange, login)
        if to_reset
        else "",
    }
