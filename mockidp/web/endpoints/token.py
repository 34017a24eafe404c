"""`/oauth/token`."""

from __future__ import annotations

from mockidp.flows.clients.authentication import (
    authenticate_client,
    authenticate_client_by_standard,
)
from mockidp.flows.requests.parameters import check_no_proof
from mockidp.flows.token import token
from mockidp.protocol.request_parameters.token import TOKEN
from mockidp.web.pages.pages import Pages
from mockidp.web.request.client_certificate import certificate_of
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import json_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

_HEADERS = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def _token(exchange: Exchange, _pages: Pages) -> Reply:
    parameters = exchange.body_only()
    by_standard = exchange.tenant.settings.profile == "oidc"
    authenticate = authenticate_client_by_standard if by_standard else authenticate_client
    presented = certificate_of(exchange)
    client = authenticate(
        exchange.tenant, exchange.base_url, parameters, exchange.authorization, presented
    )
    check_no_proof(exchange.tenant, exchange.environ.get("HTTP_DPOP"))
    body = token(
        exchange.tenant,
        exchange.base_url,
        client,
        parameters,
        certificate=presented.certificate,
        address=exchange.address,
        forwarded_for=exchange.environ.get("HTTP_AUTH0_FORWARDED_FOR"),
    )
    return Reply(json_response(body, headers=_HEADERS))


ROUTES = (
    Route(
        endpoint="token",
        path="/oauth/token",
        methods=("POST",),
        handler=_token,
        parameters=TOKEN,
        cors="listed",
        rate_limit=100,
    ),
)
