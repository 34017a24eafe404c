"""`/u/login/identifier` and `/u/login/password`: user name and password on two pages."""

from __future__ import annotations

from mockidp.flows.login.authenticate import log_in
from mockidp.flows.login.identifier_first import (
    first_page,
    is_identifier_first,
    remember_identifier,
)
from mockidp.flows.login.login_connections import LoginConnections
from mockidp.flows.login.page_errors import LoginPageError
from mockidp.flows.login.passkey_pages import log_in_with_passkey, login_options
from mockidp.flows.login.passwordless import (
    code_page,
    send_login_code,
)
from mockidp.flows.login.steps import IDENTIFIER_PAGE, LOGIN_PAGE, PASSWORD_PAGE
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.web.hosted.account_links import account_links
from mockidp.web.hosted.login import login_routes
from mockidp.web.hosted.picker import answer_picker, picker_of
from mockidp.web.hosted.prompt import go_to, page_url, resume_login, show_prompt
from mockidp.web.hosted.provider_buttons import (
    answer_provider_button,
    go_to_provider,
    provider_buttons,
)
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.reply import Reply


def _show_identifier(exchange: Exchange, pages: Pages, login: LoginTransaction) -> Reply:
    connections = LoginConnections(exchange.tenant, login)
    page = first_page(connections)
    if page != IDENTIFIER_PAGE:
        return go_to(page, exchange, login)
    username = login.identifier or login.request.login_hint
    return _identifier_page(exchange, pages, connections, username=username)


def _submit_identifier(exchange: Exchange, pages: Pages, login: LoginTransaction) -> Reply:
    tenant, form = exchange.tenant, exchange.body()
    connections = LoginConnections(tenant, login)
    if not is_identifier_first(connections):
        return go_to(LOGIN_PAGE, exchange, login)
    username = form.get("username")
    connection = connections.only_passwordless
    try:
        picked = (
            answer_picker(exchange, pages, login)
            or answer_provider_button(exchange, login)
            or _answer_passkey(exchange, login)
        )
        if picked is not None:
            return picked
        if connection is not None:
            send_login_code(tenant, login, connection, username)
            return go_to(code_page(connection), exchange, login)
        provider = remember_identifier(tenant, login, username)
    except LoginPageError as error:
        typed = None if form.get("action") == "pick" else username
        return _identifier_page(exchange, pages, connections, username=typed, refused=error)
    if provider is not None:
        return go_to_provider(exchange, login, provider)
    return go_to(PASSWORD_PAGE, exchange, login)


def _answer_passkey(exchange: Exchange, login: LoginTransaction) -> Reply | None:
    """Answer a login with a passkey. Return `None` if another form was posted."""
    sent = exchange.body().get("passkey")
    if sent is None:
        return None
    session = log_in_with_passkey(exchange.tenant, login, sent)
    return resume_login(exchange, login, session=session)


def _identifier_page(
    exchange: Exchange,
    pages: Pages,
    connections: LoginConnections,
    *,
    username: str | None,
    refused: LoginPageError | None = None,
) -> Reply:
    connection, login = connections.only_passwordless, connections.login
    return show_prompt(
        exchange,
        pages,
        login,
        "login-id",
        refused=refused,
        hint="" if connection else connections.why_nobody_can_log_in(),
        is_phone=connection is not None and not connection.is_email,
        username=username or "",
        passkey_options=login_options(exchange.tenant, login),
        requires_username=connections.requires_username,
        **account_links(exchange, connections),
        **provider_buttons(exchange, connections),
        **picker_of(exchange, connections),
    )


def _show_password(exchange: Exchange, pages: Pages, login: LoginTransaction) -> Reply:
    if login.identifier is None:
        return go_to(IDENTIFIER_PAGE, exchange, login)
    return _password_page(exchange, pages, login, login.identifier)


def _submit_password(exchange: Exchange, pages: Pages, login: LoginTransaction) -> Reply:
    form = exchange.body()
    # The page posts the name again, as Auth0's does.
    username = form.get("username") or login.identifier
    if username is None:
        return go_to(IDENTIFIER_PAGE, exchange, login)
    try:
        session = log_in(
            exchange.tenant,
            login,
            username,
            form.get("password"),
            address=exchange.address,
            base_url=exchange.base_url,
            offers_passkey=True,
        )
    except LoginPageError as error:
        return _password_page(exchange, pages, login, username, refused=error)
    return resume_login(exchange, login, session=session)


def _password_page(
    exchange: Exchange,
    pages: Pages,
    login: LoginTransaction,
    username: str,
    *,
    refused: LoginPageError | None = None,
) -> Reply:
    return show_prompt(
        exchange,
        pages,
        login,
        "login-password",
        refused=refused,
        username=username,
        edit_url=page_url(IDENTIFIER_PAGE, exchange, login),
        **account_links(exchange, LoginConnections(exchange.tenant, login)),
    )


ROUTES = (
    *login_routes(IDENTIFIER_PAGE, show=_show_identifier, submit=_submit_identifier),
    *login_routes(PASSWORD_PAGE, show=_show_password, submit=_submit_password),
)
