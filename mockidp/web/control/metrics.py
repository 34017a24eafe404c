"""`/_mockidp/metrics`: the counters of a tenant in Prometheus' text format.

Needs the extra `metrics`. Spec: Prometheus text format 0.0.4; OpenMetrics 1.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug import Response

from mockidp.errors import MockIdPError
from mockidp.protocol.errors.problem import Problem
from mockidp.storage.series import Series
from mockidp.web.control.guard import check_caller
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.render import NEVER_CACHED
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

PATH = "/_mockidp/metrics"
COUNTERS = {
    "requests": (
        "mockidp_requests", "Requests, by endpoint and status.", ("endpoint", "status"),
    ),
    "refusals": (
        "mockidp_refusals",
        "Refused requests, by endpoint, error, and the check that failed.",
        ("endpoint", "error", "check"),
    ),
    "faults": ("mockidp_faults_fired", "How often each fault has fired.", ("fault",)),
}  # fmt: skip
"""The metric of each counter: its name without `_total`, its help, and its labels."""


def _metrics(exchange: Exchange, _pages: Pages) -> Reply:
    check_caller(exchange, changes=False)
    try:
        from prometheus_client import exposition  # noqa: PLC0415 - an extra, and slow to import
    except ModuleNotFoundError:
        raise Problem(
            501,
            f"{PATH} needs the package prometheus-client. Install it with: "
            'pip install "mockidp-server[metrics]"',
        ) from None
    try:
        totals = exchange.tenant.metrics.totals()
    except MockIdPError as error:
        raise Problem(503, str(error)) from None
    encode, content_type = exposition.choose_encoder(exchange.request.headers.get("Accept", ""))
    body = encode(_Registry(totals))
    headers = {"Content-Type": content_type, "Cache-Control": NEVER_CACHED}
    return Reply(Response(body, headers=headers))


class _Registry:
    """What prometheus-client calls a registry: yields families of metrics."""

    def __init__(self, totals: Mapping[Series, float]) -> None:
        self._totals = totals

    def collect(self) -> Iterator[Any]:
        """Yield the families."""
        from prometheus_client import core  # noqa: PLC0415 - as above

        for counter, (name, text, labels) in COUNTERS.items():
            family = core.CounterMetricFamily(name, text, labels=labels)
            for values, amount in self._of(counter):
                family.add_metric(values, amount)
            yield family
        times = core.SummaryMetricFamily(
            "mockidp_store_command_seconds",
            "Time of the commands to Redis, each of which is a round trip.",
            labels=("command",),
        )
        seconds = dict(self._of("store_seconds"))
        for values, amount in self._of("store_commands"):
            times.add_metric(values, count_value=int(amount), sum_value=seconds[values])
        yield times

    def _of(self, counter: str) -> Iterator[tuple[Series, float]]:
        """Yield the labels of a counter's series, and their values."""
        for (name, *values), amount in sorted(self._totals.items()):
            if name == counter:
                yield tuple(values), amount


ROUTES = (Route(endpoint="metrics", path=PATH, methods=("GET",), handler=_metrics),)
