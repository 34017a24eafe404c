"""`mockidp reset`: reset a running mock."""

from __future__ import annotations

import click

from mockidp.cli.calls.server_call import server, url_option


@click.command()
@url_option
def reset(url: str) -> None:
    """Reset a running mock to its state after the start.

    Restores data, keys, clock and seed. Deletes faults and the journal.

    \b
    Examples:
      mockidp reset
    """
    server(url).post("/reset")
