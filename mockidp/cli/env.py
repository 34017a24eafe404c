"""`mockidp env`: the environment that makes an app trust the mock and find it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import click

from mockidp.cli.options import data_dir_option
from mockidp.errors import MockIdPError

DEFAULT_ISSUER = "https://localhost:9443/"


@click.command()
@data_dir_option
@click.option(
    "--issuer",
    envvar="MOCKIDP_ISSUER",
    default=DEFAULT_ISSUER,
    show_default=True,
    metavar="URL",
    help="The issuer to export.  [env: MOCKIDP_ISSUER]",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object instead of exports.")
def env(data_dir: Path, issuer: str, *, as_json: bool) -> None:
    """Print what makes apps find and trust the mock.

    The lines are `export NAME='value'`: evaluated in a shell, Node, Python and curl trust the
    certificate authority of the mock that was started in this directory.

    \b
    Examples:
      eval "$(mockidp env)"
      mockidp env --json
    """
    from mockidp.tls import CA_FILE, environment

    ca_file = data_dir / CA_FILE
    if not ca_file.is_file():
        raise MockIdPError(
            f"{ca_file} is not there yet: start `mockidp serve` in this directory once, or name "
            "its --data-dir"
        )
    values = environment(issuer, data_dir)
    if as_json:
        click.echo(json.dumps(values))
        return
    for name, value in values.items():
        click.echo(f"export {name}={quoted(value)}")


def quoted(value: str) -> str:
    """Quote for a shell, always with quotes."""
    return shlex.quote(value) if "'" in value else f"'{value}'"
