"""`/authorize`: the start of a login."""

from __future__ import annotations

from mockidp.flows.authorization.authorize import LoginNeeded, SignedIn, authorize
from mockidp.web.exchange import Exchange
from mockidp.web.pages import Pages
from mockidp.web.render import authorization_response, redirect
from mockidp.web.route import Answer, Route
from mockidp.web.session_cookie import set_session_cookie


def _authorize(exchange: Exchange, pages: Pages) -> Answer:
    answer = authorize(
        exchange.tenant, exchange.base_url, exchange.parameters(), session=exchange.session()
    )
    if isinstance(answer, LoginNeeded):
        return redirect(f"{exchange.prefix}/u/login?state={answer.state}")
    if isinstance(answer, SignedIn):
        response = authorization_response(exchange, pages, answer.response)
        set_session_cookie(exchange, response, answer.session)
        return response
    return answer


ROUTE = Route(
    endpoint="authorize",
    path="/authorize",
    methods=("GET", "POST"),
    handler=_authorize,
    refuses_on_page=True,
)
