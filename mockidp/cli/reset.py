"""`mockidp reset`: back to the start."""

from __future__ import annotations

import click

from mockidp.cli.server_call import server, url_option


@click.command()
@url_option
def reset(url: str) -> None:
    """Bring a running mock back to its start.

    Data, keys, clock and seed are as they were; faults and journal are gone.

    \b
    Examples:
      mockidp reset
    """
    server(url).post("/reset")
