"""`mockidp export`: print the state of a running mock, for `mockidp import`."""

from __future__ import annotations

import json

import click

from mockidp.cli.server_call import server, url_option
from mockidp.clients.remote.control_client import SNAPSHOT_TIMEOUT


@click.command()
@url_option
def export(url: str) -> None:
    """Print the state of a running mock as JSON.

    It contains all data, sessions, tokens, keys and the clock. Private keys and passwords are
    included.

    \b
    Examples:
      mockidp export > state.json
    """
    control = server(url)
    state = control.get("/snapshot", wanted="mockidp_snapshot", wait=SNAPSHOT_TIMEOUT)
    click.echo(json.dumps(state, indent=1))
