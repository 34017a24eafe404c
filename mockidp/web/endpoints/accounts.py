"""`/dbconnections/signup` and `/dbconnections/change_password`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from mockidp.flows.accounts.database import INVALID_REQUEST
from mockidp.flows.accounts.reset import request_change
from mockidp.flows.accounts.sign_up import sign_up
from mockidp.protocol.errors.account_refusal import AccountRefusal
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.request_parameters.change_password import CHANGE_PASSWORD
from mockidp.protocol.request_parameters.sign_up import SIGN_UP
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import json_response, text_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Handler, Route


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
    return Reply(json_response(sign_up(exchange.tenant, exchange.base_url, exchange.body_only())))


@_refuses_as_account
def _change_password(exchange: Exchange) -> Reply:
    text = request_change(exchange.tenant, exchange.base_url, exchange.body_only())
    return Reply(text_response(text, content_type="text/html; charset=utf-8"))


ROUTES = (
    Route(
        endpoint="signup",
        path="/dbconnections/signup",
        methods=("POST",),
        handler=_sign_up,
        parameters=SIGN_UP,
        cors="listed",
    ),
    Route(
        endpoint="change_password",
        path="/dbconnections/change_password",
        methods=("POST",),
        handler=_change_password,
        parameters=CHANGE_PASSWORD,
        cors="listed",
    ),
)
