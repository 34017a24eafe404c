"""The links from a login page to sign-up and password reset."""

from __future__ import annotations

from urllib.parse import quote

from mockidp.flows.accounts.offers import database_to_reset, database_to_sign_up
from mockidp.flows.login.steps import RESET_PAGE, SIGN_UP_PAGE
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.web.hosted.prompt import page_url
from mockidp.web.request.exchange import Exchange


def account_links(exchange: Exchange, login: LoginTransaction) -> dict[str, str]:
    """Return the values of the login templates for these links; empty URLs hide them."""
    to_reset = database_to_reset(exchange.tenant, login)
    return {
        "sign_up_url": page_url(SIGN_UP_PAGE, exchange, login)
        if database_to_sign_up(exchange.tenant, login)
        else "",
        "reset_url": page_url(f"{RESET_PAGE}/{quote(to_reset.name)}", exchange, login)
        if to_reset
        else "",
    }
