"""`/co/authenticate`: a page of an app logs a user in itself."""

from __future__ import annotations

from mockidp.flows.cross_origin.authenticate import CrossOriginCaller, authenticate
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.request_parameters.cross_origin import CROSS_ORIGIN
from mockidp.web.cookies.browser import browser_of, set_browser_cookie
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import json_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

_HEADERS = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def _authenticate(exchange: Exchange, _pages: Pages) -> Reply:
    if exchange.request.mimetype != "application/json":
        raise InvalidRequest(
            "Unsupported content type",
            hint="The body of /co/authenticate must be JSON. Send it with the content type "
            "application/json.",
        )
    caller = CrossOriginCaller(
        origin=exchange.request.headers.get("Origin"),
        base_url=exchange.base_url,
        address=exchange.address,
        browser=browser_of(exchange),
    )
    ticket, record = authenticate(exchange.tenant, exchange.body_only(), caller)
    body = {"login_ticket": ticket, "co_id": record.co_id, "co_verifier": record.verifier}
    response = json_response(body, headers=_HEADERS)
    set_browser_cookie(exchange, response, record.browser)
    return Reply(response)


ROUTES = (
    Route(
        endpoint="co_authenticate",
        path="/co/authenticate",
        methods=("POST",),
        handler=_authenticate,
        parameters=CROSS_ORIGIN,
        cors="listed",
    ),
)
