"""How entries and the changes of a commit are written on the server.

An entry is two lines of JSON: its state and the values of its indexes, and its value, which a
replica does not parse before it is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mockidp.errors import MockIdPError
from mockidp.frozen import frozen, replace
from mockidp.storage.redis.scripts import IN_COMMIT
from mockidp.storage.store import FOREVER, Entry

SCHEMA = 2
"""The version of the format of entries."""
LOGGED = 500
"""The log has no more entries of a commit than this. Replicas read stores with more again."""
NEW = 1 << 62
"""Positions from here on are of entries that are not committed. The commit gives them others."""
IndexValues = Mapping[str, Sequence[str]]
"""The values under which each index finds an entry."""
_encode = json.JSONEncoder(ensure_ascii=False).encode  # Lua refuses the escape of a lone surrogate
Message = tuple[str, int, str | None]
"""A feed, how many messages of it are kept, and the message; None deletes all."""


class Row(NamedTuple):
    """An entry as it is written; without a text it is deleted."""

    store: str
    key: str
    text: str | None


@dataclass(kw_only=True, slots=True)
class Stored:
    """A committed entry, whose value may not have been parsed yet.

    Attributes:
        entry: The entry; None until it is read.
        text: The value as JSON, until it is read.
        expires_at: As in the entry, like `taken_at`, `version` and `position`.
        indexes: The values under which each index finds it.
    """

    entry: Entry[Any] | None = None
    text: str = ""
    expires_at: float = FOREVER
    taken_at: float | None = None
    version: int
    position: int
    indexes: IndexValues

    @classmethod
    def of(cls, entry: Entry[Any], version: int, indexes: IndexValues) -> Stored:
        """Return an entry that this process has committed with a version."""
        position = version if entry.position >= NEW else entry.position
        return cls(
            entry=Entry(
                value=entry.value,
                expires_at=entry.expires_at,
                taken_at=entry.taken_at,
                version=version,
                position=position,
            ),
            version=version,
            position=position,
            indexes=indexes,
        )

    def read(self, decode: Callable[[Any], Any], *, keeps: bool = True) -> Entry[Any]:
        """Return the entry.

        Args:
            decode: Makes its value from plain data.
            keeps: Whether the entry is likely to be read again.
        """
        text, entry = self.text, self.entry  # in this order, because other threads read it, too
        if entry is None:
            entry = Entry(
                value=decode(json.loads(text)),
                expires_at=self.expires_at,
                taken_at=self.taken_at,
                version=self.version,
                position=self.position,
            )
            if keeps:
                self.entry, self.text = entry, ""
        return entry


@frozen
class Changes:
    """The changes of one commit.

    Attributes:
        replaced: Stores whose other entries are deleted.
        rows: The changed entries, in the order of their positions.
        staged: The entries of replaced stores with many, which are written before the commit.
        unlogged: Stores whose entries are not in the log; of a commit that was read there.
        indexes: The values under which the indexes find each entry, by store and key. Not written.
        stores: The changed stores.
        capacities: The capacities of those that have one.
        messages: The messages to feeds.
        tokens: The tokens of everything that has changed for readers.
    """

    replaced: Sequence[str]
    rows: Sequence[Row]
    stores: Sequence[str]
    capacities: Mapping[str, int]
    messages: Sequence[Message]
    tokens: str = ""
    staged: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    unlogged: Sequence[str] = ()
    indexes: Mapping[tuple[str, str], IndexValues] = field(default_factory=dict)

    @property
    def logged(self) -> str:
        """The changes without their entries as JSON, if there are too many; otherwise nothing."""
        if len(self.rows) <= LOGGED:
            return ""
        return replace(self, rows=(), unlogged=sorted({row.store for row in self.rows})).text

    @property
    def text(self) -> str:
        """The changes as JSON, for Lua and for other replicas."""
        written = {
            "replaced": self.replaced,
            "rows": self.rows,
            "staged": {name: len(rows) for name, rows in self.staged.items()},
            "unlogged": self.unlogged,
            "stores": self.stores,
            "capacities": self.capacities,
            "unlimited": dict.fromkeys(self.replaced, True),
            "messages": self.messages,
        }
        return _encode(written)


NOTHING = Changes(replaced=(), rows=(), stores=(), capacities={}, messages=())


def parse_changes(text: str) -> Changes:
    """Return the changes of another replica."""
    found = json.loads(text)
    return Changes(
        replaced=found["replaced"],
        rows=[Row(*row) for row in found["rows"]],
        unlogged=[*found["staged"], *found["unlogged"]],
        stores=found["stores"],
        capacities=found["capacities"],
        messages=[tuple(one) for one in found["messages"]],
    )


def write_entry(entry: Entry[Any], indexes: IndexValues, encode: Callable[[Any], Any]) -> str:
    """Return an entry as text."""
    expires_at = None if entry.expires_at == FOREVER else entry.expires_at
    position = None if entry.position >= NEW else entry.position
    state = _encode([SCHEMA, expires_at, entry.taken_at, position, indexes])
    return f"{state}\n{json.dumps(encode(entry.value))}"


def read_entry(text: str, version: int) -> Stored:
    """Return an entry that has been written.

    Raises:
        MockIdPError: It was written by another version of mockidp.
    """
    state, _, value = text.partition("\n")
    schema, *rest = json.loads(state)
    if schema != SCHEMA:
        raise MockIdPError(
            f"The state on Redis has version {schema}, but this mockidp only supports version "
            f"{SCHEMA}. Use the same version of mockidp everywhere, or another database."
        )
    expires_at, taken_at, position, indexes = rest
    return Stored(
        text=value,
        expires_at=FOREVER if expires_at is None else expires_at,
        taken_at=taken_at,
        version=version,
        position=version if position is None else position,
        indexes=indexes,
    )


def version_of(commit: int, place: int) -> int:
    """Return the version of the entry at a place of a commit."""
    return commit * IN_COMMIT + place
