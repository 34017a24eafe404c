"""`mockidp env`: the environment that makes an app trust the mock and find it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import click

from mockidp.cli.options import data_dir_option
from mockidp.errors import MockIdPError


@click.command()
@data_dir_option
@click.option(
    "--issuer",
    "issuer",
    default="https://localhost:9443/",
    show_default=True,
    help="The issuer to export.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object instead of exports.")
def env(data_dir: Path, issuer: str, *, as_json: bool) -> None:
    r"""Print `export NAME='value'` lines that make Node, Python and curl trust the mock's CA.

    \b
    Examples:
      eval "$(mockidp env)"
      mockidp env --json
    """
    ca_file, bundle_file = data_dir / "ca.pem", data_dir / "ca-bundle.pem"
    if not ca_file.is_file():
        raise MockIdPError(
            f"{ca_file} is not there yet: start `mockidp serve` in this directory once, or name "
            "its --data-dir"
        )
    values = trust_environment(issuer=issuer, ca_file=ca_file, bundle_file=bundle_file)
    if as_json:
        click.echo(json.dumps(values))
        return
    for name, value in values.items():
        click.echo(f"export {name}={quoted(value)}")


def trust_environment(*, issuer: str, ca_file: Path, bundle_file: Path) -> dict[str, str]:
    """Return the variables: Node adds to what it trusts, Python and curl replace it."""
    bundle = str(bundle_file.resolve())
    return {
        "MOCKIDP_ISSUER": issuer,
        "NODE_EXTRA_CA_CERTS": str(ca_file.resolve()),
        "SSL_CERT_FILE": bundle,
        "REQUESTS_CA_BUNDLE": bundle,
    }


def quoted(value: str) -> str:
    """Quote for a shell, always with quotes."""
    return shlex.quote(value) if "'" in value else f"'{value}'"
