"""An endpoint: where it is, who answers it, and in which shape it refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from werkzeug import Response

from mockidp.protocol.response_mode import AuthorizationResponse
from mockidp.web.cors import Cors
from mockidp.web.exchange import Exchange
from mockidp.web.pages import Pages

Answer = Response | AuthorizationResponse
Handler = Callable[[Exchange, Pages], Answer]

MAX_BODY = 64 * 1024
"""Bytes of a body that an endpoint reads unless its route says otherwise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """One endpoint.

    `area` names it in the log. Where `refuses_on_page` is set, a person is looking, and a
    refusal is a page.
    """

    endpoint: str
    path: str
    methods: tuple[str, ...]
    handler: Handler
    cors: Cors = "none"
    refuses_on_page: bool = False
    rate_limit: int = 0
    """The `X-RateLimit-Limit` that is shown; 0 shows none. Nothing is limited."""
    max_body: int = MAX_BODY
    """The largest body in bytes. A larger one is refused before it is read."""
