"""`benchmarks/run --long`: does mockidp keep working, for hours and when resources run out?

Each run returns rows for the table, and raises an error if an answer is wrong. With `--percent 1`,
as in CI, all runs are done with one percent of their requests; memory then has no bar, because it
grows until all stores have reached their caps.
"""

import argparse
import json
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

from load import drive
from redis_server import redis_server
from replicas import kill, race
from scratch import clean_environment
from servers import DISCOVERY, Flow, mockidp_client_credentials, mockidp_code_flow, single
from table import Row, render
from wire import connect, expect, get, post, send

REQUESTS, LOGINS, CONNECTIONS = 1_000_000, 100_000, 2_000
ROUND, IN_LOGIN = 10, 5
"""Requests in a round of the mix, and in a login."""
FLAT_MB = 2.0
FEW_FILES = 64
_FOREVER = 24 * 3600.0


def main() -> int:
    """Do all runs, and print the table. Return 1 if a bar is missed."""
    parser = argparse.ArgumentParser(prog="benchmarks/run --long", description=__doc__)
    parser.add_argument("--percent", type=float, default=100.0)
    parser.add_argument("--only", action="append", help="the name of a run (repeatable)")
    options = parser.parse_args()
    share = options.percent / 100
    rows: list[Row] = []
    runs = (
        *(mixed_requests, logins_of_two_workers, two_mocks_with_one_redis),
        *(open_connections, few_files, full_disk),
    )
    names = [run.__name__ for run in runs]
    if unknown := set(options.only or ()) - set(names):
        parser.error(f"unknown run: {', '.join(unknown)}. The runs are {', '.join(names)}.")
    for run in runs:
        if options.only and run.__name__ not in options.only:
            continue
        print(f"benchmarks/run: {run.__name__}", file=sys.stderr, flush=True)
        found = run(share)
        print(render(found), file=sys.stderr, flush=True)  # an interrupted run keeps its rows
        rows += found
    print(render(rows))
    return int(any(row.verdict == "FAIL" for row in rows))


def mixed_requests(share: float) -> list[Row]:
    """Answer a million requests of five kinds, one of which is refused. Memory stays flat.

    The first tenth are only logins. They fill every store that logins fill to its cap of 10,000, and
    write as many entries again, with which the tables of full dictionaries get their last size.
    """
    rounds = max(10, int(REQUESTS * share) // ROUND)
    with serving("--example", "acme") as server:
        logins = rounds // 10 * ROUND // IN_LOGIN
        first = drive(server.port, mockidp_code_flow, seconds=_FOREVER, count=logins).seconds
        before = server.resident_mb()
        rest = _mix(server.port, rounds - rounds // 10)
        growth = server.resident_mb() - before
    seconds = first + rest
    done = (
        f"{rounds * ROUND:,} requests, {rounds * ROUND / seconds:,.0f}/s, at first {before:.0f} MB"
    )
    bar = FLAT_MB if share >= 1 else None
    what = "growth of memory after the first tenth"
    return [Row(what=what, figures=done, value=growth, bar=bar, at_most=True, unit="MB")]


def _mix(port: int, rounds: int) -> float:
    """Run the mix. Return the seconds."""
    kinds: tuple[Callable[[int], Flow], ...] = (
        mockidp_code_flow,
        lambda port: single(mockidp_client_credentials(port)),
        lambda port: single(mockidp_client_credentials(port)),
        lambda port: single(get("/.well-known/jwks.json", port)),
        lambda port: single(get(DISCOVERY, port)),
        _refused,
    )
    following = cycle(kinds)
    found = drive(
        port, lambda _port: next(following)(port), seconds=_FOREVER, count=rounds * len(kinds)
    )
    return found.seconds


def _refused(port: int) -> Flow:
    return expect((yield post("/oauth/token", port, grant_type="client_credentials")), 400)


def logins_of_two_workers(share: float) -> list[Row]:
    """Log in 100,000 times through two workers with one Redis."""
    logins = int(LOGINS * share)
    with (
        redis_server() as redis,
        serving("--example", "acme", "--store", redis.url, "--workers", "2") as one,
    ):
        found = drive(one.port, mockidp_code_flow, seconds=_FOREVER, count=logins)
    assert found.flows == logins
    what = "logins through two workers"
    figures = f"{found.flows:,} logins without an error"
    return [Row(what=what, figures=figures, value=found.per_second, unit="/s")]


def two_mocks_with_one_redis(share: float) -> list[Row]:
    """Race codes, refresh tokens, links and consents over two mocks, and kill one of them."""
    options = ("--example", "acme", "--store")
    with (
        redis_server() as redis,
        serving(*options, redis.url) as one,
        serving(*options, redis.url, status=-signal.SIGKILL) as two,
    ):
        ports = (one.port, two.port)
        return [race(ports, share), kill(ports, two.pid, share)]


def open_connections(share: float) -> list[Row]:
    """Keep 2,000 connections open: the oldest idle ones are closed, and new ones are answered."""
    count = max(int(CONNECTIONS * share), 300)  # more than the server keeps
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, count + 200), hard))
    with serving("--example", "acme") as server, ExitStack() as stack:
        for _ in range(count):
            sock = stack.enter_context(closing(connect(server.port)))
            expect(send(sock, get(DISCOVERY, server.port)), 200)
        expect(send(sock, get(DISCOVERY, server.port)), 200)
        memory = server.resident_mb()
    figures = f"{count:,} connections, each answered at once"
    return [Row(what="memory with open connections", figures=figures, value=memory, unit="MB")]


