"""`/test`: Auth0's health check."""

from __future__ import annotations

from mockidp.web.exchange import Exchange
from mockidp.web.pages import Pages
from mockidp.web.render import NEVER_CACHED, json_response
from mockidp.web.reply import Reply
from mockidp.web.route import Route


def _health(exchange: Exchange, _pages: Pages) -> Reply:
    """Return the tenant's time in milliseconds."""
    body = {"clock": int(exchange.tenant.now() * 1000)}
    return Reply(json_response(body, headers={"Cache-Control": NEVER_CACHED}))


ROUTES = (Route(endpoint="health_check", path="/test", methods=("GET",), handler=_health),)
