"""The Management API over HTTP. `mockidp.management` has the operations."""

from __future__ import annotations

from mockidp.management.access import MANAGEMENT
from mockidp.management.operations import OPERATIONS
from mockidp.management.refusals import insufficient_scope, not_found
from mockidp.protocol.management_scopes import SCOPES
from mockidp.web import export_file
from mockidp.web.exchange import Exchange
from mockidp.web.operation_handler import OperationHandler, caller_of
from mockidp.web.pages import Pages
from mockidp.web.reply import Reply
from mockidp.web.route import Route

ENDPOINT = "management"
PREFIX = "/api/v2"
MAX_BODY = 1024 * 1024
"""Bytes (D)."""
_RATE_LIMIT = 100
_VERBS = {"GET": "read", "HEAD": "read", "POST": "create", "DELETE": "delete"}


def _unmatched(exchange: Exchange, _pages: Pages) -> Reply:
    """Refuse calls that mockidp does not have: 403 if a scope for them exists, otherwise 404.

    Auth0's tools skip a resource for which they have no scope, and repeat a call that fails.
    """
    method, path = exchange.request.method, exchange.request.path
    noun = path.removeprefix(f"{PREFIX}/").partition("/")[0].replace("-", "_")
    verb = _VERBS.get(method, "update")
    scope = f"{verb}:{noun}"
    caller_of(exchange, MANAGEMENT)
    with exchange.tenant.trace.check("operation", method=method, path=path):
        if scope not in SCOPES:
            raise not_found("Not Found", hint=f"The Management API has no call {method} {path}.")
        raise insufficient_scope(
            [scope], hint=f"The Management API of mockidp does not have {method} {path} yet."
        )


UNMATCHED = Route(
    endpoint=ENDPOINT,
    path="",
    methods=(),
    handler=_unmatched,
    refusals="management",
    max_body=MAX_BODY,
)
"""Calls without an operation."""
ROUTES = (
    *(
        Route(
            endpoint=ENDPOINT,
            refusals="management",
            path=PREFIX + one.path,
            methods=(one.method,),
            handler=OperationHandler(MANAGEMENT, PREFIX, one),
            max_body=MAX_BODY,
            rate_limit=_RATE_LIMIT,
        )
        for one in OPERATIONS
    ),
    Route(
        endpoint=ENDPOINT,
        refusals="management",
        path=PREFIX + export_file.PATH,
        methods=("GET",),
        handler=export_file.send_file,
    ),
)
