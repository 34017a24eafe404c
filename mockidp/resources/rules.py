"""Checks that go beyond the type of a field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import Any, NamedTuple

from mockidp.frozen import frozen


class Expected(NamedTuple):
    """What a check expects instead of a value."""

    text: str
    suggestion: str | None = None
    is_kept: bool = False
    """Whether Auth0 stores such a value anyway and ignores it."""


Check = Callable[[Any], Expected | None]
"""Returns None for a good value."""


@frozen(kw_only=False)
class Misfit:
    """A contradiction in a record, and the field to report it at."""

    field: str
    found: str
    expected: str


def _accept(_record: object) -> Iterable[Misfit]:
    return ()


@frozen(kw_only=False)
class Rules:
    """The checks of all records."""

    fields: Mapping[tuple[type, str], Check] = field(default_factory=dict)
    """By record and attribute; a list is checked item by item."""
    check_record: Callable[[object], Iterable[Misfit]] = _accept
    """Checks the fields of a record against each other."""
