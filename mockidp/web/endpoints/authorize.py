"""`/authorize`: the start of a login."""

from __future__ import annotations

from mockidp.flows.authorize import LoginNeeded, authorize
from mockidp.web.exchange import Exchange
from mockidp.web.pages import Pages
from mockidp.web.render import redirect
from mockidp.web.route import Answer, Route


def _authorize(exchange: Exchange, _pages: Pages) -> Answer:
    answer = authorize(
        exchange.tenant, exchange.base_url, exchange.parameters(), session=exchange.session()
    )
    if isinstance(answer, LoginNeeded):
        return redirect(f"{exchange.prefix}/u/login?state={answer.state}")
    return answer


ROUTE = Route(
    area="authorize",
    path="/authorize",
    methods=("GET", "POST"),
    handler=_authorize,
    refuses_on_page=True,
)
