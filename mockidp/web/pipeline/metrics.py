"""The metrics step: count an exchange, the cause of its refusal, and the faults that fired."""

from __future__ import annotations

from mockidp.web.pipeline.outcome import Outcome
from mockidp.web.request.exchange import Exchange


def count(exchange: Exchange, outcome: Outcome) -> None:
    """Count an exchange."""
    tenant, endpoint = exchange.tenant, exchange.route.endpoint
    metrics = tenant.metrics
    metrics.add("requests", endpoint, str(outcome.response.status_code))
    if outcome.refused is not None:
        failed = [one.name for one in tenant.trace.checks if not one.passed]
        metrics.add("refusals", endpoint, outcome.refused.error, *(failed or ["request"])[-1:])
    for name in tenant.injection.fired:
        metrics.add("faults", name)
    metrics.publish_soon()
