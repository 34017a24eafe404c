"""`/u/login/passwordless-email-challenge` and `-sms-challenge`: the code that was sent."""

from __future__ import annotations

from mockidp.flows.login.login_connections import LoginConnections
from mockidp.flows.login.page_errors import LoginPageError
from mockidp.flows.login.passwordless import (
    EMAIL_CODE_PAGE,
    SMS_CODE_PAGE,
    code_page,
    log_in_with_code,
    send_login_code,
)
from mockidp.flows.login.steps import IDENTIFIER_PAGE
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.connection import Connection
from mockidp.web.hosted.login import login_routes
from mockidp.web.hosted.prompt import go_to, resume_login, show_prompt
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.reply import Reply


def _show(exchange: Exchange, pages: Pages, login: LoginTransaction) -> Reply:
    connection = LoginConnections(exchange.tenant, login).only_passwordless
    if connection is None or login.identifier is None:
        return go_to(IDENTIFIER_PAGE, exchange, login)
    return _page(exchange, pages, login, connection)


def _submit(exchange: Exchange, pages: Pages, login: LoginTransaction) -> Reply:
    tenant, form = exchange.tenant, exchange.body()
    connection, address = LoginConnections(tenant, login).only_passwordless, login.identifier
    if connection is None or address is None:
        return go_to(IDENTIFIER_PAGE, exchange, login)
    try:
        if form.get("action") in ("resend", "resend-code"):
            send_login_code(tenant, login, connection, address)
            return go_to(code_page(connection), exchange, login)
        session = log_in_with_code(
            tenant, login, connection, address=address, code=form.get("code")
        )
    except LoginPageError as error:
        return _page(exchange, pages, login, connection, refused=error)
    return resume_login(exchange, login, session=session)


def _page(
    exchange: Exchange,
    pages: Pages,
    login: LoginTransaction,
    connection: Connection,
    *,
    refused: LoginPageError | None = None,
) -> Reply:
    return show_prompt(
        exchange,
        pages,
        login,
        "login-passwordless-email-code" if connection.is_email else "login-passwordless-sms-otp",
        refused=refused,
        address=login.identifier or "",
        edit_url=f"{exchange.prefix}{IDENTIFIER_PAGE}?state={login.state}",
    )


ROUTES = (
    *login_routes(EMAIL_CODE_PAGE, show=_show, submit=_submit),
    *login_routes(SMS_CODE_PAGE, show=_show, submit=_submit),
)
