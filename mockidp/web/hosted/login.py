"""`/u/login`: log in with name and password or by picking a user, or cancel."""

from __future__ import annotations

from functools import partial

from mockidp.flows.login.authenticate import log_in, pick, why_password_would_fail
from mockidp.flows.login.default_route import default_login_route
from mockidp.flows.login.identify import choices, requires_username, why_nobody_can_log_in
from mockidp.flows.login.page_errors import LoginPageError
from mockidp.flows.login.steps import LOGIN_PAGE
from mockidp.flows.login.transaction import deny, find_login, login_client
from mockidp.protocol.artifacts import LoginTransaction
from mockidp.protocol.oauth_error import InvalidRequest
from mockidp.resources.user import User
from mockidp.web.exchange import Exchange
from mockidp.web.hosted.prompt import resume_login
from mockidp.web.pages import Pages, UserChoice
from mockidp.web.render import page, redirect
from mockidp.web.reply import Reply
from mockidp.web.route import Route


def _show(exchange: Exchange, pages: Pages) -> Reply:
    state = exchange.query().get("state")
    try:
        login = find_login(exchange.tenant, state)
    except InvalidRequest as error:
        return _start_over(exchange, state, error)
    if login.session_id is not None and login.session_id == _session_id(exchange):
        return resume_login(exchange, login)
    hint = why_nobody_can_log_in(exchange.tenant, login)
    username = login.request.login_hint or ""
    return Reply(page(_page(exchange, pages, login, username=username, hint=hint)), hint)


def _submit(exchange: Exchange, pages: Pages) -> Reply:
    form = exchange.body()
    state = form.get("state") or exchange.query().get("state")
    try:
        login = find_login(exchange.tenant, state)
    except InvalidRequest as error:
        return _start_over(exchange, state, error)
    action, username = form.get("action"), form.get("username")
    if action == "deny":
        return Reply(deny(exchange.tenant, login))
    hint = ""
    try:
        if action == "pick":
            # The page posts the id as `user_id`; tests may post it as `username`.
            picked = form.get("user_id") or username or ""
            session = pick(exchange.tenant, login, picked)
            hint = why_password_would_fail(exchange.tenant, session)
        else:
            password = form.get("password")
            session = log_in(exchange.tenant, login, username, password, address=exchange.address)
    except LoginPageError as error:
        typed = "" if action == "pick" else username or ""
        html = _page(exchange, pages, login, username=typed, hint=error.hint, refused=error)
        return Reply(page(html, error.status), error.hint, refused=error)
    return resume_login(exchange, login, session=session, hint=hint)


def _start_over(exchange: Exchange, state: str | None, error: InvalidRequest) -> Reply:
    """Redirect to the default login route, if there is one.

    Raises:
        InvalidRequest: The transaction does not exist, so the error is shown on a page.
    """
    location = default_login_route(exchange.tenant, exchange.base_url, state)
    if location is None:
        raise error
    return Reply(redirect(location), error.hint, refused=error)


def _page(
    exchange: Exchange,
    pages: Pages,
    login: LoginTransaction,
    *,
    username: str,
    hint: str,
    refused: LoginPageError | None = None,
) -> str:
    client = login_client(exchange.tenant, login)
    return pages.login(
        tenant_name=exchange.tenant.name,
        client_name=client.name or client.client_id,
        state=login.state,
        action_url=f"{exchange.prefix}{LOGIN_PAGE}?state={login.state}",
        users=[_choice(user) for user in choices(exchange.tenant, login)],
        username=username,
        requires_username=requires_username(exchange.tenant, login),
        errors=refused.errors if refused else {},
        hint=hint,
    )


def _choice(user: User) -> UserChoice:
    shown = user.email or user.username or user.user_id
    return UserChoice(user_id=user.user_id, username=shown, name=user.name)


def _session_id(exchange: Exchange) -> str | None:
    session = exchange.session()
    return session.id if session else None


_route = partial(Route, endpoint="login", path=LOGIN_PAGE, refuses_on_page=True)
ROUTES = (
    _route(methods=("GET",), handler=_show),
    _route(methods=("POST",), handler=_submit),
)
