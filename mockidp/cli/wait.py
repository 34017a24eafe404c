"""`mockidp wait`: wait until a mock is up."""

from __future__ import annotations

import click

from mockidp.cli.calls.server_call import server, url_option
from mockidp.clients.remote.control_client import ANSWER_TIMEOUT
from mockidp.errors import Unreachable

_PAUSE = 0.05


@click.command()
@click.option(
    "--timeout",
    type=click.FloatRange(min=0),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait.",
)
@url_option
def wait(timeout: float, url: str) -> None:
    """Wait until a mock is up.

    The exit status is 3 if no mock answers in time.

    \b
    Examples:
      mockidp wait --url http://localhost:9400 --timeout 10
    """
    import time

    ends_at = time.monotonic() + timeout
    left = timeout
    while True:
        try:
            # A new client each time, because the starting mock may create its CA during the wait.
            server(url).health(timeout=min(max(left, _PAUSE), ANSWER_TIMEOUT))
        except Unreachable as error:
            left = ends_at - time.monotonic()
            if left <= 0:
                raise Unreachable(f"waited {timeout:g} s: {error}") from None
            time.sleep(min(_PAUSE, left))
        else:
            return
