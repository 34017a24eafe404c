"""`/authorize`: the start of a login."""

from __future__ import annotations

from mockidp.flows.authorization.authorize import LoginNeeded, SignedIn, authorize
from mockidp.flows.login.classic import query_of
from mockidp.flows.session_transfer.redeem import Browser
from mockidp.protocol.request_parameters.authorize import AUTHORIZE
from mockidp.protocol.tokens.session_transfer import COOKIE
from mockidp.web.cookies.browser import browser_of
from mockidp.web.cookies.remember import remembered_browser
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import redirect
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route


def _authorize(exchange: Exchange, _pages: Pages) -> Reply:
    answer = authorize(
        exchange.tenant,
        exchange.base_url,
        exchange.parameters(),
        sender=Browser(
            session=exchange.session(),
            transfer_cookie=exchange.cookies.get(COOKIE),
            address=exchange.address,
        ),
        browser=browser_of(exchange),
        remembered=remembered_browser(exchange),
    )
    if isinstance(answer, LoginNeeded):
        query = query_of(answer.page, answer.state, exchange.client_id)
        return Reply(redirect(f"{exchange.prefix}{answer.page}?{query}"), session=answer.session)
    if isinstance(answer, SignedIn):
        return Reply(answer.response, session=answer.session)
    return Reply(answer)


ROUTES = (
    Route(
        endpoint="authorize",
        path="/authorize",
        methods=("GET", "POST"),
        handler=_authorize,
        parameters=AUTHORIZE,
        refuses_on_page=True,
    ),
)
