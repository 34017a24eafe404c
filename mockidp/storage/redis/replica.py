"""A store that several processes share, as one of them sees it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

from mockidp.storage.redis.attempt import Attempt, Pending
from mockidp.storage.redis.copy import StoreCopy
from mockidp.storage.redis.written import IndexValues
from mockidp.storage.store import FOREVER, Entries, Entry, StoreSpec

V = TypeVar("V")
T = TypeVar("T")


class Replicas(Protocol):
    """What the stores of a backend need of it."""

    @property
    def attempt(self) -> Attempt | None:
        """The open transaction of this thread."""
        ...

    def changing(self) -> Attempt:
        """Return the open transaction, which is about to change something."""
        ...

    def run(self, action: Callable[[], T]) -> T:
        """Run an action in a transaction: the open one, or one of its own."""
        ...

    def current(self, read: Callable[[], T]) -> T:
        """Return what a function reads outside of a transaction, with all commits so far."""
        ...


class ReplicaStore(Generic[V]):
    """A store whose committed entries are in a copy, and whose changes are in an attempt.

    Outside of a transaction each method is one of its own.
    """

    def __init__(
        self,
        name: str,
        spec: StoreSpec[V],
        now: Callable[[], float],
        replicas: Replicas,
        decode: Callable[[Any], V],
    ) -> None:
        self.name, self.spec = name, spec
        self.copy = StoreCopy(spec, decode)
        self._now = now
        self._replicas = replicas

    def put(self, key: str, value: V, *, expires_at: float = FOREVER) -> None:
        """Write a value, whatever the key had before."""
        self._replicas.run(partial(self._write, key, value, expires_at))

    def get(self, key: str) -> V | None:
        """Return the value if it is good."""
        entry = self.find(key)
        return None if entry is None else entry.value

    def find(self, key: str) -> Entry[V] | None:
        """Return the entry if it is good, for a later `swap`."""
        entry = self.history(key)
        if entry is None or entry.taken_at is not None:
            return None
        # The setting of the clock itself never expires.
        is_good = entry.expires_at == FOREVER or self._now() < entry.expires_at
        return entry if is_good else None

    def take(self, key: str, *, version: int | None = None) -> V | None:
        """Return a good value and mark it as taken. Only one of several callers gets it."""
        return self._replicas.run(partial(self._take, key, version))

    def swap(self, key: str, version: int | None, value: V, *, expires_at: float = FOREVER) -> bool:
        """Replace the good entry of a version. Return whether it was still there."""
        return self._replicas.run(partial(self._swap, key, version, value, expires_at))

    def delete(self, key: str, *, version: int | None = None) -> bool:
        """Delete an entry with its history. Return whether there was one."""
        return self._replicas.run(partial(self._delete, key, version))

    def history(self, key: str) -> Entry[V] | None:
        """Return the entry of a key, good or not."""
        attempt = self._replicas.attempt
        if attempt is None:
            return self._replicas.current(partial(self.copy.entry, key))
        attempt.reads.add((self.name, key))
        pending = attempt.changes.get(self.name)
        if pending is not None and (pending.replaced or key in pending.entries):
            return pending.entries.get(key)
        return self.copy.entry(key)

    def scan(
        self, index: str | None = None, value: str = "", *, keeps: bool = True
    ) -> tuple[tuple[str, Entry[V]], ...]:
        """Return entries with their keys, good or not, in the order of the store.

        Args:
            index: Return only those with a value in this index.
            value: The value.
            keeps: Whether all entries are likely to be read again.
        """
        if index is None:
            found = self._read((), partial(self.copy.scan, keeps=keeps))
        else:
            found = self._read((index, value), partial(self.copy.find, index, value))
        pending = self._pending
        if pending is not None:
            kept = () if pending.replaced else found
            found = [(key, entry) for key, entry in kept if key not in pending.entries]
            found += [
                (key, entry)
                for key, entry in pending.entries.items()
                if entry is not None and (index is None or value in self.indexed(entry)[index])
            ]
        if index is not None or pending is not None:
            found.sort(key=_position)
        return tuple(found)

    def keys(self, stop: int | None = None) -> tuple[str, ...]:
        """Return the keys of all entries, or of the first ones, in the order of the store."""
        if self._pending is not None:
            return tuple(key for key, _ in self.scan())[:stop]
        return self._read((), partial(self.copy.keys, stop))

    def count(self) -> int:
        """Return the number of entries."""
        if self._pending is not None:
            return len(self.keys())
        return self._read((), self.copy.__len__)

    def restore(self, entries: Entries[V]) -> None:
        """Replace all entries. The next write evicts those beyond the capacity."""
        self._replicas.run(partial(self._restore, entries))

    def indexed(self, entry: Entry[V]) -> IndexValues:
        """Return the values under which the indexes find an entry."""
        return {name: tuple(of(entry.value)) for name, of in self.spec.indexes.items()}

    def is_unnoticed(self, key: str, entry: Entry[V]) -> bool:
        """Return whether readers of a key need not notice that it gets another entry."""
        of_values = self.spec.is_unnoticed
        before = None if of_values is None else self.copy.entry(key)
        if of_values is None or before is None:
            return False
        is_same = (before.expires_at, before.taken_at) == (entry.expires_at, entry.taken_at)
        return is_same and of_values(before.value, entry.value)

    @property
    def _pending(self) -> Pending | None:
        attempt = self._replicas.attempt
        return None if attempt is None else attempt.changes.get(self.name)

    def _read(self, what: tuple[str, ...], read: Callable[[], T]) -> T:
        attempt = self._replicas.attempt
        if attempt is not None:
            attempt.reads.add((self.name, *what))
        return self._replicas.current(read)

    def _write(
        self, key: str, value: V, expires_at: float, *, taken_at: float | None = None
    ) -> None:
        attempt = self._replicas.changing()
        before, number = self.history(key), attempt.number()
        keeps_place = self.spec.capacity is None and before is not None
        attempt.pending(self.name, self.spec.limit).entries[key] = Entry(
            value=value,
            expires_at=expires_at,
            taken_at=taken_at,
            version=number,
            position=before.position if keeps_place and before is not None else number,
        )

    def _take(self, key: str, version: int | None) -> V | None:
        self._replicas.changing()
        entry = self.find(key)
        if entry is None or version not in (None, entry.version):
            return None
        self._write(key, entry.value, entry.expires_at, taken_at=self._now())
        return entry.value

    def _swap(self, key: str, version: int | None, value: V, expires_at: float) -> bool:
        self._replicas.changing()
        entry = self.find(key)
        if version != (None if entry is None else entry.version):
            return False
        self._write(key, value, expires_at)
        return True

    def _delete(self, key: str, version: int | None) -> bool:
        attempt = self._replicas.changing()
        entry = self.history(key)
        if entry is None or version not in (None, entry.version):
            return False
        attempt.pending(self.name, self.spec.limit).entries[key] = None
        return True

    def _restore(self, entries: Entries[V]) -> None:
        attempt = self._replicas.changing()
        pending = attempt.replace(self.name, self.spec.limit)
        for key, entry in entries:
            number = attempt.number()
            pending.entries[key] = Entry(
                value=entry.value,
                expires_at=entry.expires_at,
                taken_at=entry.taken_at,
                version=number,
                position=number,
            )


def _position(item: tuple[str, Entry[Any]]) -> int:
    return item[1].position
