"""How the time for a request grows with its size and with errors in it, for each kind of input."""

import time
from functools import partial

from inputs import ERRORS, KINDS
from process import running
from scratch import Scratch
from servers import mockidp
from table import Row, interleave, medians, ratio
from wire import connect, send

SMALL, LARGE = 1_000, 16_000
_REFUSED_UNREAD = tuple(b"HTTP/1.1 %d " % status for status in (413, 414, 431, 500))
_REPEATS = 5
"""Requests per measurement. The fastest counts, as other load only makes a request slower."""


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Measure each kind at both sizes, and each document with and without errors."""
    rounds = 3 if quick else 9
    measured = mockidp(scratch, "--no-tls", "--example", "acme")
    rows = []
    for name, make in KINDS.items():
        # Each kind has its own server, because some requests replace the tenant.
        with running(measured) as server:
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
    for name, (without_errors, with_errors) in ERRORS.items():
        with running(measured) as server:
            measures = {
                "with errors": partial(_milliseconds, server.port, with_errors),
                "without errors": partial(_milliseconds, server.port, without_errors),
            }
            figures = interleave(measures, rounds)
        rows.append(
            Row(
                what=f"{name} / without errors",
                figures=medians(figures, " ms"),
                samples=figures,
                value=ratio(figures, "with errors", "without errors"),
                bar=3.0,
                at_most=True,
            )
        )
    return rows


def _milliseconds(port: int, request: bytes) -> float:
    """Return the shortest time of several identical requests, each on a new connection."""
    fastest = float("inf")
    for _request in range(_REPEATS):
        with connect(port) as sock:
            started = time.perf_counter()
            answer = send(sock, request)
            fastest = min(fastest, time.perf_counter() - started)
            if answer.startswith(_REFUSED_UNREAD):
                raise RuntimeError(
                    f"the server refused a request unread: {request[:200]!r}: {answer[:600]!r}"
                )
    return fastest * 1000
