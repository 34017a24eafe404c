"""`/usernamepassword/login`, which returns a form, and what `/login/callback` does with it."""

from __future__ import annotations

from mockidp.flows.legacy.hosted_login import PATH, check_password
from mockidp.flows.legacy.login_result import log_in_with_result
from mockidp.flows.legacy.origin import check_own_page
from mockidp.protocol.errors.account_refusal import LoginRefusal
from mockidp.protocol.errors.oauth_error import OAuthError
from mockidp.protocol.request_parameters.legacy import HOSTED_LOGIN
from mockidp.web.cookies.remember import remembered_browser
from mockidp.web.hosted.prompt import resume_login
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import page
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route


def _log_in(exchange: Exchange, pages: Pages) -> Reply:
    tenant, base_url = exchange.tenant, exchange.base_url
    check_own_page(tenant, base_url, exchange.request.headers.get("Origin"), PATH)
    try:
        form = check_password(
            tenant,
            base_url,
            exchange.body_only(),
            address=exchange.address,
            remembered=remembered_browser(exchange),
        )
    except OAuthError as error:
        raise LoginRefusal(
            error.error, error.description, status=error.status, hint=error.hint
        ) from None
    return Reply(page(pages.render("hidden_form.html", action_url=form.action, fields=form.fields)))


def has_result(exchange: Exchange) -> bool:
    """Return whether a form for /login/callback is that of a login with a password."""
    return bool({"wa", "wresult"} & exchange.body().raw().keys())


def continue_with_result(exchange: Exchange) -> Reply:
    """Log the browser in with the form, and continue the login."""
    login, session = log_in_with_result(exchange.tenant, exchange.base_url, exchange.body())
    return resume_login(exchange, login, session=session)


ROUTES = (
    Route(
        endpoint="usernamepassword_login",
        path=PATH,
        methods=("POST",),
        handler=_log_in,
        parameters=HOSTED_LOGIN,
        cors="listed",
    ),
)
