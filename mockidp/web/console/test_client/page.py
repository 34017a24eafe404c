"""`/_mockidp/try`: a client for people who have no app yet.

It logs in like any client: /authorize with PKCE, state and nonce, then /oauth/token and /userinfo.
"""

from __future__ import annotations

from itertools import islice
from urllib.parse import urlencode

from mockidp.protocol.urls.rules import TEST_PAGE
from mockidp.tenant.content.try_client import AS_YAML, TEST_CLIENT_ID
from mockidp.web.console.test_client.pending_login import (
    DEFAULT_SCOPE,
    OPTIONAL,
    PendingLogin,
    forget,
    redirect_uri,
)
from mockidp.web.console.test_client.redemption import CompletedLogin, redeem
from mockidp.web.console.visit import Visit
from mockidp.web.control.guard import check_page
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import redirect
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

LOGIN = f"{TEST_PAGE}/login"


def _show(exchange: Exchange, pages: Pages) -> Reply:
    check_page(exchange, changes=False)
    query = exchange.query()
    if query.get("state") or query.get("code") or query.get("error"):
        return _answer(exchange, pages)
    return Visit(exchange, pages).page(
        "try",
        title="Test client",
        area="try",
        login_url=exchange.prefix + LOGIN,
        logout_url=_logout_url(exchange),
        scope=query.get("scope") or DEFAULT_SCOPE,
        values={name: query.get(name) or "" for name in OPTIONAL},
        apis=list(islice(exchange.tenant.directory.apis, 50)),
        problem=_problem(exchange),
        yaml=AS_YAML,
    )


def _login(exchange: Exchange, _pages: Pages) -> Reply:
    check_page(exchange, changes=False)
    if _problem(exchange):
        return Reply(redirect(exchange.prefix + TEST_PAGE))
    pending = PendingLogin.begin()
    response = redirect(pending.authorize_url(exchange))
    pending.keep(exchange, response)
    return Reply(response)


def _answer(exchange: Exchange, pages: Pages) -> Reply:
    """Show the outcome of a login."""
    outcome = redeem(exchange)
    has_tokens = isinstance(outcome, CompletedLogin)
    response = Visit(exchange, pages).response(
        "tried" if has_tokens else "try_refused",
        title="Logged in" if has_tokens else "Not logged in",
        area="try",
        try_url=exchange.prefix + TEST_PAGE,
        login_url=exchange.prefix + LOGIN,
        logout_url=_logout_url(exchange),
        outcome=outcome,
    )
    forget(exchange, response)
    return Reply(response)


def _problem(exchange: Exchange) -> str:
    """Return why the test client cannot log in; empty if it can."""
    directory = exchange.tenant.directory
    client = directory.client(TEST_CLIENT_ID, base_url=exchange.base_url)
    if client is None:
        return f"This tenant has no client {TEST_CLIENT_ID}."
    if not directory.allows_callback(client, redirect_uri(exchange)):
        return f"The client {TEST_CLIENT_ID} does not have the callback {TEST_PAGE}."
    return ""


def _logout_url(exchange: Exchange) -> str:
    query = {"client_id": TEST_CLIENT_ID, "returnTo": redirect_uri(exchange)}
    return f"{exchange.prefix}/v2/logout?{urlencode(query)}"


ROUTES = (
    Route(endpoint="try", path=TEST_PAGE, methods=("GET",), handler=_show),
    Route(endpoint="try", path=LOGIN, methods=("GET",), handler=_login),
)
