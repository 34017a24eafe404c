"""Time to start and stop a mock in the process, as the fixture of a test does.

It consists of a tenant with its keys, the app and a server on a free port. Each round is a process.
"""

import json
import subprocess
import sys
import time
from statistics import median
from urllib.request import urlopen

from process import CORES
from scratch import Scratch
from table import Row


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Measure in several processes, one after the other."""
    rounds = [_process(scratch) for _round in range(2 if quick else 5)]
    later = median(median(times[1:]) for times in rounds)
    first = median(times[0] for times in rounds)
    return [
        Row(
            what="in-process start + stop, keys included, after the first",
            figures=f"first {first:.0f} ms, then {later:.1f} ms ({len(CORES)} cores)",
            value=later,
            bar=15,
            at_most=True,
            unit="ms",
        )
    ]


def _process(scratch: Scratch) -> list[float]:
    done = subprocess.run(
        (scratch.python, __file__), capture_output=True, text=True, check=True, timeout=60
    )
    times: list[float] = json.loads(done.stdout)
    return times


def _start_and_stop() -> float:
    """Return the milliseconds for start and stop, without the request between them."""
    from mockidp.server import Server
    from mockidp.tenant.tenant import Tenant
    from mockidp.web.app import create_app

    starting = time.perf_counter()
    server = Server(create_app(Tenant()))
    server.start()
    started = time.perf_counter()
    with urlopen(f"{server.url}/.well-known/openid-configuration") as answer:
        assert answer.status == 200
    stopping = time.perf_counter()
    server.stop()
    return (started - starting + time.perf_counter() - stopping) * 1000


if __name__ == "__main__":
    json.dump([_start_and_stop() for _each in range(31)], sys.stdout)
