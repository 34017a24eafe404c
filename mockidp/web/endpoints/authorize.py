"""`/authorize`: the start of a login."""

from __future__ import annotations

from mockidp.flows.authorization.authorize import LoginNeeded, SignedIn, authorize
from mockidp.protocol.request_parameters.authorize import AUTHORIZE
from mockidp.web.browser_cookie import browser_of
from mockidp.web.exchange import Exchange
from mockidp.web.pages import Pages
from mockidp.web.remember_cookie import remembered_browser
from mockidp.web.render import redirect
from mockidp.web.reply import Reply
from mockidp.web.route import Route


def _authorize(exchange: Exchange, _pages: Pages) -> Reply:
    answer = authorize(
        exchange.tenant,
        exchange.base_url,
        exchange.parameters(),
        session=exchange.session(),
        browser=browser_of(exchange),
        remembered=remembered_browser(exchange),
    )
    if isinstance(answer, LoginNeeded):
        location = f"{exchange.prefix}{answer.page}?state={answer.state}"
        return Reply(redirect(location), session=answer.session)
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
