"""What a tenant beside the first costs, up to the fiftieth, and a call that steers one."""

import json
import time
from functools import partial
from statistics import median

from contenders import mockidp, single
from load import drive
from process import SERVER_CORE, Running, pinned_client, running
from scratch import Scratch
from table import Row, interleave, medians, ratio
from wire import ask, body_of, connect, expect, get

COUNT = 50
V1 = "/_mockidp/v1"
_FEW = 10
"""Of how many tenants at the beginning and the end a median is taken."""


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Make fifty tenants and use each; then call one of them again and again."""
    rounds = 1 if quick else 5
    made = [_fifty(scratch) for _each in range(rounds)]
    times = {
        f"{which} {_FEW}": [median(seconds[part]) * 1000 for seconds, _ in made]
        for which, part in (("last", slice(-_FEW, None)), ("first", slice(1, _FEW + 1)))
    }
    sizes = {"each": [size for _, size in made]}
    return [
        Row(
            what=f"time to make a tenant, the last {_FEW} of {COUNT} / the first {_FEW}",
            figures=medians(times, " ms", digits=2),
            samples=times,
            value=ratio(times, f"last {_FEW}", f"first {_FEW}"),
            bar=1.5,
            at_most=True,
        ),
        Row(
            what=f"memory of each of {COUNT} tenants, a token and a link made in it",
            figures=medians(sizes, " MB", digits=2),
            samples=sizes,
            value=median(sizes["each"]),
            bar=0.1,
            at_most=True,
            unit="MB",
        ),
        _calls(scratch, quick=quick),
    ]


def _fifty(scratch: Scratch) -> tuple[list[float], float]:
    """Return the seconds that each took to make, and the MB that each takes from the second on."""
    with running(mockidp(scratch, "--no-tls", "--example", "acme")) as server, pinned_client():
        seconds = []
        first = 0.0
        for number in range(COUNT):
            begun = time.perf_counter()
            answer = _send(server, "/_mockidp/v1/tenants", {"name": f"t{number}"}, status=201)
            seconds.append(time.perf_counter() - begun)
            path = f"/t/{json.loads(body_of(answer))['name']}{V1}"
            _send(server, f"{path}/tokens", {"audience": "https://api.acme.example/"})
            _send(server, f"{path}/impersonation-links", {"user": "alice", "state": "s"})
            if number == 0:  # what the first one imports is not a tenant's size
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
            "JWKS": get(server.contender.jwks_path, server.port),
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


def _per_second(server: Running, request: bytes, seconds: float) -> float:
    return drive(server.port, lambda _port: single(request), seconds=seconds).per_second


def _send(server: Running, path: str, body: object, *, status: int = 200) -> bytes:
    with connect(server.port) as sock:
        return expect(ask(sock, _post(path, server.port, body)), status)


def _post(path: str, port: int, body: object) -> bytes:
    data = json.dumps(body)
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n{data}"
    ).encode()
