"""`/_mockidp/health`: whether the mock is up."""

from __future__ import annotations

from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import json_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route


def _health(_exchange: Exchange, _pages: Pages) -> Reply:
    return Reply(json_response({"status": "ok"}))


ROUTE = Route(endpoint="health", path="/_mockidp/health", methods=("GET",), handler=_health)
