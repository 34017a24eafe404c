"""`mockidp import`: a state that was exported, into a running mock."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mockidp.cli.server_call import server, url_option
from mockidp.errors import MockIdPError


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@url_option
def import_(file: Path, url: str) -> None:
    """Bring a running mock into an exported state.

    FILE is what `mockidp export` printed; - is standard input.

    \b
    Examples:
      mockidp import state.json
      mockidp export --url http://localhost:9400 | mockidp import - --url http://localhost:9500
    """
    try:
        with click.open_file(str(file), encoding="utf-8") as opened:
            state = json.load(opened)
    except (OSError, ValueError, RecursionError) as error:
        raise MockIdPError(f"{file}: no exported state: {error}") from None
    if not isinstance(state, dict):
        raise MockIdPError(f"{file}: no exported state: it is no JSON object")
    server(url).call("PUT", "/snapshot", state)
