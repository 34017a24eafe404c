"""`/_mockidp/health`: whether the mock is up."""

from __future__ import annotations

from mockidp.web.exchange import Exchange
from mockidp.web.pages import Pages
from mockidp.web.render import json_response
from mockidp.web.reply import Reply
from mockidp.web.route import Route


def _health(_exchange: Exchange, _pages: Pages) -> Reply:
    return Reply(json_response({"status": "ok"}))


ROUTE = Route(endpoint="health", path="/_mockidp/health", methods=("GET",), handler=_health)
