"""What all mocks with a state have in common: the version, and the values of the start."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from hashlib import sha256
from typing import Any

_DEPTH = 2
"""How many levels below a section have digests of their own, as in `clients[2].callbacks`."""
_MAX_PARTS = 1000
"""A section with more parts has one digest."""
_encode = json.JSONEncoder(sort_keys=True).encode

Outline = str | dict[str, "Outline"]
"""The digest of a value, or the outlines of its parts by the end of their paths."""


class Identity:
    """The version of mockidp, and values of JSON by section.

    Its text is the version, a space, and a digest. Equal identities have the same text.

    Attributes:
        version: The version.
    """

    def __init__(self, version: str, sections: Mapping[str, Any]) -> None:
        self.version = version
        self._sections = sections
        self._text = f"{version} {_digest(sections)}"

    def __str__(self) -> str:
        return self._text

    @cached_property
    def outline(self) -> Outline:
        """The outline of the values. Only the first mock and refusals need it."""
        return {name: _outline_of_section(one) for name, one in self._sections.items()}


def differences(one: Outline | None, other: Outline | None, path: str = "") -> Iterator[str]:
    """Yield the paths of the parts that differ, or that only one of two outlines has."""
    if one == other:
        return
    if not isinstance(one, dict) or not isinstance(other, dict):
        yield path
        return
    for name in {**one, **other}:
        yield from differences(one.get(name), other.get(name), f"{path}{name}")


def _outline_of_section(section: Any) -> Outline:
    sizes = (len(part) if isinstance(part, dict | list) else 1 for _, part in _parts(section))
    return _outline(section, _DEPTH if sum(sizes) <= _MAX_PARTS else 0)


def _outline(value: Any, depth: int) -> Outline:
    if not depth or not isinstance(value, dict | list):
        return _digest(value)
    return {name: _outline(part, depth - 1) for name, part in _parts(value)}


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from ((f".{name}", part) for name, part in value.items())
    elif isinstance(value, list):
        yield from ((f"[{index}]", part) for index, part in enumerate(value))


def _digest(value: Any) -> str:
    return sha256(_encode(value).encode()).hexdigest()
