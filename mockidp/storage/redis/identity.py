"""What all mocks with a state have in common: the version, and the values of the start."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from mockidp.frozen import frozen

_DEPTH = 2
"""How many levels below a section have digests of their own, as in `clients[2].callbacks`."""
_MAX_PARTS = 1000
"""A section with more parts has one digest."""

Outline = str | dict[str, "Outline"]
"""The digest of a value, or the outlines of its parts by the end of their paths."""


@frozen(kw_only=False)
class Identity:
    """The version of mockidp, and the outline of the values by section."""

    version: str
    outline: Outline

    @classmethod
    def of(cls, version: str, sections: Mapping[str, Any]) -> Identity:
        """Return the identity for values of JSON."""
        return cls(version, {name: _outline_of_section(one) for name, one in sections.items()})

    def __str__(self) -> str:
        """Return the version, a space, and a digest. Equal identities have the same text."""
        return f"{self.version} {_digest(self.outline)}"


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
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
