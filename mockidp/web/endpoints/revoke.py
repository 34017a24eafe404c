"""`/oauth/revoke`."""

from __future__ import annotations

from mockidp.flows.revoke import revoke
from mockidp.web.exchange import Exchange
from mockidp.web.pages import Pages
from mockidp.web.render import NEVER_CACHED, text_response
from mockidp.web.route import Answer, Route


def _revoke(exchange: Exchange, _pages: Pages) -> Answer:
    exchange.hint = revoke(
        exchange.tenant, exchange.body_only(), authorization=exchange.authorization
    )
    return text_response("", headers={"Cache-Control": NEVER_CACHED})


ROUTE = Route(
    endpoint="revoke", path="/oauth/revoke", methods=("POST",), handler=_revoke, cors="listed"
)
