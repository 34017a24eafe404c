"""Resident memory at the start, and its growth after every store is full.

A login adds a session, a login transaction and a code. Redeeming the code for `openid
offline_access` without an API adds an opaque token, a refresh token and its family. Therefore the
warm-up logs in as often as a store holds entries. The measurement after it is a mix of token
requests, which evict old entries.
"""

import sys
from collections.abc import Callable
from functools import partial
from statistics import median

from load import drive
from process import CLIENT_CORE, RunningServer, pinned_client, running
from scratch import Scratch
from servers import (
    Flow,
    MeasuredServer,
    mockidp,
    mockidp_client_credentials,
    mockidp_code_flow,
    oauth2_mock_server,
    oidc_provider_mock,
    parse_token_response,
    single,
)
from table import Row, interleave, medians
from wire import post

CAP = 10_000
"""Maximum number of entries of a `MemoryStore`."""
PER_MEASUREMENT = 10_000
_MAX_SECONDS = 90.0

_offline_login = partial(mockidp_code_flow, scope="openid offline_access", audience="")


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Measure the start of all servers, and the growth of mockidp unless `quick`."""
    rows = [_start(scratch, 2 if quick else 5)]
    if not quick:
        rows.append(_growth(scratch))
    return rows


def _start(scratch: Scratch, rounds: int) -> Row:
    with_https = ("--tls-listen", "localhost:0", "--data-dir", str(scratch.root / "data"))
    servers = (
        mockidp(scratch, "--example", "acme", *with_https),
        mockidp(scratch, "--no-tls", name="mockidp --no-tls"),
        oidc_provider_mock(scratch),
        oauth2_mock_server(scratch),
    )
    figures = interleave({each.name: partial(_resident, each) for each in servers}, rounds)
    return Row(
        what="resident memory at start, https and the example tenant included",
        figures=medians(figures, " MB", digits=1),
        samples=figures,
        value=median(figures["mockidp"]),
        bar=45,
        at_most=True,
        unit="MB",
    )


def _resident(measured: MeasuredServer) -> float:
    with running(measured) as server:
        return server.resident_mb()


def _growth(scratch: Scratch) -> Row:
    with (
        running(mockidp(scratch, "--no-tls", "--example", "acme")) as server,
        pinned_client(),
    ):
        at_start = server.resident_mb()
        filled = _run(server, _offline_login, CAP)
        full = server.resident_mb()
        growths = [_grow(server) for _each in range(3)]
        at_end = server.resident_mb()
    rounds = ", ".join(
        f"{growth:+.1f}" for growth in growths
    )  # README.md explains the large first one
    shortfall = (
        "" if filled >= CAP else f" (only {filled} of {CAP} logins in time, so stores are not full)"
    )
    return Row(
        what=f"growth per {PER_MEASUREMENT:,} token requests, stores full{shortfall}",
        figures=f"start {at_start:.1f}, full {full:.1f}, end {at_end:.1f} MB; rounds {rounds} MB",
        samples={"growth": growths},
        value=median(growths),
        bar=2,
        at_most=True,
        unit="MB",
    )


def _grow(server: RunningServer) -> float:
    """Send the token requests of one round and return the growth in MB."""
    before = server.resident_mb()
    for make_flow in _flows():
        _run(server, make_flow, PER_MEASUREMENT // len(_flows()))
    return server.resident_mb() - before


def _flows() -> tuple[Callable[[int], Flow], ...]:
    """Return the mix: logins, machine tokens, opaque API v1 tokens, password grants."""
    return (
        _offline_login,
        lambda port: single(mockidp_client_credentials(port)),
        lambda port: single(_api_v1(port)),
        lambda port: single(_password(port)),
    )


def _run(server: RunningServer, make_flow: Callable[[int], Flow], count: int) -> int:
    result = drive(server.port, make_flow, seconds=_MAX_SECONDS, count=count)
    assert parse_token_response(result.last)["access_token"]
    if result.flows < count:
        print(f"memory: {result.flows} of {count} on core {CLIENT_CORE}", file=sys.stderr)
    return result.flows


def _api_v1(port: int) -> bytes:
    return post(
        "/oauth/token",
        port,
        grant_type="client_credentials",
        client_id="acme-global",
        client_secret="acme-global-secret",
    )


def _password(port: int) -> bytes:
    return post(
        "/oauth/token",
        port,
        grant_type="password",
        client_id="acme-web",
        client_secret="acme-web-secret",
        username="alice@acme.example",
        password="Passw0rd!",
        scope="openid offline_access",
    )
