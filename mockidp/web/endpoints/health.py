"""`/test`: Auth0's health check."""

from __future__ import annotations

from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import NEVER_CACHED, json_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route


def _health(exchange: Exchange, _pages: Pages) -> Reply:
    """Return the tenant's time in milliseconds."""
    body = {"clock": int(exchange.tenant.now() * 1000)}
    return Reply(json_response(body, headers={"Cache-Control": NEVER_CACHED}))


ROUTES = (Route(endpoint="health_check", path="/test", methods=("GET",), handler=_health),)
