"""`/u/signup`, `/u/signup/identifier` and `/u/signup/password`: sign up during a login."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from mockidp.flows.accounts.new_password import policy_of
from mockidp.flows.accounts.sign_up_page import (
    database_for_sign_up,
    remember_new_user,
    sign_up_and_log_in,
)
from mockidp.flows.login.identifier_first import first_page, is_identifier_first
from mockidp.flows.login.login_connections import LoginConnections
from mockidp.flows.login.page_errors import PromptError
from mockidp.flows.login.steps import (
    PASSKEY_PAGE,
    SIGN_UP_IDENTIFIER,
    SIGN_UP_PAGE,
    SIGN_UP_PASSWORD,
)
from mockidp.flows.organizations.invitations import invited_email
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.connection import Connection
from mockidp.web.hosted.classic import show_page
from mockidp.web.hosted.passkeys import offers_sign_up
from mockidp.web.hosted.prompt import go_to, login_of, page_url, resume_login
from mockidp.web.hosted.provider_buttons import answer_provider_button, provider_buttons
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

Step = Callable[[Exchange, Pages, LoginTransaction, Connection], Reply]


def _handle(step: Step, exchange: Exchange, pages: Pages) -> Reply:
    """Call the handler of a page with the login and the database of the sign-up."""
    login = login_of(exchange)
    if exchange.method == "POST":
        clicked = answer_provider_button(exchange, login)
        if clicked is not None:
            return clicked
    return step(exchange, pages, login, database_for_sign_up(exchange.tenant, login))


def _show(exchange: Exchange, pages: Pages, login: LoginTransaction, database: Connection) -> Reply:
    if is_identifier_first(LoginConnections(exchange.tenant, login)):
        return go_to(SIGN_UP_IDENTIFIER, exchange, login)
    email = _expected_email(exchange, login)
    return _page(exchange, pages, login, database, "signup", email=email)


def _expected_email(exchange: Exchange, login: LoginTransaction) -> str | None:
    return login.request.login_hint or invited_email(exchange.tenant, login)


def _submit(
    exchange: Exchange, pages: Pages, login: LoginTransaction, database: Connection
) -> Reply:
    form = {name: exchange.body().get(name) for name in ("email", "username", "password")}
    try:
        session = sign_up_and_log_in(exchange.tenant, exchange.base_url, login, database, form)
    except PromptError as error:
        typed = {name: form[name] for name in ("email", "username")}
        return _page(exchange, pages, login, database, "signup", refused=error, **typed)
    return resume_login(exchange, login, session=session)


def _show_identifier(
    exchange: Exchange, pages: Pages, login: LoginTransaction, database: Connection
) -> Reply:
    if not is_identifier_first(LoginConnections(exchange.tenant, login)):
        return go_to(SIGN_UP_PAGE, exchange, login)
    email = login.identifier or _expected_email(exchange, login)
    return _page(
        exchange, pages, login, database, "signup-id", email=email, username=login.new_username
    )


def _submit_identifier(
    exchange: Exchange, pages: Pages, login: LoginTransaction, database: Connection
) -> Reply:
    form = {name: exchange.body().get(name) for name in ("email", "username")}
    try:
        remember_new_user(exchange.tenant, login, database, form)
    except PromptError as error:
        return _page(exchange, pages, login, database, "signup-id", refused=error, **form)
    if offers_sign_up(exchange, login, database):
        return go_to(PASSKEY_PAGE, exchange, login)
    return go_to(SIGN_UP_PASSWORD, exchange, login)


def _show_password(
    exchange: Exchange, pages: Pages, login: LoginTransaction, database: Connection
) -> Reply:
    if login.identifier is None:
        return go_to(SIGN_UP_IDENTIFIER, exchange, login)
    return _page(exchange, pages, login, database, "signup-password", email=login.identifier)


def _submit_password(
    exchange: Exchange, pages: Pages, login: LoginTransaction, database: Connection
) -> Reply:
    form = {
        "email": exchange.body().get("email") or login.identifier,
        "username": login.new_username,
        "password": exchange.body().get("password"),
    }
    try:
        session = sign_up_and_log_in(exchange.tenant, exchange.base_url, login, database, form)
    except PromptError as error:
        if not set(error.errors) <= {"password", ""}:
            # The wrong value is from the first page.
            typed = {name: form[name] for name in ("email", "username")}
            return _page(exchange, pages, login, database, "signup-id", refused=error, **typed)
        return _page(
            exchange, pages, login, database, "signup-password", refused=error, email=form["email"]
        )
    return resume_login(exchange, login, session=session)


def _page(
    exchange: Exchange,
    pages: Pages,
    login: LoginTransaction,
    database: Connection,
    name: str,
    *,
    refused: PromptError | None = None,
    email: str | None = None,
    username: str | None = None,
) -> Reply:
    connections = LoginConnections(exchange.tenant, login)
    return show_page(
        exchange,
        pages,
        login,
        name,
        refused=refused,
        email=email or "",
        username=username or "",
        needs_username=database.options.needs_username,
        policy=str(policy_of(database)),
        **provider_buttons(exchange, connections),
        login_url=page_url(first_page(connections), exchange, login),
        edit_url=page_url(SIGN_UP_IDENTIFIER, exchange, login),
    )


_route = partial(Route, endpoint="signup_page", refuses_on_page=True)
ROUTES = tuple(
    _route(path=path, methods=(method,), handler=partial(_handle, step))
    for path, method, step in (
        (SIGN_UP_PAGE, "GET", _show),
        (SIGN_UP_PAGE, "POST", _submit),
        (SIGN_UP_IDENTIFIER, "GET", _show_identifier),
        (SIGN_UP_IDENTIFIER, "POST", _submit_identifier),
        (SIGN_UP_PASSWORD, "GET", _show_password),
        (SIGN_UP_PASSWORD, "POST", _submit_password),
    )
)
