"""`/oidc/register`: dynamic client registration."""

from __future__ import annotations

from mockidp.flows.clients.registration import check_registration_is_enabled, register_client
from mockidp.protocol.discovery.document import REGISTER as PATH
from mockidp.protocol.request_parameters.register import REGISTER
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import json_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

_HEADERS = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def _register(exchange: Exchange, _pages: Pages) -> Reply:
    check_registration_is_enabled(exchange.tenant)
    body = register_client(exchange.tenant, exchange.json_body())
    return Reply(json_response(body, status=201, headers=_HEADERS))


ROUTES = (
    Route(
        endpoint="register",
        path=PATH,
        methods=("POST",),
        handler=_register,
        parameters=REGISTER,
        cors="any",
    ),
)
