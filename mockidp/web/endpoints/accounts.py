"""`/dbconnections/signup`: accounts of database connections."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from mockidp.flows.accounts.database import INVALID_REQUEST
from mockidp.flows.accounts.sign_up import sign_up
from mockidp.protocol.account_refusal import AccountRefusal
from mockidp.protocol.oauth_error import InvalidRequest
from mockidp.protocol.request_parameters.sign_up import SIGN_UP
from mockidp.web.exchange import Exchange
from mockidp.web.pages import Pages
from mockidp.web.render import json_response
from mockidp.web.reply import Reply
from mockidp.web.route import Handler, Route


def _refuses_as_account(handle: Callable[[Exchange], Reply]) -> Handler:
    """Return a handler that refuses a malformed request in the format of these endpoints."""

    @wraps(handle)
    def handler(exchange: Exchange, _pages: Pages) -> Reply:
        try:
            return handle(exchange)
        except InvalidRequest as error:
            refusal = AccountRefusal(INVALID_REQUEST, error.description, hint=error.hint)
            refusal.status = error.status
            raise refusal from None

    return handler


@_refuses_as_account
def _sign_up(exchange: Exchange) -> Reply:
    return Reply(json_response(sign_up(exchange.tenant, exchange.body_only())))


ROUTES = (
    Route(
        endpoint="signup",
        path="/dbconnections/signup",
        methods=("POST",),
        handler=_sign_up,
        parameters=SIGN_UP,
        cors="listed",
    ),
)
