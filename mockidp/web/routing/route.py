"""A route: its path and methods, its handler, and how it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from mockidp.frozen import frozen
from mockidp.protocol.request_parameters.table import ParameterTable
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.cors import Cors
from mockidp.web.response.reply import Reply

RefusalFormat = Literal["oauth", "management", "my_account", "scim"]
Handler = Callable[[Exchange, Pages], Reply]

MAX_BODY = 64 * 1024
"""The largest body in bytes, unless a route says otherwise."""


@frozen
class Route:
    """One route of an endpoint."""

    endpoint: str
    """The endpoint's name in the log, in the journal and in faults."""
    path: str
    methods: tuple[str, ...]
    handler: Handler
    parameters: ParameterTable | None = None
    """The parameters that the endpoint documents, for docs/reference/endpoints.md."""
    simplified: str = ""
    """What mockidp leaves out on purpose, in sentences."""
    cors: Cors = "none"
    refuses_on_page: bool = False
    """Whether a refusal is a page, because a person sees it."""
    refusals: RefusalFormat = "oauth"
    """The format of refusals: that of the Authentication API, or of another API."""
    is_recorded: bool = True
    """Whether the journal records its exchanges. If not, they draw no ids either."""
    rate_limit: int = 0
    """The `X-RateLimit-Limit` in the response if no requests are counted; 0 omits it."""
    max_body: int = MAX_BODY
    """The largest body in bytes. A larger one is refused before it is read."""

    @property
    def all_methods(self) -> tuple[str, ...]:
        """The methods, with those that are implied.

        These are HEAD where GET is allowed, and OPTIONS where pages of other origins may call.
        """
        head = ("HEAD",) if "GET" in self.methods else ()
        return (*self.methods, *head, *(() if self.cors == "none" else ("OPTIONS",)))
