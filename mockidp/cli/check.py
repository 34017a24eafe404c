"""`mockidp check`: report all errors of a tenant file, or summarize its content."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mockidp.cli.options import placeholder_option
from mockidp.cli.tenant_file import load_file, name_of
from mockidp.frozen import frozen

if TYPE_CHECKING:
    from mockidp.codec.mistakes import ConfigError
    from mockidp.protocol.tokens.custom_claim import CustomClaim
    from mockidp.tenant.content.document import TenantDocument

Cell = str | tuple[str, ...]
Row = tuple[Cell, ...]


@frozen(kw_only=False)
class Section:
    """One part of the summary of a tenant file."""

    title: str
    columns: tuple[str, ...]
    rows: Iterable[Row]
    key: str = ""
    """The key in JSON, if it differs from the title."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@placeholder_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def check(
    context: click.Context, file: Path, placeholders: dict[str, str], *, as_json: bool
) -> None:
    """Check a tenant file, and report all errors in one run.

    FILE is a tenant file, YAML or JSON, or a directory that Auth0's Deploy CLI exported; - reads
    standard input. Prints every error with its line. If there are none, prints a summary of the
    tenant, the fields that have no effect, and where Auth0 would therefore answer differently.

    \b
    Examples:
      mockidp check tenant.yaml
      mockidp check export/
      mockidp check exported.yaml --placeholder ENV=dev
    """
    from mockidp.cli.unusable import note_unusable
    from mockidp.codec.mistakes import ConfigError

    name = name_of(file)
    try:
        document = load_file(file, placeholders, review=note_unusable)
    except ConfigError as error:
        click.echo(_mistakes_as_json(name, error) if as_json else str(error))
        context.exit(1)
    if as_json:
        _print_json(name, document)
    else:
        click.echo(render_check(name, document))


def render_check(file: str, document: TenantDocument) -> str:
    """Return the summary of a file as lines with aligned columns."""
    lines = [f"{file}: no errors"]
    for section in summarize(document):
        rows = [[_show(cell) for cell in row] for row in section.rows]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines += [section.title] if rows else []
        lines += ["  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return "\n".join(lines)


def summarize(document: TenantDocument) -> Iterator[Section]:
    """Return the summary of a file, for the terminal or as JSON."""
    from mockidp.resources.registry import TYPES

    for kind in TYPES:
        summaries = [kind.summarize(one) for one in document.of_type(kind)]
        columns = tuple(summaries[0]) if summaries else ()
        yield Section(kind.words_plural, columns, [tuple(one.values()) for one in summaries])
    yield Section(
        "custom claims",
        ("claim", "source", "in", "limits"),
        map(_claim, document.mockidp.claims),
    )
    yield Section(
        "settings that differ from the default",
        ("name", "value"),
        _settings(document),
        key="settings",
    )
    yield Section(
        "generated, because the file does not contain them (an export never does)",
        ("path", "value"),
        _made_up(document),
        key="made_up",
    )
    yield Section(
        "not acted on, and Auth0 would answer differently",
        ("path", "auth0"),
        document.differs,
        key="differs",
    )
    yield Section(
        "not acted on, with no effect on responses (logos, texts, metadata and the like)",
        ("path",),
        ((path,) for path in document.not_acted_on),
        key="not_acted_on",
    )
    yield Section("notes", ("place", "note"), ((one.place, one.text) for one in document.notes))


def _mistakes_as_json(file: str, error: ConfigError) -> str:
    mistakes = [asdict(mistake) for mistake in error.mistakes]
    for mistake in mistakes:
        del mistake["steps"]  # `path` has the same as text
    more = {"more": error.more} if error.more else {}
    return json.dumps({"file": file, "valid": False, "mistakes": mistakes, **more}, indent=2)


def _print_json(file: str, document: TenantDocument) -> None:
    sections = {
        section.key or section.title.lower().replace(" ", "_"): [
            dict(zip(section.columns, row, strict=True)) for row in section.rows
        ]
        for section in summarize(document)
    }
    click.echo(json.dumps({"file": file, "valid": True, **sections}, indent=2))


def _claim(entry: CustomClaim) -> Row:
    source = entry.source if entry.path else f"value {json.dumps(entry.value)}"
    limits = (
        f"{name} {limit}"
        for name in ("client", "audience", "user", "scope")
        if (limit := getattr(entry, name)) is not None
    )
    return entry.claim, source, entry.places, tuple(limits)


def _settings(document: TenantDocument) -> Iterator[Row]:
    from mockidp.tenant.content.overrides import setting_names
    from mockidp.tenant.content.settings import Settings

    defaults = Settings()
    for name in setting_names():
        value, default = (
            reduce(getattr, name.split("."), one) for one in (document.mockidp, defaults)
        )
        if value != default:
            yield name, "(a secret)" if name.endswith(".key") else json.dumps(value)


def _made_up(document: TenantDocument) -> Iterator[Row]:
    """Return the generated ids and secrets, which users of the tenant need."""
    for path in document.made_up:
        index, key = path.removeprefix("clients[").split("].")
        yield path, getattr(document.clients[int(index)], key)


def _show(cell: Cell) -> str:
    from mockidp.codec.mistakes import printable

    return printable(cell if isinstance(cell, str) else ", ".join(cell))
