"""`/oauth/revoke`."""

from __future__ import annotations

from mockidp.flows.tokens.revoke import revoke
from mockidp.protocol.request_parameters.revoke import REVOKE
from mockidp.web.pages.pages import Pages
from mockidp.web.request.client_certificate import certificate_of
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import NEVER_CACHED, text_response
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route


def _revoke(exchange: Exchange, _pages: Pages) -> Reply:
    hint = revoke(
        exchange.tenant,
        exchange.base_url,
        exchange.body_only(),
        authorization=exchange.authorization,
        presented=certificate_of(exchange),
    )
    return Reply(text_response("", headers={"Cache-Control": NEVER_CACHED}), hint)


ROUTES = (
    Route(
        endpoint="revoke",
        path="/oauth/revoke",
        methods=("POST",),
        handler=_revoke,
        parameters=REVOKE,
        cors="listed",
    ),
)
