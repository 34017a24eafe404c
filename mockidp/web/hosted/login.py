"""`/u/login` and `/login` (classic): type name and password, pick a user, or cancel."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from mockidp.flows.login.authenticate import log_in
from mockidp.flows.login.default_route import default_login_route
from mockidp.flows.login.identifier_first import first_page
from mockidp.flows.login.login_connections import LoginConnections
from mockidp.flows.login.page_errors import LoginPageError
from mockidp.flows.login.steps import CLASSIC_PAGE, LOGIN_PAGE
from mockidp.flows.login.transaction import find_login
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.web.hosted.account_links import account_links
from mockidp.web.hosted.classic import show_page
from mockidp.web.hosted.picker import answer_picker, picker_of
from mockidp.web.hosted.prompt import go_to, resume_login, state_of
from mockidp.web.hosted.provider_buttons import answer_provider_button, provider_buttons
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import redirect
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

LoginHandler = Callable[[Exchange, Pages, LoginTransaction], Reply]

_SCREENS = ("login", "login-id", "login-password")
"""The form has the class stems of all three screens, so that scripts for the two-step pages find it
as well."""


def handle_login(handler: LoginHandler, exchange: Exchange, pages: Pages) -> Reply:
    """Call the handler of a login page with the login that the request belongs to.

    If the login has ended, the browser is redirected to the default login route, if there is one.
    If the user has already logged in, continue the login.

    Raises:
        InvalidRequest: The login does not exist, so the error is shown on a page.
    """
    state = state_of(exchange)
    try:
        login = find_login(exchange.tenant, exchange.base_url, state)
    except InvalidRequest as error:
        location = default_login_route(exchange.tenant, exchange.base_url, state)
        if location is None:
            raise
        return Reply(redirect(location), error.hint, refused=error)
    is_visit = exchange.method == "GET"
    if is_visit and login.session_id is not None and login.session_id == _session_id(exchange):
        return resume_login(exchange, login)
    return handler(exchange, pages, login)


def _session_id(exchange: Exchange) -> str | None:
    session = exchange.session()
    return session.id if session else None


def login_routes(
    page: str, *, show: LoginHandler, submit: LoginHandler, endpoint: str = "login"
) -> tuple[Route, ...]:
    """Return the routes of a login page."""
    route = partial(Route, endpoint=endpoint, path=page, refuses_on_page=True)
    return (
        route(methods=("GET",), handler=partial(handle_login, show)),
        route(methods=("POST",), handler=partial(handle_login, submit)),
    )


def _show(exchange: Exchange, pages: Pages, login: LoginTransaction) -> Reply:
    connections = LoginConnections(exchange.tenant, login)
    page = first_page(connections)
    if page != exchange.path:
        return go_to(page, exchange, login)
    return _page(exchange, pages, connections, username=login.request.login_hint)


def _submit(exchange: Exchange, pages: Pages, login: LoginTransaction) -> Reply:
    form, tenant = exchange.body(), exchange.tenant
    username = form.get("username") or form.get("email")
    try:
        picked = answer_picker(exchange, pages, login) or answer_provider_button(exchange, login)
        if picked is not None:
            return picked
        session = log_in(
            tenant,
            login,
            username,
            form.get("password"),
            address=exchange.address,
            base_url=exchange.base_url,
        )
    except LoginPageError as error:
        typed = None if form.get("action") == "pick" else username
        connections = LoginConnections(tenant, login)
        return _page(exchange, pages, connections, username=typed, refused=error)
    return resume_login(exchange, login, session=session)


def _page(
    exchange: Exchange,
    pages: Pages,
    connections: LoginConnections,
    *,
    username: str | None,
    refused: LoginPageError | None = None,
) -> Reply:
    return show_page(
        exchange,
        pages,
        connections.login,
        "login",
        refused=refused,
        hint=connections.why_nobody_can_log_in(),
        screens=_SCREENS,
        username=username or "",
        requires_username=connections.requires_username,
        **account_links(exchange, connections),
        **provider_buttons(exchange, connections),
        **picker_of(exchange, connections),
    )


ROUTES = tuple(
    route
    for page in (LOGIN_PAGE, CLASSIC_PAGE)
    for route in login_routes(page, show=_show, submit=_submit)
)
