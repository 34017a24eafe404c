"""The style sheet and the script of the console, below a path that changes with their content."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files

from mockidp.protocol.errors.oauth_error import NotFound
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import text_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route
from mockidp.web.routing.route_table import ID

STYLE, SCRIPT = "console.css", "console.js"
_TYPES = {STYLE: "text/css; charset=utf-8", SCRIPT: "text/javascript; charset=utf-8"}
_FOLDER = "/_mockidp/static"
_DIGITS = 8


@cache
def _text(name: str) -> str:
    return files("mockidp.web").joinpath("static", name).read_text(encoding="utf-8")


@cache
def asset_path(name: str) -> str:
    """Return the path of a file. It contains a digest, so that browsers can keep the file."""
    digest = sha256(_text(name).encode()).hexdigest()[:_DIGITS]
    return f"{_FOLDER}/{digest}/{name}"


def _send(exchange: Exchange, _pages: Pages) -> Reply:
    path = exchange.path
    name = next((one for one in _TYPES if asset_path(one) == path), None)
    if name is None:
        raise NotFound("Not Found", hint="This file of the console has changed. Reload the page.")
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Reply(text_response(_text(name), headers=headers, content_type=_TYPES[name]))


ROUTES = (
    Route(
        endpoint="console",
        path=f"{_FOLDER}/{ID}",
        methods=("GET",),
        handler=_send,
        is_recorded=False,
    ),
)
