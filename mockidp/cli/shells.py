"""Write variables as export commands of each shell, with quoted values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from shlex import quote

_POWERSHELL_QUOTES = re.compile("['\u2018\u2019\u201a\u201b]")
"""Each of these ends a single-quoted string in PowerShell unless it is doubled."""


def quoted(value: str) -> str:
    """Quote a value for POSIX shells, always with quotes."""
    return quote(value) if "'" in value else f"'{value}'"


def _fish(value: str) -> str:
    """Quote for fish, where a backslash in single quotes escapes a quote or a backslash."""
    return "'" + re.sub(r"(['\\])", r"\\\1", value) + "'"


def _powershell(value: str) -> str:
    return "'" + _POWERSHELL_QUOTES.sub(lambda one: one[0] * 2, value) + "'"


SHELLS: Mapping[str, Callable[[str, str], str]] = {
    "bash": lambda name, value: f"export {name}={quoted(value)}",
    "fish": lambda name, value: f"set -gx {name} {_fish(value)}",
    "powershell": lambda name, value: f"$env:{name} = {_powershell(value)}",
}


def export_lines(values: Mapping[str, str], shell: str) -> Iterator[str]:
    """Return one line for each variable."""
    for name, value in values.items():
        yield SHELLS[shell](name, value)
