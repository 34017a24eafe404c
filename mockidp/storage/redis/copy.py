"""A copy in memory of the committed entries of a store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any, Generic, TypeVar

from mockidp.storage.indexes import Indexes
from mockidp.storage.redis.written import IndexValues, Stored
from mockidp.storage.store import Entry, StoreSpec

V = TypeVar("V")
_NO_INDEXES: IndexValues = {}


class StoreCopy(Generic[V]):
    """The committed entries in the order of the store, and their indexes.

    Callers that change or list it hold the lock of the backend. A look-up by key or index needs
    none.

    Args:
        spec: The declaration of the store.
        decode: Returns a value for plain data.
    """

    def __init__(self, spec: StoreSpec[V], decode: Callable[[Any], V]) -> None:
        self._spec, self._decode = spec, decode
        self._is_limited = spec.capacity is not None
        self._names = tuple(spec.indexes)
        self._found: dict[str, Stored] = {}
        self._indexes: Indexes[V] = Indexes(dict.fromkeys(self._names, lambda _value: ()))

    def __len__(self) -> int:
        return len(self._found)

    def entry(self, key: str) -> Entry[V] | None:
        """Return the entry of a key."""
        found = self._found.get(key)
        return None if found is None else found.read(self._decode)

    def indexed(self, key: str) -> IndexValues:
        """Return the values under which indexes find a key."""
        found = self._found.get(key)
        return _NO_INDEXES if found is None else found.indexes

    def keys(self, stop: int | None = None) -> tuple[str, ...]:
        """Return the keys in order, or the first ones."""
        return tuple(islice(self._found, stop))

    def scan(self, *, keeps: bool = True) -> list[tuple[str, Entry[V]]]:
        """Return all entries in order. `keeps` is whether they are likely to be read again."""
        return [(key, found.read(self._decode, keeps=keeps)) for key, found in self._found.items()]

    def find(self, index: str, value: str) -> list[tuple[str, Entry[V]]]:
        """Return the entries that an index finds, in any order."""
        found = ((key, self.entry(key)) for key in self._indexes.keys(index, value))
        return [(key, entry) for key, entry in found if entry is not None]

    def apply(
        self,
        changed: Iterable[tuple[str, Stored | None]],
        *,
        replaced: bool,
        limit: int | None = None,
    ) -> None:
        """Make the changes of a commit.

        Args:
            changed: The changed entries, in the order of their positions; None deletes one.
            replaced: Whether all other entries are deleted. The next commit evicts those beyond
                the capacity.
            limit: The capacity of the store at that commit.
        """
        if replaced:
            self._replace(changed)
            return
        for key, stored in changed:
            self._set(key, stored)
        if limit is not None:
            for key in self.keys(max(0, len(self) - limit)):
                self._set(key, None)

    def _replace(self, entries: Iterable[tuple[str, Stored | None]]) -> None:
        """Replace all entries in one step, because others look up keys meanwhile."""
        new = StoreCopy(self._spec, self._decode)
        new.apply(entries, replaced=False)
        self._found, self._indexes = new._found, new._indexes

    def _set(self, key: str, stored: Stored | None) -> None:
        before = self._found.get(key)
        old: Mapping[str, Any] = _NO_INDEXES if before is None else before.indexes
        new: Mapping[str, Any] = _NO_INDEXES if stored is None else stored.indexes
        for index in self._names:
            self._indexes.move(index, key, old.get(index, ()), new.get(index, ()))
        if before is not None and (stored is None or self._moves(before, stored)):
            del self._found[key]
        if stored is not None:
            self._found[key] = stored

    def _moves(self, before: Stored, after: Stored) -> bool:
        """Return whether a written entry becomes the last one."""
        return self._is_limited or before.position != after.position
