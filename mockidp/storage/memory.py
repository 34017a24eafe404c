"""The backend that keeps everything in the memory of this process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from typing import Any, Generic, TypeVar

from mockidp.storage.indexes import Indexes
from mockidp.storage.store import FOREVER, Entries, Entry, Store, StoreSpec
from mockidp.storage.transactions import Action, Transaction, Transactions

V = TypeVar("V")
T = TypeVar("T")


class MemoryStore(Generic[V]):
    """A store in dictionaries. Reading takes no lock, except for a whole scan."""

    def __init__(
        self,
        spec: StoreSpec[V],
        now: Callable[[], float],
        transactions: Transactions | None = None,
    ) -> None:
        self.spec = spec
        self._now = now
        self._transactions = transactions or Transactions()
        self._hold({})
        self._order: OrderedDict[str, None] = OrderedDict()  # keys by last change
        self._indexes = Indexes(spec.indexes)
        self._last_version = 0

    def put(self, key: str, value: V, *, expires_at: float = FOREVER) -> None:
        """Write a value, whatever the key had before."""
        self._write(key, value, expires_at)

    def get(self, key: str) -> V | None:
        """Return the value if it is good."""
        entry = self._entries.get(key)
        if entry is None or entry.taken_at is not None:
            return None
        if entry.expires_at == FOREVER or self._now() < entry.expires_at:
            return entry.value
        return None

    def find(self, key: str) -> Entry[V] | None:
        """Return the entry if it is good, for a later `swap`."""
        entry = self._entries.get(key)
        if entry is None or entry.taken_at is not None:
            return None
        return entry if self._now() < entry.expires_at else None

    def take(self, key: str, *, version: int | None = None) -> V | None:
        """Return a good value and mark it as taken. Only one of several callers gets it."""
        with self._transactions.lock:
            entry = self.find(key)
            if entry is None or version not in (None, entry.version):
                return None
            self._write(key, entry.value, entry.expires_at, taken_at=self._now())
            return entry.value

    def swap(self, key: str, version: int | None, value: V, *, expires_at: float = FOREVER) -> bool:
        """Replace the good entry of a version. Return whether it was still there."""
        with self._transactions.lock:
            entry = self.find(key)
            if version != (None if entry is None else entry.version):
                return False
            self._write(key, value, expires_at)
            return True

    def delete(self, key: str, *, version: int | None = None) -> bool:
        """Delete an entry with its history. Return whether there was one."""
        with self._transactions.lock:
            entry = self._entries.get(key)
            if entry is None or version not in (None, entry.version):
                return False
            with self._transactions.write() as transaction:
                self._remove(transaction, key)
            return True

    def scan(self, index: str | None = None, value: str = "") -> tuple[tuple[str, Entry[V]], ...]:
        """Return entries with their keys, good or not, in the order of the store."""
        if index is None:
            with self._transactions.lock:
                return tuple((key, self._entries[key]) for key in self._in_order)
        keys, entries = self._indexes.keys(index, value), self._entries
        found = [(key, entry) for key in keys if (entry := entries.get(key)) is not None]
        return tuple(sorted(found, key=_position))

    def keys(self, stop: int | None = None) -> tuple[str, ...]:
        """Return the keys of all entries, or of the first ones, in the order of the store."""
        with self._transactions.lock:
            return tuple(islice(self._in_order, stop))

    @property
    def _in_order(self) -> Iterable[str]:
        return self._entries if self.spec.capacity is None else self._order

    def count(self) -> int:
        """Return the number of entries."""
        return len(self._entries)

    def restore(self, entries: Entries[V]) -> None:
        """Replace all entries. The next write evicts those beyond the capacity."""
        with self._transactions.write() as transaction:
            if transaction is not None:
                transaction.note_replaced(self)
            numbered = {}
            for key, entry in entries:
                self._last_version = number = self._last_version + 1
                numbered[key] = Entry(
                    value=entry.value,
                    expires_at=entry.expires_at,
                    taken_at=entry.taken_at,
                    version=number,
                    position=number,
                )
            self._use(numbered)

    def load(self, entries: dict[str, Entry[V]]) -> None:
        """Start with entries that a persistent backend has read, in the order of positions."""
        self._last_version = max((entry.position for entry in entries.values()), default=0)
        self._use(entries)

    def contents(self) -> Mapping[str, Entry[V]]:
        """Return all entries. `restore` replaces rather than changes this mapping."""
        return self._entries

    def put_back(
        self, contents: Mapping[str, Entry[V]] | None, entries: Mapping[str, Entry[V] | None]
    ) -> None:
        """Undo changes: those of a failed transaction, so the costs of sorting do not matter."""
        restored = {**(self._entries if contents is None else contents), **entries}
        there = [(key, entry) for key, entry in restored.items() if entry is not None]
        self._use(dict(sorted(there, key=_position)))

    def _use(self, entries: dict[str, Entry[V]]) -> None:
        """Use other entries. Readers find the old or the new ones, and nothing in between."""
        indexes = Indexes(self.spec.indexes)
        for key, entry in entries.items():
            indexes.change(key, None, entry)
        limited = self.spec.capacity is not None
        # Finding the first key of a dictionary takes longer after each removal of the first one.
        self._order = OrderedDict.fromkeys(entries if limited else ())
        self._hold(entries)
        self._indexes = indexes

    def _hold(self, entries: dict[str, Entry[V]]) -> None:
        self._entries = entries
        self.history: Callable[[str], Entry[V] | None] = entries.get
        """Returns the entry of a key, good or not. Called for each look-up of a setting."""

    def _write(
        self, key: str, value: V, expires_at: float, *, taken_at: float | None = None
    ) -> None:
        limit = self.spec.limit
        with self._transactions.write() as transaction:
            before = self._entries.get(key)
            if transaction is not None:
                transaction.note(self, key, before)
            self._last_version = number = self._last_version + 1
            entry = Entry(
                value=value,
                expires_at=expires_at,
                taken_at=taken_at,
                version=number,
                position=before.position if limit is None and before is not None else number,
            )
            self._set(key, before, entry)
            while limit is not None and len(self._entries) > limit:
                self._remove(transaction, next(iter(self._order)))

    def _set(self, key: str, before: Entry[V] | None, entry: Entry[V]) -> None:
        if before is None or not self.spec.are_alike(before.value, entry.value):
            self._indexes.change(key, before, entry)
        self._entries[key] = entry
        if self.spec.capacity is not None:
            self._order[key] = None
            self._order.move_to_end(key)

    def _remove(self, transaction: Transaction | None, key: str) -> None:
        entry = self._entries[key]
        if transaction is not None:
            transaction.note(self, key, entry)
        self._indexes.change(key, entry, None)
        del self._entries[key]
        self._order.pop(key, None)


class MemoryBackend:
    """The stores of one tenant in memory.

    Nothing outlives the process, so no commit can fail, and no exchange waits for another one. The
    changes that an exchange made before a bug in mockidp stay.
    """

    def __init__(self) -> None:
        self.transactions = Transactions()
        self._transient = Transactions()  # never committed, so never undone either
        self._stores: dict[str, MemoryStore[Any]] = {}

    def store(self, spec: StoreSpec[V], now: Callable[[], float]) -> Store[V]:
        """Open a store."""
        if not spec.durable:
            return MemoryStore(spec, now, self._transient)
        store = MemoryStore(spec, now, self.transactions)
        self._stores[spec.name] = store
        return store

    def transaction(self) -> AbstractContextManager[None]:
        """Commit all changes that this thread makes inside, or undo them."""
        return self.transactions.begin()

    def run(self, action: Callable[[], T]) -> T:
        """Run an action in a transaction."""
        with self.transactions.begin():
            return action()

    def separately(self) -> AbstractContextManager[None]:
        """Let transactions inside end on their own, although this thread has one open."""
        return self.transactions.separately()

    def detached(self) -> AbstractContextManager[None]:
        """Do nothing, because memory can always be used."""
        return nullcontext()

    def exclusive(self) -> AbstractContextManager[object]:
        """Exclude other writers of all stores, for a change that depends on several entries."""
        return self.transactions.lock

    def notice_all(self) -> None:
        """Do nothing: a transaction reads the entries themselves."""

    def after_commit(self, action: Action) -> None:
        """Run an action that cannot be undone once the changes so far are committed."""
        self.transactions.after_commit(action)

    def snapshot(self) -> Mapping[str, tuple[tuple[str, Entry[Any]], ...]]:
        """Return all entries of the durable stores as they were at one moment."""
        with self.transactions.lock:
            return {name: store.scan() for name, store in self._stores.items()}

    def close(self) -> None:
        """Do nothing: memory needs no cleanup."""


def _position(item: tuple[str, Entry[Any]]) -> int:
    return item[1].position
