"""What a request has sent, as faults and rate limits look at it before it is handled."""

from __future__ import annotations

from typing import Any

from mockidp.flows.requests.facts import RequestFacts
from mockidp.protocol.errors.refusal import Refusal
from mockidp.web.request.exchange import Exchange


def request_facts(exchange: Exchange) -> RequestFacts:
    """Return a request as it was sent, with all parameters that can be read."""
    return RequestFacts(
        endpoint=exchange.route.endpoint,
        method=exchange.method,
        base_url=exchange.base_url,
        target=exchange.target,
        parameters=_parameters(exchange),
        authorization=exchange.authorization,
        session_id=exchange.cookies.get(exchange.cookie_name),
    )


def _parameters(exchange: Exchange) -> dict[str, Any]:
    """Return all parameters that can be read; the handler refuses the others."""
    for read in (exchange.query, exchange.body):
        try:
            read()
        except Refusal:
            continue
    return dict(exchange.sent)
