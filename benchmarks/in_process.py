"""The time for a JWKS request in the process, compared with a bare Flask view of the same body.

Both are called as WSGI apps, without a server and without logging.
"""

import io
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from scratch import Scratch, clean_environment
from table import Figures, Row, interleave, medians, ratio

HOST = "localhost:9400"
PATH = "/.well-known/jwks.json"
REQUESTS = 500


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Measure in a process whose Python has mockidp and Flask."""
    done = subprocess.run(
        (scratch.python, __file__, "7" if quick else "25"),
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    figures: Figures = json.loads(done.stdout)
    return [
        Row(
            what="JWKS in process: a request / a bare Flask view",
            figures=medians(figures, " us"),
            samples=figures,
            value=ratio(figures, "mockidp", "bare view"),
            bar=1.5,
            at_most=True,
        )
    ]


def _measure_rounds(rounds: int) -> Figures:
    import flask

    import mockidp

    app = mockidp.MockIdP().app
    body = _call(app)
    bare = flask.Flask("bare")
    bare.add_url_rule(PATH, view_func=lambda: flask.Response(body, mimetype="application/json"))
    assert _call(bare) == body
    assert len(json.loads(body)["keys"]) == 2
    measures = {"mockidp": lambda: _microseconds(app), "bare view": lambda: _microseconds(bare)}
    for warm_up in measures.values():
        warm_up()
    return interleave(measures, rounds)


def _microseconds(app: Callable[..., Iterable[bytes]]) -> float:
    """Return the mean microseconds of a request."""
    started = time.perf_counter()
    for _request in range(REQUESTS):
        _call(app)
    return (time.perf_counter() - started) / REQUESTS * 1e6


def _call(app: Callable[..., Iterable[bytes]]) -> bytes:
    environ = {
        "HTTP_HOST": HOST,
        "PATH_INFO": PATH,
        "QUERY_STRING": "",
        "REMOTE_ADDR": "127.0.0.1",
        "REQUEST_METHOD": "GET",
        "REQUEST_URI": PATH,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "9400",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.errors": sys.stderr,
        "wsgi.input": io.BytesIO(),
        "wsgi.multiprocess": False,
        "wsgi.multithread": True,
        "wsgi.run_once": False,
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
    }
    answer: Any = app(environ, lambda _status, _headers, _error=None: None)
    try:
        return b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()


if __name__ == "__main__":
    json.dump(_measure_rounds(int(sys.argv[1])), sys.stdout)
