"""Load 100,000 users from a file, and replace a tenant by one with 10,000 users.

Times are processor time of the server, so other load on the machine changes them little.
"""

import json
import tempfile
from pathlib import Path
from statistics import median

from process import running
from scratch import Scratch
from servers import mockidp
from table import Row, medians
from wire import connect, expect, send

IN_FILE = 100_000
IN_BODY = 10_000
_MAX_SECONDS = 120.0


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Start a server with a large file several times, then send a server a large document."""
    rounds = 1 if quick else 3
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "tenant.yaml")
        file.write_text(_yaml(IN_FILE))
        started = [_start(scratch, file) for _round in range(rounds)]
    seconds = {"start": [taken for taken, _ in started]}
    peaks = {"peak": [peak for _, peak in started]}
    puts = {"PUT": [_put(scratch) for _round in range(rounds)]}
    return [
        _row(f"start with {IN_FILE:,} users in a YAML file", seconds, " s", bar=20),
        _row(f"peak memory while {IN_FILE:,} users are loaded", peaks, " MB", bar=300),
        _row(f"PUT /tenant with {IN_BODY:,} users", puts, " s", bar=3),
    ]


def _row(what: str, figures: dict[str, list[float]], unit: str, *, bar: float) -> Row:
    (values,) = figures.values()
    return Row(
        what=what,
        figures=medians(figures, unit, digits=1),
        samples=figures,
        value=median(values),
        bar=bar,
        at_most=True,
        unit=unit.strip(),
    )


def _start(scratch: Scratch, file: Path) -> tuple[float, float]:
    """Return the processor seconds to the first 200, and the peak of resident memory in MB."""
    with running(mockidp(scratch, str(file), "--no-tls"), timeout=_MAX_SECONDS) as server:
        return server.processor_seconds(), server.peak_mb()


def _put(scratch: Scratch) -> float:
    body = json.dumps({"users": [_user(number) for number in range(IN_BODY)]})
    with running(mockidp(scratch, "--no-tls")) as server, connect(server.port) as sock:
        request = (
            f"PUT /_mockidp/v1/tenant HTTP/1.1\r\nHost: localhost:{server.port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        )
        before = server.processor_seconds()
        expect(send(sock, request.encode()), 200)
        return server.processor_seconds() - before


def _yaml(count: int) -> str:
    lines = ["users:"]
    for number in range(count):
        (first, *rest) = _user(number).items()
        lines.append(f"  - {first[0]}: {json.dumps(first[1])}")
        lines += [f"    {key}: {json.dumps(value)}" for key, value in rest]
    return "\n".join(lines) + "\n"


def _user(number: int) -> dict[str, object]:
    return {
        "user_id": f"auth0|{number:06}",
        "email": f"user{number}@acme.example",
        "email_verified": True,
        "password": "Passw0rd!",
        "name": f"User {number}",
        "app_metadata": {"plan": "pro"},
    }
