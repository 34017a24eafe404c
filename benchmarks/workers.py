"""Two workers on one Redis, compared with one: client credentials tokens and complete logins.

Each server has a Redis of its own. Nothing is pinned to a core. The client, Redis and two workers
need more than two cores, so the rows name the processor time of each, and what a machine with as
many cores as processes would reach.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from statistics import median

from load import drive
from process import RunningServer, processor_seconds, running
from redis_server import RunningRedis, redis_server
from scratch import Scratch
from servers import Flow, mockidp, mockidp_client_credentials, mockidp_code_flow, single
from table import Row, interleave, medians, ratio

CONNECTIONS = 16
ONE, TWO = "one worker", "two workers"


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """The milliseconds of processor time for one flow, and how many processors were busy."""

    workers: float
    redis: float
    client: float
    busy: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """A server, its Redis, and the shares of its rounds."""

    server: RunningServer
    redis: RunningRedis
    shares: list[Share]

    def flows_per_second(self, make_flow: Callable[[int], Flow], seconds: float) -> float:
        """Run flows for some seconds. Note the processor time that they took."""
        before, began = self._used(), time.perf_counter()
        result = drive(self.server.port, make_flow, seconds=seconds, connections=CONNECTIONS)
        passed = time.perf_counter() - began
        workers, redis, client = (
            after - earlier for earlier, after in zip(before, self._used(), strict=True)
        )
        each = 1000 / result.flows
        self.shares.append(
            Share(
                workers=workers * each,
                redis=redis * each,
                client=client * each,
                busy=(workers + redis + client) / passed,
            )
        )
        return result.per_second

    def _used(self) -> tuple[float, float, float]:
        return (
            self.server.processor_seconds(),
            processor_seconds(self.redis.pid),
            time.process_time(),
        )


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Measure both kinds of flow."""
    kinds: tuple[tuple[str, float, Callable[[int], Flow]], ...] = (
        ("client_credentials", 1.8, lambda port: single(mockidp_client_credentials(port))),
        ("code flows", 1.7, mockidp_code_flow),
    )
    return [row for kind in kinds for row in _rows(scratch, *kind, quick=quick)]


def _rows(
    scratch: Scratch, what: str, bar: float, make_flow: Callable[[int], Flow], *, quick: bool
) -> list[Row]:
    seconds = 2.0 if quick else 4.0
    with _serving(scratch, "1") as one, _serving(scratch, "2") as two:
        measured = {ONE: one, TWO: two}
        measures = {
            name: partial(each.flows_per_second, make_flow, seconds)
            for name, each in measured.items()
        }
        for warm_up in measures.values():
            warm_up()
        for each in measured.values():
            each.shares.clear()
        figures = interleave(measures, 3 if quick else 9)
    shares = {name: _median_share(each.shares) for name, each in measured.items()}
    return [
        Row(
            what=f"{what} per second on Redis, two workers / one",
            figures=medians(figures, "/s"),
            samples=figures,
            value=ratio(figures, TWO, ONE),
            bar=bar,
        ),
        Row(
            what=f"the same with a core for each process ({os.cpu_count()} here)",
            figures="; ".join(f"{name}: {_text(share)}" for name, share in shares.items()),
            value=_ideal(shares[TWO], workers=2) / _ideal(shares[ONE], workers=1),
        ),
    ]


def _ideal(share: Share, *, workers: int) -> float:
    """Return the flows per millisecond if each process had a core: the busiest one is the limit."""
    return 1 / max(share.workers / workers, share.redis, share.client)


def _median_share(shares: list[Share]) -> Share:
    return Share(
        workers=median(one.workers for one in shares),
        redis=median(one.redis for one in shares),
        client=median(one.client for one in shares),
        busy=median(one.busy for one in shares),
    )


def _text(share: Share) -> str:
    return (
        f"{share.workers:.2f} ms workers + {share.redis:.2f} Redis + {share.client:.2f} client, "
        f"{share.busy:.1f} cores busy"
    )


@contextmanager
def _serving(scratch: Scratch, workers: str) -> Iterator[Measured]:
    with redis_server() as redis:
        options = ("--no-tls", "--example", "acme", "--store", redis.url, "--workers", workers)
        with running(mockidp(scratch, *options)) as server:
            yield Measured(server=server, redis=redis, shares=[])
