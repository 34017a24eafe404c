"""The time that `mockidp.intercept` adds to the bare WSGI app, in one process.

Each variant requests the same document: a direct call of the app, `requests` with the domain
intercepted, `requests` answered by `responses` alone, and `requests` over a socket. The time beyond
the app and `responses` alone is the overhead of mockidp.
"""

import io
import json
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

from scratch import Scratch, clean_environment
from table import Figures, Row, interleave, medians, ratio

DOMAIN = "acme.eu.auth0.com"
PATH = "/.well-known/jwks.json"
REQUESTS = 200


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Measure in a process whose Python has mockidp."""
    done = subprocess.run(
        (scratch.python, __file__, "5" if quick else "25"),
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
            what="intercepted request: time beyond the bare WSGI app",
            figures=medians(figures, " us"),
            samples=figures,
            value=_time_beyond(figures, "bare app"),
            bar=1000,
            at_most=True,
            unit="us",
        ),
        Row(
            what="the same beyond the bare WSGI app and `responses` alone",
            figures="",
            value=_time_beyond(figures, "bare app", "responses alone"),
            unit="us",
        ),
        Row(
            what="intercepted request / over a socket",
            figures="",
            value=ratio(figures, "intercepted", "over a socket"),
            bar=1.0,
            at_most=True,
        ),
    ]


def _time_beyond(figures: Figures, *others: str) -> float:
    """Return the median time of an intercepted request beyond the sum of the others."""
    rounds = zip(figures["intercepted"], *(figures[name] for name in others), strict=True)
    return median(intercepted - sum(rest) for intercepted, *rest in rounds)


def _measure_rounds(rounds: int) -> Figures:
    import requests
    import responses

    import mockidp

    url = f"https://{DOMAIN}{PATH}"
    with (
        mockidp.MockIdP() as served,
        requests.Session() as session,
    ):
        body = session.get(served.url + PATH).content
        app = mockidp.MockIdP(url=f"https://{DOMAIN}").app

        def intercepted() -> float:
            with mockidp.intercept(DOMAIN):
                return _microseconds(lambda: session.get(url).content)

        def responses_alone() -> float:
            with responses.RequestsMock() as mock:
                mock.get(url, body=body, content_type="application/json")
                return _microseconds(lambda: session.get(url).content)

        measures = {
            "bare app": lambda: _microseconds(lambda: _call(app)),
            "intercepted": intercepted,
            "responses alone": responses_alone,
            "over a socket": lambda: _microseconds(lambda: session.get(served.url + PATH).content),
        }
        for warm_up in measures.values():
            warm_up()
        return interleave(measures, rounds)


def _microseconds(get: Callable[[], bytes]) -> float:
    """Return the mean microseconds of a request."""
    started = time.perf_counter()
    for _request in range(REQUESTS):
        body = get()
    seconds = time.perf_counter() - started
    assert len(json.loads(body)["keys"]) == 2
    return seconds / REQUESTS * 1e6


def _call(app: Callable[..., list[bytes]]) -> bytes:
    environ = {
        "HTTP_HOST": DOMAIN,
        "PATH_INFO": PATH,
        "QUERY_STRING": "",
        "REMOTE_ADDR": "127.0.0.1",
        "REQUEST_METHOD": "GET",
        "REQUEST_URI": PATH,
        "SCRIPT_NAME": "",
        "SERVER_NAME": DOMAIN,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.errors": sys.stderr,
        "wsgi.input": io.BytesIO(),
        "wsgi.multiprocess": False,
        "wsgi.multithread": True,
        "wsgi.run_once": False,
        "wsgi.url_scheme": "https",
        "wsgi.version": (1, 0),
    }
    return b"".join(app(environ, lambda _status, _headers: None))


if __name__ == "__main__":
    json.dump(_measure_rounds(int(sys.argv[1])), sys.stdout)
