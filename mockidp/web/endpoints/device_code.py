"""`/oauth/device/code`: device authorization requests."""

from __future__ import annotations

from mockidp.flows.device.authorize import authorize_device
from mockidp.protocol.discovery.document import DEVICE_CODE
from mockidp.protocol.request_parameters import device_code
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import json_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

_HEADERS = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def _authorize(exchange: Exchange, _pages: Pages) -> Reply:
    body = authorize_device(
        exchange.tenant, exchange.base_url, exchange.body_only(), exchange.authorization
    )
    return Reply(json_response(body, headers=_HEADERS))


ROUTES = (
    Route(
        endpoint="device_code",
        path=DEVICE_CODE,
        methods=("POST",),
        handler=_authorize,
        parameters=device_code.DEVICE_CODE,
        cors="listed",
    ),
)
