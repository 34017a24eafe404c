"""Resident memory: at the start, and what it grows by once every store is full.

What fills stores: a login leaves a session, a login transaction and a code; redeemed for
`openid offline_access` without an API, it leaves an opaque token, a refresh token and its
family. So the warm-up logs in as often as a store holds entries, and what is measured after it
is a mix of token requests that goes on pushing old entries out.
"""

import sys
from collections.abc import Callable
from functools import partial
from statistics import median

from contenders import (
    Contender,
    Flow,
    members,
    mockidp,
    mockidp_client_credentials,
    mockidp_code_flow,
    oauth2_mock_server,
    oidc_provider_mock,
    single,
)
from load import drive
from process import CLIENT_CORE, Running, pinned_client, running
from scratch import Scratch
from table import Row, interleave, medians
from wire import post

CAP = 10_000
"""Entries that a store holds (`MemoryStore`)."""
PER_MEASUREMENT = 10_000
_MAX_SECONDS = 90.0

_remembering = partial(mockidp_code_flow, scope="openid offline_access", audience="")


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Measure the start of all, and our growth; `quick` leaves the growth out."""
    rows = [_start(scratch, 2 if quick else 5)]
    if not quick:
        rows.append(_growth(scratch))
    return rows


def _start(scratch: Scratch, rounds: int) -> Row:
    with_https = ("--tls-listen", "localhost:0", "--data-dir", str(scratch.root / "data"))
    contenders = (
        mockidp(scratch, "--example", "acme", *with_https),
        mockidp(scratch, "--no-tls", name="mockidp --no-tls"),
        oidc_provider_mock(scratch),
        oauth2_mock_server(scratch),
    )
    figures = interleave({each.name: partial(_resident, each) for each in contenders}, rounds)
    return Row(
        what="resident memory at start, https and the example tenant included",
        figures=medians(figures, " MB", digits=1),
        samples=figures,
        value=median(figures["mockidp"]),
        bar=60,
        at_most=True,
        unit="MB",
    )


def _resident(contender: Contender) -> float:
    with running(contender) as server:
        return server.resident_mb()


def _growth(scratch: Scratch) -> Row:
    with (
        running(mockidp(scratch, "--no-tls", "--example", "acme")) as server,
        pinned_client(),
    ):
        at_start = server.resident_mb()
        filled = _run(server, _remembering, CAP)
        full = server.resident_mb()
        growths = [_grow(server) for _each in range(3)]
        at_end = server.resident_mb()
    rounds = ", ".join(f"{growth:+.1f}" for growth in growths)  # the first is a step: README
    enough = "" if filled >= CAP else f" (only {filled} of {CAP} logins in time: caps not full)"
    return Row(
        what=f"growth per {PER_MEASUREMENT:,} token requests, stores full{enough}",
        figures=f"start {at_start:.1f}, full {full:.1f}, end {at_end:.1f} MB; rounds {rounds} MB",
        samples={"growth": growths},
        value=median(growths),
        bar=2,
        at_most=True,
        unit="MB",
    )


def _grow(server: Running) -> float:
    """Return the growth in MB for one measurement's token requests."""
    before = server.resident_mb()
    for kind in _kinds():
        _run(server, kind, PER_MEASUREMENT // len(_kinds()))
    return server.resident_mb() - before


def _kinds() -> tuple[Callable[[int], Flow], ...]:
    """The mix: codes redeemed, machines' JWTs, opaque API v1 tokens, passwords."""
    return (
        _remembering,
        lambda port: single(mockidp_client_credentials(port)),
        lambda port: single(_api_v1(port)),
        lambda port: single(_password(port)),
    )


def _run(server: Running, make_flow: Callable[[int], Flow], count: int) -> int:
    counted = drive(server.port, make_flow, seconds=_MAX_SECONDS, count=count)
    assert members(counted.last)["access_token"]
    if counted.flows < count:
        print(f"memory: {counted.flows} of {count} on core {CLIENT_CORE}", file=sys.stderr)
    return counted.flows


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
