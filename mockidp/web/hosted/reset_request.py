"""`/u/reset-password/request`: request a link for choosing a new password."""

from __future__ import annotations

from functools import partial

from mockidp.flows.accounts.request_page import database_for_reset, request_reset
from mockidp.flows.login.identifier_first import first_page
from mockidp.flows.login.login_connections import LoginConnections
from mockidp.flows.login.page_errors import PromptError
from mockidp.flows.login.steps import RESET_PAGE
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.connection import Connection
from mockidp.web.hosted.classic import show_page
from mockidp.web.hosted.prompt import login_of, page_url, show_prompt
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route
from mockidp.web.routing.route_table import ID


def _connection_name(exchange: Exchange) -> str | None:
    """Return the connection that the path names."""
    return exchange.path.removeprefix(RESET_PAGE).strip("/") or None


def _show(exchange: Exchange, pages: Pages) -> Reply:
    login = login_of(exchange)
    connection = database_for_reset(exchange.tenant, login, _connection_name(exchange))
    name = login.identifier or login.request.login_hint
    return _form(exchange, pages, login, connection, name=name)


def _submit(exchange: Exchange, pages: Pages) -> Reply:
    login, form = login_of(exchange), exchange.body()
    connection = database_for_reset(exchange.tenant, login, _connection_name(exchange))
    name = form.get("username") or form.get("email")
    try:
        request_reset(exchange.tenant, exchange.base_url, login, connection, name)
    except PromptError as error:
        return _form(exchange, pages, login, connection, name=name, refused=error)
    return show_prompt(exchange, pages, login, "reset-password-email", username=name)


def _form(
    exchange: Exchange,
    pages: Pages,
    login: LoginTransaction,
    connection: Connection,
    *,
    name: str | None,
    refused: PromptError | None = None,
) -> Reply:
    return show_page(
        exchange,
        pages,
        login,
        "reset-password-request",
        refused=refused,
        requires_username=connection.options.has_usernames,
        username=name or "",
        back_url=page_url(first_page(LoginConnections(exchange.tenant, login)), exchange, login),
    )


_request = partial(Route, endpoint="reset_password", refuses_on_page=True)
ROUTES = tuple(
    _request(path=path, methods=(method,), handler=handler)
    for path in (RESET_PAGE, f"{RESET_PAGE}/{ID}")
    for method, handler in (("GET", _show), ("POST", _submit))
)
