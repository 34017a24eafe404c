"""Exchanges as messages, by which the mocks that share a tenant have the same journal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any

from mockidp.frozen import replace
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.tenant.journal.flow_index import Thing
from mockidp.tenant.trace import Check, IssuedToken

_FIELDS = tuple(one.name for one in fields(JournalEntry))


def write_exchange(entry: JournalEntry, at: float, things: Iterable[Thing]) -> str:
    """Return an exchange as text. A replica parses only the first line at once."""
    values = {name: getattr(entry, name) for name in _FIELDS}
    head = json.dumps([at, list(things)])
    return f"{head}\n{json.dumps(values, default=_plain)}"


def read_exchange(text: str) -> tuple[Callable[[int], JournalEntry], float, list[Thing]]:
    """Return what makes the entry of an exchange for a number, its time, and its things."""
    head, _, rest = text.partition("\n")
    at, things = json.loads(head)
    return lambda number: _entry(number, rest), at, [Thing(*one) for one in things]


def _plain(value: Any) -> Any:
    """Return a check or a token as plain data; a collection as a list."""
    if isinstance(value, Check | IssuedToken):
        return {one.name: getattr(value, one.name) for one in fields(value)}
    return list(value)


def _entry(number: int, text: str) -> JournalEntry:
    values = json.loads(text)
    return replace(
        JournalEntry(**values),
        number=number,
        trace=tuple(Check(**one) for one in values["trace"]),
        tokens=tuple(IssuedToken(**one) for one in values["tokens"]),
        faults=tuple(values["faults"]),
    )
