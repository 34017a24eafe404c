"""What one thread has read and changed since its transaction began."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from mockidp.frozen import replace
from mockidp.protocol.errors.refusal import Refusal
from mockidp.storage.redis.news import Position
from mockidp.storage.redis.reads import (
    Read,
    id_read,
    in_stores,
    read_by_noticing,
    read_by_writers,
    tokens_of,
)
from mockidp.storage.redis.written import NEW, Message
from mockidp.storage.store import Entry


@dataclass(kw_only=True, slots=True)
class Pending:
    """The changes to one store that are not committed.

    Attributes:
        entries: The changed entries; None deletes one.
        replaced: Whether all other entries are deleted.
        limit: The capacity of the store.
    """

    entries: dict[str, Entry[Any] | None] = field(default_factory=dict)
    replaced: bool = False
    limit: int | None


class Attempt:
    """A transaction of one thread. Its changes are in nobody's way until they are committed.

    Attributes:
        id: Distinguishes its commit from all others.
        known: The position of the replica when it began.
        repeats: Whether it runs again if what it has read has changed. Otherwise the first change
            acquires the lease.
        reads: What it has read.
        changes: What it has changed, by the names of stores.
        messages: The messages to feeds.
        after_commit: What cannot be undone.
        holds_lease: Whether the lease ends with it.
        is_current: Whether it has read the feeds as they are now.
        notices_all: Whether it runs again after each change of what it has read, also after one
            that `StoreSpec.is_unnoticed` allows.
    """

    def __init__(self, known: Position, *, repeats: bool) -> None:
        self.id = os.urandom(8).hex()
        self.known = known
        self.repeats = repeats
        self.reads: set[Read] = set()
        self.changes: dict[str, Pending] = {}
        self.messages: list[Message] = []
        self.after_commit: list[Callable[[], object]] = []
        self.holds_lease = False
        self.is_current = False
        self.notices_all = False
        self._depth = 0
        self._numbers = count(1)

    def __bool__(self) -> bool:
        """Return whether there is anything to commit."""
        return bool(self.changes or self.messages)

    @property
    def read_tokens(self) -> str:
        """The tokens of what it has read, and of the stores that it has read in.

        Its id is among them, so that a commit that is not made can be excluded by a later one.
        """
        written = (
            read_by_writers(name, key) for name, one in self.changes.items() for key in one.entries
        )
        noticed = {read_by_noticing(read[0]) for read in self.reads if self.notices_all}
        stores = in_stores(self.reads)
        return tokens_of({*self.reads, *stores, *noticed, *written, id_read(self.id)})

    def pending(self, store: str, limit: int | None) -> Pending:
        """Return the changes to a store that has a capacity."""
        pending = self.changes.setdefault(store, Pending(limit=limit))
        pending.limit = limit
        return pending

    def replace(self, store: str, limit: int | None) -> Pending:
        """Delete all entries of a store, and return the changes to it."""
        self.changes[store] = pending = Pending(replaced=True, limit=limit)
        return pending

    def number(self) -> int:
        """Return a position for an entry that is not committed. It is after all committed ones."""
        return NEW + next(self._numbers)

    @contextmanager
    def joined(self) -> Iterator[None]:
        """Undo the changes of the outermost block if an exception that is no refusal ends it."""
        if self._depth or not self.repeats:
            yield
            return
        held = {name: replace(one, entries=dict(one.entries)) for name, one in self.changes.items()}
        messages, actions = len(self.messages), len(self.after_commit)
        self._depth += 1
        try:
            yield
        except Refusal:
            raise
        except BaseException:
            self.changes = held
            del self.messages[messages:], self.after_commit[actions:]
            raise
        finally:
            self._depth -= 1
