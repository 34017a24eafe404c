"""`mockidp health`: check whether a mock is up. Starts fast, without importing the web layer."""

from __future__ import annotations

import json

import click

from mockidp.cli.calls.server_call import server, server_options


@click.command()
@server_options
def health(url: str, *, as_json: bool) -> None:
    """Check whether a mock is up.

    \b
    Examples:
      mockidp health
      mockidp health --url https://localhost:9443
    """
    answer = server(url).health()
    click.echo(json.dumps(answer) if as_json else answer["status"])
