"""`mockidp wait`: until a mock is up."""

from __future__ import annotations

import click

from mockidp.cli.server_call import server, url_option
from mockidp.errors import Unreachable

_PAUSE = 0.05


@click.command()
@click.option(
    "--timeout", type=click.FloatRange(min=0), default=30.0, show_default=True, help="Seconds."
)
@url_option
def wait(timeout: float, url: str) -> None:
    """Wait until a mock is up.

    The exit status is 3 if it is not in time.

    \b
    Examples:
      mockidp wait --url http://localhost:9400 --timeout 10
    """
    import time

    ends_at = time.monotonic() + timeout
    while True:
        try:
            server(url).health()
        except Unreachable as error:
            if time.monotonic() >= ends_at:
                raise Unreachable(f"waited {timeout:g} s: {error}") from None
            time.sleep(_PAUSE)
        else:
            return
