"""`/oauth/par`: pushed authorization requests."""

from __future__ import annotations

from mockidp.flows.authorization.push import push_request
from mockidp.flows.requests.parameters import check_no_proof
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.parameters import FORM
from mockidp.protocol.request_parameters.par import PAR
from mockidp.web.pages.pages import Pages
from mockidp.web.request.client_certificate import certificate_of
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import json_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

_HEADERS = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def _push(exchange: Exchange, _pages: Pages) -> Reply:
    if exchange.request.mimetype == "application/json":
        raise InvalidRequest(
            "Unsupported content type",
            hint=f"The body of /oauth/par is JSON. Auth0 reads only a form: send {FORM}.",
        )
    check_no_proof(exchange.tenant, exchange.environ.get("HTTP_DPOP"))
    body = push_request(
        exchange.tenant,
        exchange.base_url,
        exchange.body_only(),
        exchange.authorization,
        certificate_of(exchange),
    )
    return Reply(json_response(body, status=201, headers=_HEADERS))


ROUTES = (
    Route(
        endpoint="par",
        path="/oauth/par",
        methods=("POST",),
        handler=_push,
        parameters=PAR,
        cors="listed",
    ),
)
