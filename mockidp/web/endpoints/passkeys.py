"""`/passkey/register` and `/passkey/challenge`: passkeys without hosted pages."""

from __future__ import annotations

from mockidp.flows.passkeys.start import start_login, start_sign_up
from mockidp.protocol.request_parameters.passkeys import PASSKEY_CHALLENGE, PASSKEY_REGISTER
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import NEVER_CACHED, json_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

_HEADERS = {"Cache-Control": NEVER_CACHED}


def _register(exchange: Exchange, _pages: Pages) -> Reply:
    body = start_sign_up(
        exchange.tenant, exchange.base_url, exchange.body_only(), exchange.authorization
    )
    return Reply(json_response(body, headers=_HEADERS))


def _challenge(exchange: Exchange, _pages: Pages) -> Reply:
    body = start_login(
        exchange.tenant, exchange.base_url, exchange.body_only(), exchange.authorization
    )
    return Reply(json_response(body, headers=_HEADERS))


ROUTES = (
    Route(
        endpoint="passkey_register",
        path="/passkey/register",
        methods=("POST",),
        handler=_register,
        cors="listed",
        parameters=PASSKEY_REGISTER,
    ),
    Route(
        endpoint="passkey_challenge",
        path="/passkey/challenge",
        methods=("POST",),
        handler=_challenge,
        cors="listed",
        parameters=PASSKEY_CHALLENGE,
    ),
)
