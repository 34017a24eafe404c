"""`mockidp check`: every mistake of a tenant file at once, or what was understood of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockidp.cli.options import placeholder_option

if TYPE_CHECKING:
    from mockidp.protocol.client import Client
    from mockidp.protocol.connection import Connection
    from mockidp.tenant.document import TenantDocument

Row = tuple[str, ...]


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@placeholder_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def check(
    context: click.Context, file: Path, placeholders: dict[str, str], *, as_json: bool
) -> None:
    r"""Check a tenant file, YAML or JSON, without serving it.

    Prints every mistake with its line, or what was understood and what is not acted on.

    \b
    Examples:
      mockidp check tenant.yaml
      mockidp check exported.yaml --placeholder ENV=dev
    """
    from mockidp.tenant.config import ConfigError, load_tenant

    try:
        document = load_tenant(file, placeholders=placeholders)
    except ConfigError as error:
        mistakes = [asdict(mistake) for mistake in error.mistakes]
        result = {"file": str(file), "valid": False, "mistakes": mistakes}
        click.echo(json.dumps(result, indent=2) if as_json else str(error))
        context.exit(1)
    click.echo(_as_json(str(file), document) if as_json else render_check(str(file), document))


def render_check(file: str, document: TenantDocument) -> str:
    """Return the lines that tell what was understood of a file, in aligned columns."""
    lines = [f"{file}: understood, without a mistake"]
    for title, rows in _sections(document):
        found = list(rows)
        widths = [max(map(len, column)) for column in zip(*found, strict=True)]
        lines += [title] if found else []
        lines += [
            "  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in found
        ]
    return "\n".join(lines)


def _as_json(file: str, document: TenantDocument) -> str:
    understood = {
        title.partition(" (")[0].replace(" ", "_"): [" ".join(row).rstrip() for row in rows]
        for title, rows in _sections(document)
    }
    return json.dumps({"file": file, "valid": True, **understood}, indent=2)


def _sections(document: TenantDocument) -> Iterable[tuple[str, Iterable[Row]]]:
    yield "clients", map(_client_row, document.clients)
    yield "APIs", ((api.identifier, _join(api.scope_values)) for api in document.resource_servers)
    yield (
        "client grants",
        (
            (one.client_id, one.audience, "all scopes" if one.allow_all_scopes else _join(one.scope))
            for one in document.client_grants
        ),
    )
    yield "connections", map(_connection_row, (*document.databases, *document.connections))
    yield "roles", ((role.name, _join(p.permission_name for p in role.permissions)) for role in document.roles)
    yield "users", ((u.user_id, u.email or u.username or "", _join(u.roles)) for u in document.users)
    yield "settings (that differ from their default)", _settings_rows(document)
    yield "made up (an export has neither ids nor secrets)", _made_up_rows(document)
    yield "not acted on (kept as they are)", ((path,) for path in document.not_acted_on)


def _client_row(client: Client) -> Row:
    kind = "global" if client.is_global else client.app_type
    return client.client_id, kind, _join(client.callbacks)


def _connection_row(connection: Connection) -> Row:
    enabled = connection.enabled_clients
    return (
        connection.name,
        connection.strategy,
        "all clients" if enabled is None else ", ".join(enabled) or "no client",
    )


def _settings_rows(document: TenantDocument) -> Iterable[Row]:
    from mockidp.tenant.overrides import setting_names
    from mockidp.tenant.settings import Settings

    defaults = Settings()
    for name in setting_names():
        value = _get(document.mockidp, name)
        if value != _get(defaults, name):
            yield name, "(a secret)" if name.endswith(".key") else json.dumps(value)


def _made_up_rows(document: TenantDocument) -> Iterable[Row]:
    for client in document.clients:
        pass
    for path in document.made_up:
        yield (path,)


def _get(settings: Any, name: str) -> Any:
    return reduce(getattr, name.split("."), settings)


def _join(words: Iterable[str]) -> str:
    return " ".join(words)
