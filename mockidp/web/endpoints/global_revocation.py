"""`/oauth/global-token-revocation/connection/{id}`: Universal Logout."""

from __future__ import annotations

from urllib.parse import unquote

from werkzeug import Response

from mockidp.flows.requests.bearer import parse_bearer
from mockidp.flows.sessions.global_revocation import revoke_globally
from mockidp.protocol.logout.global_revocation import PATH
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.request_parameters.global_revocation import GLOBAL_REVOCATION
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route


def _revoke(exchange: Exchange, _pages: Pages) -> Reply:
    path = exchange.target.partition("?")[0].removesuffix("/")
    name = unquote(path.partition(PATH)[2])
    revoke_globally(
        exchange.tenant,
        exchange.base_url,
        name,
        parse_bearer(exchange.authorization, Parameters({})),
        exchange.body_only(),
    )
    return Reply(Response(status=204))


ROUTES = (
    Route(
        endpoint="global_token_revocation",
        path=f"{PATH}{{id}}",
        methods=("POST",),
        handler=_revoke,
        parameters=GLOBAL_REVOCATION,
    ),
)
