"""`/userinfo`."""

from __future__ import annotations

from mockidp.flows.hints.tokens import describe_scheme
from mockidp.flows.requests.bearer import parse_bearer
from mockidp.flows.requests.parameters import check_parameters
from mockidp.flows.tokens.userinfo import userinfo
from mockidp.protocol.request_parameters.userinfo import USERINFO
from mockidp.web.pages.pages import Pages
from mockidp.web.request.client_certificate import certificate_of
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import NEVER_CACHED, json_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route


def _userinfo(exchange: Exchange, _pages: Pages) -> Reply:
    header = exchange.authorization
    parameters = exchange.parameters()
    check_parameters(exchange.tenant, USERINFO, parameters)
    token = parse_bearer(header, parameters)
    why = parameters.why_absent("access_token") or describe_scheme(header, "Bearer")
    presented = certificate_of(exchange)
    body = userinfo(exchange.tenant, exchange.base_url, token, why_absent=why, presented=presented)
    return Reply(json_response(body, headers={"Cache-Control": NEVER_CACHED}))


ROUTES = (
    Route(
        endpoint="userinfo",
        path="/userinfo",
        methods=("GET", "POST"),
        handler=_userinfo,
        parameters=USERINFO,
        cors="any",
        rate_limit=10,
    ),
)
