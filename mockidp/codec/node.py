"""A value of a tenant file with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from mockidp.codec.mistakes import ConfigError, Mistake, Path, show_path

_CONSTANTS = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_INTEGER = re.compile(r"[-+]?[0-9]{1,400}")
_BASED_INTEGER = re.compile(r"0o[0-7]{1,400}|0x[0-9a-fA-F]{1,400}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")

Scalar = str | int | float | bool | None


@dataclass(slots=True, eq=False)
class Node:
    """A scalar, a list of nodes, or a dict of nodes by key.

    `line` is the line that the value begins at; 0 if it is unknown.
    """

    line: int
    value: Scalar | list[Node] | dict[str, Node]
    key_line: int = 0
    """The line of the key that the value belongs to; 0 for an item of a list."""

    @property
    def line_of_entry(self) -> int:
        """The line of the entry as a whole, key included."""
        return self.key_line or self.line

    def plain(self) -> Any:
        """Return the value as plain data, without lines."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def resolve(text: str) -> Scalar:
    """Return what an unquoted scalar means in YAML 1.2's core schema."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _BASED_INTEGER.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text) and isfinite(float(text)):
        return float(text)
    return text


def node_of(value: Any, source: str, path: Path = ()) -> Node:
    """Return plain data as nodes without lines.

    Raises:
        ConfigError: A value is not JSON.
    """
    if isinstance(value, Mapping):
        entries = {str(key): one for key, one in value.items()}
        return Node(0, {key: node_of(one, source, (*path, key)) for key, one in entries.items()})
    if isinstance(value, list | tuple):
        return Node(0, [node_of(one, source, (*path, i)) for i, one in enumerate(value)])
    if isinstance(value, str | int | float | bool | None):
        return Node(0, value)
    expected = "a JSON value: a string, number, true, false, null, list or mapping"
    raise ConfigError(
        [
            Mistake(
                file=source,
                path=show_path(path),
                steps=path,
                found=f"{value!r}",
                expected=expected,
            )
        ]
    )


def value_of(source: Any) -> Any:
    """Return the value of a node; plain data is its own value."""
    return source.value if type(source) is Node else source


def plain_of(source: Any) -> Any:
    """Return the plain data of a node; plain data as it is."""
    return source.plain() if type(source) is Node else source


def line_of(source: Any) -> int:
    """Return the line of a node; 0 for plain data."""
    return source.line if type(source) is Node else 0


def line_of_entry(source: Any) -> int:
    """Return the line of an entry as a whole; 0 for plain data."""
    return source.line_of_entry if type(source) is Node else 0
