"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from mockidp.data_dir import DEFAULT_NAME

DEFAULT_DATA_DIR = Path(DEFAULT_NAME)
DEFAULT_URL = "http://localhost:9400"
RULE = (
    "A command calls the mock at --url, else at MOCKIDP_URL, else on the port in MOCKIDP_LISTEN, "
    f"else at {DEFAULT_URL}. Without --url, `mockidp explain` first calls the mock that the link, "
    "token or login URL names, if that mock runs on this machine. A command prints on standard "
    f"error which mock it uses, unless it is {DEFAULT_URL}."
)

F = TypeVar("F", bound=Callable[..., Any])


def data_dir_option(command: F) -> F:
    """Add `--data-dir`."""
    return click.option(
        "--data-dir",
        envvar="MOCKIDP_DATA_DIR",
        type=click.Path(path_type=Path, file_okay=False),
        default=DEFAULT_DATA_DIR,
        show_default=True,
        help="Directory of the certificate authority, and of the state that serve --persist keeps."
        "  [env: MOCKIDP_DATA_DIR]",
    )(command)


def placeholder_option(command: F) -> F:
    """Add `--placeholder KEY=VALUE`, which can be repeated."""
    return click.option(
        "--placeholder",
        "placeholders",
        envvar="MOCKIDP_PLACEHOLDER",
        metavar="KEY=VALUE",
        multiple=True,
        callback=parse_pairs,
        help="Value for @@KEY@@ or ##KEY## in the tenant file.  [env: MOCKIDP_PLACEHOLDER]",
    )(command)


def parse_pairs(
    _ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> dict[str, str]:
    """Split `NAME=VALUE` texts."""
    pairs = {}
    for value in values:
        name, equals, rest = value.partition("=")
        if not equals or not name:
            raise click.BadParameter(f"{value!r} is not {parameter.metavar}")
        pairs[name] = rest
    return pairs
