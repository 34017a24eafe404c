"""`POST /_mockidp/v1/impersonation-links`: a link without a token."""

from __future__ import annotations

from mockidp.errors import MockIdPError
from mockidp.flows.testing.link import make_impersonation_link
from mockidp.web.control.guard import guarded_body, refuse
from mockidp.web.exchange import Exchange
from mockidp.web.pages import Pages
from mockidp.web.render import NEVER_CACHED, json_response
from mockidp.web.route import Answer, Route

_KNOWN = (
    "user",
    "impersonator",
    "client",
    "state",
    "callback_url",
    "response_type",
    "scope",
    "audience",
    "ttl",
)


def _links(exchange: Exchange, _pages: Pages) -> Answer:
    body = guarded_body(exchange, known=_KNOWN, numbers=("ttl",))
    user = body.pop("user", None)
    if user is None:
        raise refuse("`user` is missing: whom to become")
    try:
        link = make_impersonation_link(exchange.tenant, exchange.base_url, user, **body)
    except MockIdPError as error:
        raise refuse(str(error)) from None
    if link.state is None and exchange.tenant.settings.impersonation.require_state:
        exchange.hint = (
            "the link has no state and will be a Bad mac when it is opened: send `state`"
        )
    answer = {
        "url": link.url,
        "user": link.user_id,
        "impersonator": link.impersonated_by.user_id,
        "client": link.client_id,
        "callback_url": link.callback_url,
        "expires_at": int(link.expires_at),
    }
    return json_response(answer, headers={"Cache-Control": NEVER_CACHED})


ROUTE = Route(
    area="control", path="/_mockidp/v1/impersonation-links", methods=("POST",), handler=_links
)
