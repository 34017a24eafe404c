"""`mockidp import`: restore an exported state in a running mock."""

from __future__ import annotations

from pathlib import Path

import click

from mockidp.cli.calls.server_call import server, url_option


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@url_option
def import_(file: Path, url: str) -> None:
    """Restore an exported state in a running mock.

    FILE contains the output of `mockidp export`; - reads standard input. To load a tenant file or
    an export of Auth0's Deploy CLI, use `mockidp push`.

    \b
    Examples:
      mockidp import state.json
      mockidp export --url http://localhost:9400 | mockidp import - --url http://localhost:9500
    """
    from mockidp.cli.files.state_file import open_state
    from mockidp.clients.remote.control_client import SNAPSHOT_TIMEOUT

    with open_state(file) as state:
        server(url).upload("/snapshot", state, wait=SNAPSHOT_TIMEOUT)
