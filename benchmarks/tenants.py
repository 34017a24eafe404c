"""The cost of additional tenants, up to fifty, and of calls of the control API."""

import json
import time
from functools import partial
from statistics import median

from load import drive
from process import SERVER_CORE, RunningServer, pinned_client, running
from scratch import Scratch
from servers import mockidp, single
from table import Row, interleave, medians, ratio
from wire import body_of, connect, expect, get, send

COUNT = 50
V1 = "/_mockidp/v1"
_FEW = 10
"""Number of tenants at the beginning and at the end whose median is taken."""


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Create fifty tenants and use each one, then measure calls of one tenant."""
    rounds = 1 if quick else 5
    results = [_create_tenants(scratch) for _each in range(rounds)]
    times = {
        f"{which} {_FEW}": [median(seconds[part]) * 1000 for seconds, _ in results]
        for which, part in (("last", slice(-_FEW, None)), ("first", slice(1, _FEW + 1)))
    }
    sizes = {"each": [size for _, size in results]}
    return [
        Row(
            what=f"time to create a tenant, the last {_FEW} of {COUNT} / the first {_FEW}",
            figures=medians(times, " ms", digits=2),
            samples=times,
            value=ratio(times, f"last {_FEW}", f"first {_FEW}"),
            bar=1.5,
            at_most=True,
        ),
        Row(
            what=f"memory of each of {COUNT} tenants, after a token and a link",
            figures=medians(sizes, " MB", digits=2),
            samples=sizes,
            value=median(sizes["each"]),
            bar=0.1,
            at_most=True,
            unit="MB",
        ),
        _calls(scratch, quick=quick),
    ]


def _create_tenants(scratch: Scratch) -> tuple[list[float], float]:
    """Return the seconds to create each tenant, and the MB of each one after the first."""
    with running(mockidp(scratch, "--no-tls", "--example", "acme")) as server, pinned_client():
        seconds = []
        first = 0.0
        for number in range(COUNT):
            started = time.perf_counter()
            answer = _send(server, "/_mockidp/v1/tenants", {"name": f"t{number}"}, status=201)
            seconds.append(time.perf_counter() - started)
            path = f"/t/{json.loads(body_of(answer))['name']}{V1}"
            _send(server, f"{path}/tokens", {"audience": "https://api.acme.example/"})
            _send(server, f"{path}/impersonation-links", {"user": "alice", "state": "s"})
            if number == 0:  # the first one also imports modules
                first = server.resident_mb()
        return seconds, (server.resident_mb() - first) / (COUNT - 1)


def _calls(scratch: Scratch, *, quick: bool) -> Row:
    seconds = 1.0 if quick else 2.0
    arguments = ("--no-tls", "--example", "acme")
    with running(mockidp(scratch, *arguments), core=SERVER_CORE) as server, pinned_client():
        _send(server, f"{V1}/faults", {"endpoint": "token", "status": 503})
        requests = {
            "clock moved": _post(f"{V1}/clock", server.port, {"advance": 1}),
            "faults listed": get(f"{V1}/faults", server.port),
            "JWKS": get(server.measured.jwks_path, server.port),
        }
        measures = {
            name: partial(_per_second, server, one, seconds) for name, one in requests.items()
        }
        for warm_up in measures.values():
            warm_up()
        figures = interleave(measures, 3 if quick else 9)
    return Row(
        what="control calls per second (the clock moved) / JWKS per second",
        figures=medians(figures, "/s"),
        samples=figures,
        value=ratio(figures, "clock moved", "JWKS"),
        bar=0.7,
    )


def _per_second(server: RunningServer, request: bytes, seconds: float) -> float:
    return drive(server.port, lambda _port: single(request), seconds=seconds).per_second


def _send(server: RunningServer, path: str, body: object, *, status: int = 200) -> bytes:
    with connect(server.port) as sock:
        return expect(send(sock, _post(path, server.port, body)), status)


def _post(path: str, port: int, body: object) -> bytes:
    data = json.dumps(body)
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n{data}"
    ).encode()