def few_files(share: float) -> list[Row]:  # noqa: ARG001 - as short as it can be
    """Exhaust the file descriptors of the server. It recovers without a restart."""
    with serving("--example", "acme") as server, ExitStack() as stack:
        _, hard = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (FEW_FILES, hard))
        for _ in range(3 * FEW_FILES):
            sock = stack.enter_context(closing(connect(server.port)))
            with suppress(OSError):
                sock.sendall(b"GET / HTTP/1.1\r\n")  # incomplete, so that it stays open
        stack.pop_all().close()
        began = time.monotonic()
        while not _answers(server.port):
            assert time.monotonic() - began < 60, "the server did not recover"
        seconds = time.monotonic() - began
    figures = f"{3 * FEW_FILES} connections with {FEW_FILES} file descriptors"
    return [Row(what="recovery from exhausted files", figures=figures, value=seconds, unit="s")]


def _answers(port: int) -> bool:
    with suppress(OSError), closing(connect(port)) as sock:
        return send(sock, get(DISCOVERY, port)).startswith(b"HTTP/1.1 200")
    return False


def full_disk(share: float) -> list[Row]:
    """Fill the disk under `--persist`: changes are refused with 500, and work again later."""
    count = max(10, int(1000 * share))
    with tempfile.TemporaryDirectory() as folder:
        options = ("--example", "acme", "--persist", "--data-dir", folder)
        with serving(*options) as server, closing(connect(server.port)) as sock:
            _, hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
            for limit, status in ((1, 500), (hard, 302)):
                resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (limit, hard))
                for _ in range(count):
                    expect(send(sock, _login(server.port)), status)
                    expect(send(sock, get("/.well-known/jwks.json", server.port)), 200)
    figures = f"{count:,} refused with 500, then {count:,} accepted"
    return [Row(what="changes with a full disk", figures=figures, value=count, unit="")]


def _login(port: int) -> bytes:
    return next(mockidp_code_flow(port))


class Serving:
    """A running mock."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        line = process.stdout.readline()
        assert line, "mockidp did not start"
        ready = json.loads(line)
        port = urlsplit(ready["url"]).port
        assert port
        self.port, self.pid = port, int(ready["pid"])

    def resident_mb(self) -> float:
        """Return the resident memory in MB (10**6 bytes)."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024 / 1e6
        raise RuntimeError("no VmRSS")


@contextmanager
def serving(*options: str, status: int = 0) -> Iterator[Serving]:
    """Run `mockidp serve` of this Python, which ends with a status. Its log is discarded."""
    listen = ("--listen", "localhost:0", "--no-tls", "--json")
    with subprocess.Popen(
        [sys.executable, "-m", "mockidp", "serve", *listen, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=clean_environment(),
    ) as process:
        try:
            yield Serving(process)
        finally:
            process.send_signal(signal.SIGTERM)
    assert process.returncode == status, f"mockidp ended with status {process.returncode}"


if __name__ == "__main__":
    sys.exit(main())
