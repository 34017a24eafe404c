"""`POST /_mockidp/v1/tokens`: a token without a flow."""

from __future__ import annotations

from mockidp.errors import MockIdPError
from mockidp.flows.testing.mint import mint_access_token
from mockidp.protocol.scope import make_scope
from mockidp.protocol.token import token_response
from mockidp.web.control.guard import guarded_body, refuse
from mockidp.web.exchange import Exchange
from mockidp.web.pages import Pages
from mockidp.web.render import NEVER_CACHED, json_response
from mockidp.web.route import Answer, Route


def _tokens(exchange: Exchange, _pages: Pages) -> Answer:
    body = guarded_body(exchange, known=("audience", "scope", "user", "client"))
    try:
        minted = mint_access_token(exchange.tenant, exchange.base_url, **body)
    except MockIdPError as error:
        raise refuse(str(error)) from None
    answer = token_response(
        access_token=minted.access_token,
        expires_in=minted.expires_in,
        scope=make_scope(minted.scope),
    )
    return json_response(answer, headers={"Cache-Control": NEVER_CACHED})


ROUTE = Route(area="control", path="/_mockidp/v1/tokens", methods=("POST",), handler=_tokens)
