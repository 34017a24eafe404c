"""The My Account API over HTTP. `mockidp.my_account` has the operations."""

from __future__ import annotations

from http import HTTPStatus

from mockidp.management.access import MY_ACCOUNT
from mockidp.my_account.operations import OPERATIONS
from mockidp.protocol.my_account import MyAccountRefusal
from mockidp.web.apis.operation_handler import OperationHandler, caller_of
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

ENDPOINT = "my_account"
PREFIX = "/me"


def _unmatched(exchange: Exchange, _pages: Pages) -> Reply:
    """Refuse other calls."""
    method, path = exchange.method, exchange.path
    caller_of(exchange, MY_ACCOUNT)
    with exchange.tenant.trace.check("operation", method=method, path=path):
        raise MyAccountRefusal(
            HTTPStatus.NOT_FOUND,
            "Not Found",
            hint=f"The My Account API has no call {method[:20]} {path[:100]}.",
        )


UNMATCHED = Route(
    endpoint=ENDPOINT,
    path="",
    methods=(),
    handler=_unmatched,
    refusals="my_account",
    cors="listed",
)
"""Calls without an operation."""
ROUTES = tuple(
    Route(
        endpoint=ENDPOINT,
        path=PREFIX + one.path,
        methods=(one.method,),
        handler=OperationHandler(MY_ACCOUNT, PREFIX, one),
        refusals="my_account",
        cors="listed",
    )
    for one in OPERATIONS
)
