"""`POST /_mockidp/v1/explain`: what a link, a token or a callback is, and what is wrong."""

from __future__ import annotations

from mockidp.flows.testing.explain import explain
from mockidp.web.control.guard import guarded_body, refuse
from mockidp.web.exchange import Exchange
from mockidp.web.pages import Pages
from mockidp.web.render import NEVER_CACHED, json_response
from mockidp.web.route import Answer, Route


def _explain(exchange: Exchange, _pages: Pages) -> Answer:
    thing = guarded_body(exchange, known=("thing",)).get("thing")
    if thing is None:
        raise refuse("`thing` is missing: a link, a bewit, a token or a callback URL")
    explanation = explain(thing, exchange.tenant)
    answer = {
        "kind": explanation.kind,
        "accepted": explanation.accepted,
        "reasons": list(explanation.reasons),
        "decoded": dict(explanation.decoded),
    }
    return json_response(answer, headers={"Cache-Control": NEVER_CACHED})


ROUTE = Route(area="control", path="/_mockidp/v1/explain", methods=("POST",), handler=_explain)
