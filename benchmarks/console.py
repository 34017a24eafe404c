"""The time of each page of the console, compared with a JWKS request to the same server.

One connection, over a socket. The tenant is that of the example, or has 1,000 users and 1,000
exchanges in its journal.
"""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median

from process import SERVER_CORE, RunningServer, pinned_client, running
from scratch import Scratch
from servers import mockidp
from table import Row, interleave, medians, ratio
from wire import connect, expect, get, post, send

USERS = 1_000
EXCHANGES = 1_000
_JWKS = "JWKS"
_SLOWEST = 3
_RECORDS = (
    "users/auth0%7Calice",
    "edit/users/auth0%7Calice",
    "new/users",
    "edit/applications/acme-web",
)


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Measure a small and a large tenant."""
    rounds = 5 if quick else 15
    with pinned_client():
        small = _measure(scratch, _make_exchanges, rounds, exchange=5)
        large = _measure(scratch, _fill, rounds, exchange=EXCHANGES - 5)
    return [
        *_rows("acme", small, bar=50),
        *_rows(f"{USERS:,} users and {EXCHANGES:,} exchanges", large, bar=100),
    ]


def _rows(tenant: str, figures: dict[str, list[float]], *, bar: float) -> Iterator[Row]:
    """Yield the slowest pages. A JWKS request takes about 1 ms, so the bars are those in ms."""
    pages = [name for name in figures if name != _JWKS]
    slowest = sorted(pages, key=lambda name: -median(figures[name]))[:_SLOWEST]
    for number, name in enumerate(slowest):
        shown = {one: figures[one] for one in (name, _JWKS)}
        yield Row(
            what=f"console, {tenant}: {name} / JWKS",
            figures=medians(shown, " ms", digits=1),
            samples={} if number else figures,
            value=ratio(figures, name, _JWKS),
            bar=bar,
            at_most=True,
        )
    middle = sorted(pages, key=lambda name: median(figures[name]))[len(pages) // 2]
    yield Row(
        what=f"console, {tenant}: the median of {len(pages)} pages / JWKS",
        figures=medians({middle: figures[middle]}, " ms", digits=1),
        value=ratio(figures, middle, _JWKS),
    )


def _measure(
    scratch: Scratch, fill: Callable[[RunningServer], None], rounds: int, *, exchange: int
) -> dict[str, list[float]]:
    with _acme(scratch) as server:
        fill(server)
        paths = {_JWKS: server.measured.jwks_path} | {
            f"/{name}": f"/_mockidp/{name}" for name in _pages(exchange)
        }
        with connect(server.port) as sock:
            measures = {
                name: partial(_milliseconds, sock, get(path, server.port))
                for name, path in paths.items()
            }
            for warm_up in measures.values():
                warm_up()
            return dict(interleave(measures, rounds))


def _milliseconds(sock: socket.socket, request: bytes) -> float:
    started = time.perf_counter()
    expect(send(sock, request), 200)
    return (time.perf_counter() - started) * 1e3


@contextmanager
def _acme(scratch: Scratch) -> Iterator[RunningServer]:
    with running(mockidp(scratch, "--no-tls", "--example", "acme"), core=SERVER_CORE) as server:
        yield server


def _pages(exchange: int) -> list[str]:
    from mockidp.web.console.navigation import AREAS

    return [
        *(one.name for one in AREAS),
        *_RECORDS,
        f"journal/{exchange}",
        f"journal/flows/{exchange}",
    ]


def _make_exchanges(server: RunningServer, count: int = 10) -> None:
    """Fill the journal with logins that were begun and with machine tokens."""
    login = get(
        "/authorize?response_type=code&client_id=acme-web&scope=openid&state=s"
        "&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcallback",
        server.port,
    )
    token = post(
        "/oauth/token",
        server.port,
        grant_type="client_credentials",
        client_id="acme-m2m",
        client_secret="acme-m2m-secret",
        audience="https://api.acme.example/",
    )
    with connect(server.port) as sock:
        for _pair in range(count // 2):
            expect(send(sock, login), 302)
            expect(send(sock, token), 200)


def _fill(server: RunningServer) -> None:
    """Add users, and fill the journal."""
    with connect(server.port) as sock:
        for number in range(USERS):
            fields = {"email": f"user{number}@acme.example", "name": f"User {number}"}
            body = json.dumps({"user_id": f"user{number}", **fields})
            request = (
                f"POST /_mockidp/v1/users HTTP/1.1\r\nHost: localhost:{server.port}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
            )
            expect(send(sock, request.encode()), 200)
    _make_exchanges(server, EXCHANGES)
