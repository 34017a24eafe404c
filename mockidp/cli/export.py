"""`mockidp export`: write the state of a running mock, for `mockidp import`."""

from __future__ import annotations

from pathlib import Path

import click

from mockidp.cli.calls.server_call import server, url_option
from mockidp.cli.files.whole_file import whole_file
from mockidp.clients.remote.control_client import SNAPSHOT_TIMEOUT


@click.command()
@click.argument("file", default="-", type=click.Path(path_type=Path, allow_dash=True))
@url_option
def export(file: Path, url: str) -> None:
    """Write the state of a running mock as JSON.

    FILE is written while the state arrives, and exists only once it is complete; by default the
    state is printed. It contains all data, sessions, tokens, keys and the clock. Private keys and
    passwords are included.

    \b
    Examples:
      mockidp export state.json
      mockidp export | jq .clock
    """
    control = server(url)
    with whole_file(file) as write:
        control.download("/snapshot", write, wanted="mockidp_snapshot", wait=SNAPSHOT_TIMEOUT)
        write(b"\n")
