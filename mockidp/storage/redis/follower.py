"""The copies of a process, and how they follow the commits on the server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from mockidp.errors import MockIdPError
from mockidp.storage.encoding import PLAIN, Encoding
from mockidp.storage.redis.attempt import Attempt
from mockidp.storage.redis.feed import RedisFeed
from mockidp.storage.redis.news import Found, Messages, News, Position
from mockidp.storage.redis.pages import START, PartialStore
from mockidp.storage.redis.reads import (
    Read,
    read_by_all,
    read_by_noticing,
    read_by_writers,
    replaced,
    tokens_of,
)
from mockidp.storage.redis.replica import ReplicaStore
from mockidp.storage.redis.state import RedisState
from mockidp.storage.redis.written import (
    LOGGED,
    Changes,
    IndexValues,
    Row,
    Stored,
    read_entry,
    version_of,
    write_entry,
)
from mockidp.storage.store import Entry


class Follower:
    """All stores and feeds of a backend, as they are after some commit.

    Attributes:
        lock: Held while anything changes.
        position: The last commit that is in the copies.
        stores: The stores by name.
        feeds: The feeds by name.
        unread_stores: The names of stores that have not been read yet.
        unread_feeds: The names of feeds that have not been read yet.
        encodings: The encoding of each store by its name; other stores hold plain data.
        refusal: Returns the exception that is raised if the server cannot be used.

    Args:
        state: The state on the server.
        encodings: As the attribute.
    """

    def __init__(self, state: RedisState, encodings: Mapping[str, Encoding]) -> None:
        self.lock = threading.RLock()
        self.position = Position()
        self.stores: dict[str, ReplicaStore[Any]] = {}
        self.feeds: dict[str, RedisFeed] = {}
        self.unread_stores: list[str] = []
        self.unread_feeds: list[str] = []
        self.encodings = encodings
        self.refusal: Callable[[MockIdPError], Exception] = lambda error: error
        self._state = state
        self._is_down = False

    def encoding(self, store: str) -> Encoding:
        """Return how the values of a store are written."""
        return self.encodings.get(store, PLAIN)

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Raise a refusal if the server cannot be used."""
        try:
            yield
        except MockIdPError as error:
            self._is_down = True
            raise self.refusal(error) from None
        self._is_down = False

    def follow(self) -> None:
        """Make the changes that other processes have committed, and read what was opened."""
        if self.unread_stores or self.unread_feeds:
            with self.lock:
                self._read()
            return
        news = self._state.news(self.position)
        with self.lock:
            self.adopt(news)

    @property
    def is_incomplete(self) -> bool:
        """Whether a transaction has to follow first: there is no state, or too little is read."""
        return bool(not self.position.commits or self.unread_stores or self.unread_feeds)

    def try_to_follow(self) -> None:
        """Follow, unless the server cannot be used, so that a refusal can still be written."""
        if not self._is_down:
            try:
                self.follow()
            except MockIdPError:
                self._is_down = True

    def adopt(self, news: News) -> None:
        """Make the changes that are not in the copies yet. The caller holds the lock."""
        if news.missed is None:
            if news.position != self.position:
                self._forget()
                self._read()
            return
        if not (self.position.commits or news.position.commits):
            self.position = news.position  # the lease or the commit has created the state
        for number, changes in news.after(self.position):
            if self._forget_stores(changes.unlogged):
                self._read()
                return
            self._apply(number, changes, {})
            self.position = Position(epoch=news.position.epoch, commits=number)

    def _forget(self) -> None:
        """Read everything again."""
        self._forget_stores(self.stores)
        self.unread_feeds = list(self.feeds)

    def _forget_stores(self, names: Iterable[str]) -> Sequence[str]:
        """Read some stores again. Return those that this replica has."""
        found = [name for name in names if name in self.stores]
        self.unread_stores += (name for name in found if name not in self.unread_stores)
        return found

    def _read(self) -> None:
        """Catch up, and read what has not been read, page by page. The caller holds the lock."""
        parts: dict[str, PartialStore] = {}
        scanned: str | None = None
        while self.unread_stores or self.unread_feeds:
            parts = {name: parts.get(name) or PartialStore() for name in self.unread_stores}
            cursors = {name: part.cursor for name, part in parts.items()}
            feeds = tuple(self.unread_feeds)
            found = self._state.read(self.position, cursors, feeds, scanned)
            if found.news.missed is not None:
                for number, changes in found.news.after(self.position):
                    self._apply(number, changes, parts)
            elif not self._is_everything(cursors, feeds):
                self._forget()
                parts, scanned = {}, None
                continue
            self._add(found, cursors, parts)
            self.position = found.news.position
            scanned = next((name for name in self.unread_stores if name in cursors), None)

    def _is_everything(self, cursors: Mapping[str, int], feeds: Sequence[str]) -> bool:
        """Return whether all stores and feeds are read from the beginning."""
        is_all = (len(cursors), len(feeds)) == (len(self.stores), len(self.feeds))
        return is_all and set(cursors.values()) <= {START}

    def _add(
        self, found: Found, cursors: Mapping[str, int], parts: Mapping[str, PartialStore]
    ) -> None:
        for name, page in found.pages.items():
            part = parts[name]
            if page is None or part.cursor != cursors[name]:  # it begins again
                continue
            if part.add(page):
                self.stores[name].copy.apply(part.entries(page.size), replaced=True)
                self.unread_stores.remove(name)
        for name, messages in found.feeds.items():
            self._replace_feed(name, messages)
            self.unread_feeds.remove(name)

    def _replace_feed(self, name: str, messages: Messages) -> None:
        receiver = self.feeds[name].receiver
        receiver.begin(messages.count - len(messages.kept))
        for message in messages.kept:
            receiver.receive(message)

    def _apply(self, commit: int, changes: Changes, parts: dict[str, PartialStore]) -> None:
        """Make the changes of another process.

        Args:
            commit: Its number.
            changes: The changes.
            parts: The stores that are being read; those that it does not log begin again.
        """
        by_store: dict[str, list[tuple[str, Stored | None]]] = {
            name: [] for name in changes.replaced if name not in changes.unlogged
        }
        for place, (name, key, text) in enumerate(changes.rows, 1):
            if name in self.stores:
                stored = None if text is None else read_entry(text, version_of(commit, place))
                by_store.setdefault(name, []).append((key, stored))
        for name in self._forget_stores(changes.unlogged):
            parts[name] = PartialStore()
        for name in parts.keys() & by_store.keys():
            parts[name].apply(by_store.pop(name))
        self._make(by_store, changes)

    def _make(
        self, by_store: Mapping[str, Iterable[tuple[str, Stored | None]]], changes: Changes
    ) -> None:
        for name, entries in by_store.items():
            if name in self.stores:
                self.stores[name].copy.apply(
                    entries,
                    replaced=name in changes.replaced,
                    limit=changes.capacities.get(name),
                )
        for name, _, message in changes.messages:
            if name in self.feeds:
                receiver = self.feeds[name].receiver
                if message is None:
                    receiver.begin(0)
                else:
                    receiver.receive(message)

    def apply_own(self, commit: int, attempt: Attempt, changes: Changes, known: Position) -> None:
        """Make the changes of this process, unless they are in the copies already.

        The caller holds the lock.

        Args:
            commit: The number of their commit.
            attempt: The entries.
            changes: The same as they were written.
            known: The position before.
        """
        if self.position != known or commit <= known.commits:
            return
        by_store: dict[str, list[tuple[str, Stored | None]]] = {
            name: [] for name in changes.replaced
        }
        for rows in (changes.rows, *changes.staged.values()):
            for place, (name, key, _) in enumerate(rows, 1):
                entry, version = attempt.changes[name].entries[key], version_of(commit, place)
                indexes = changes.indexes[name, key]
                stored = None if entry is None else Stored.of(entry, version, indexes)
                by_store.setdefault(name, []).append((key, stored))
        self._make(by_store, changes)
        self.position = Position(epoch=known.epoch, commits=commit)

    def changes(self, attempt: Attempt) -> Changes:
        """Return the changes of an attempt as they are written."""
        rows: list[tuple[int, Row]] = []
        changed: set[Read] = set()
        capacities: dict[str, int] = {}
        found: dict[tuple[str, str], IndexValues] = {}
        large: list[str] = []
        for name, pending in attempt.changes.items():
            store, encode = self.stores[name], self.encoding(name).encode
            if pending.limit is not None:
                capacities[name] = pending.limit
            is_large = len(pending.entries) > LOGGED  # so that others read the store again
            is_all = pending.replaced or is_large
            if is_all:
                changed.update(replaced(name))
            if pending.replaced and is_large:
                large.append(name)
            for key, entry in pending.entries.items():
                indexes = found[name, key] = {} if entry is None else store.indexed(entry)
                text = None if entry is None else write_entry(entry, indexes, encode)
                rows.append((0 if entry is None else entry.position, Row(name, key, text)))
                if not is_all:
                    changed.update(_read(store, key, entry, indexes))
        rows.sort(key=lambda row: row[0])
        return Changes(
            replaced=[name for name, pending in attempt.changes.items() if pending.replaced],
            rows=[row for _, row in rows if row.store not in large],
            staged={
                name: [row for _, row in rows if row.store == name and row.text is not None]
                for name in large
            },
            stores=list(attempt.changes),
            capacities=capacities,
            messages=attempt.messages,
            tokens=tokens_of(changed),
            indexes=found,
        )


def _read(
    store: ReplicaStore[Any], key: str, entry: Entry[Any] | None, indexes: IndexValues
) -> Iterable[Read]:
    """Return what those have read who have to notice that a key gets an entry."""
    if entry is not None and store.is_unnoticed(key, entry):
        return read_by_writers(store.name, key), read_by_noticing(store.name)
    return read_by_all(store.name, key, indexes, store.copy.indexed(key))
