"""How the time for a request grows with its size, for every kind of input; and with mistakes."""

import time
from functools import partial

from contenders import mockidp
from inputs import KINDS, MISTAKES
from process import running
from scratch import Scratch
from table import Row, interleave, medians, ratio
from wire import ask, connect

SMALL, LARGE = 1_000, 16_000
_TOO_LARGE = tuple(b"HTTP/1.1 %d " % status for status in (413, 414, 431, 500))
_AT_ONCE = 5
"""Requests of which the fastest counts: what disturbs one of them is not the input."""


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Measure each kind at both sizes, in turn, and each report with and without mistakes."""
    rounds = 3 if quick else 9
    served = mockidp(scratch, "--no-tls", "--example", "acme")
    rows = []
    for name, make in KINDS.items():
        # A server of its own, since some requests replace the tenant.
        with running(served) as server:
            measures = {
                "1 kB": partial(_milliseconds, server.port, make(SMALL)),
                "16 kB": partial(_milliseconds, server.port, make(LARGE)),
            }
            figures = interleave(measures, rounds)
        rows.append(
            Row(
                what=f"{name}: 16 kB / 1 kB",
                figures=medians(figures, " ms", digits=2),
                samples=figures,
                value=ratio(figures, "16 kB", "1 kB"),
                bar=LARGE / SMALL,
                at_most=True,
            )
        )
    for name, (without, with_mistakes) in MISTAKES.items():
        with running(served) as server:
            measures = {
                "with mistakes": partial(_milliseconds, server.port, with_mistakes),
                "without": partial(_milliseconds, server.port, without),
            }
            figures = interleave(measures, rounds)
        rows.append(
            Row(
                what=f"{name} / without mistakes",
                figures=medians(figures, " ms"),
                samples=figures,
                value=ratio(figures, "with mistakes", "without"),
                bar=3.0,
                at_most=True,
            )
        )
    return rows


def _milliseconds(port: int, request: bytes) -> float:
    """Return the time for a request on a connection of its own: the fastest of some."""
    fastest = float("inf")
    for _request in range(_AT_ONCE):
        with connect(port) as sock:
            begun = time.perf_counter()
            answer = ask(sock, request)
            fastest = min(fastest, time.perf_counter() - begun)
            if answer.startswith(_TOO_LARGE):
                raise RuntimeError(f"this is refused unread: {request[:200]!r}: {answer[:600]!r}")
    return fastest * 1000
