"""`mockidp push`: load a tenant file into a running mock."""

from __future__ import annotations

from pathlib import Path

import click

from mockidp.cli.calls.server_call import server, url_option
from mockidp.cli.options import placeholder_option
from mockidp.cli.tenant_file import load_file


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@placeholder_option
@url_option
def push(file: Path, placeholders: dict[str, str], url: str) -> None:
    """Replace the tenant of a running mock with FILE.

    FILE is a tenant file, or a directory that Auth0's Deploy CLI exported; - reads standard input.
    Sessions and tokens remain valid, and settings from the mock's environment and options keep
    precedence. If FILE has errors, they are reported with their lines, and nothing is sent.

    \b
    Examples:
      mockidp push tenant.yaml
      mockidp push tenant.yaml --url http://mockidp:9400
      docker exec --interactive mockidp mockidp push - < tenant.yaml
    """
    from mockidp.codec.write import to_file

    document = load_file(file, placeholders)
    server(url).call("PUT", "/tenant?lenient=true", to_file(document))
    for note in document.notes:
        click.echo(f"note: {note}", err=True)
    counts = (
        (document.clients, "client"), (document.resource_servers, "API"), (document.users, "user"),
    )  # fmt: skip
    click.echo(", ".join(_count(len(records), name) for records, name in counts))


def _count(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"
