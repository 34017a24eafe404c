"""The secondary indexes of a store in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from mockidp.storage.store import Entry, IndexValues

V = TypeVar("V")


class Indexes(Generic[V]):
    """The keys of a store by the values under which its indexes find them.

    Writers hold the lock of the store. Readers need none: they copy the keys of one value, which is
    one step of the interpreter.
    """

    def __init__(self, declared: Mapping[str, IndexValues[V]]) -> None:
        self._declared = declared
        self._keys: dict[tuple[str, str], dict[str, None]] = {}

    def keys(self, index: str, value: str) -> tuple[str, ...]:
        """Return the keys that an index has for a value.

        Raises:
            KeyError: The store has no such index.
        """
        if index not in self._declared:
            raise KeyError(index)
        return tuple(self._keys.get((index, value), ()))

    def change(self, key: str, before: Entry[V] | None, after: Entry[V] | None) -> None:
        """Follow the change of an entry."""
        if before is not None and after is not None and before.value is after.value:
            return
        for index, values_of in self._declared.items():
            old = () if before is None else values_of(before.value)
            new = () if after is None else tuple(values_of(after.value))
            for value in new:  # first, so that readers find the key all the time
                self._keys.setdefault((index, value), {})[key] = None
            for value in old:
                if value not in new:
                    self._discard((index, value), key)

    def _discard(self, place: tuple[str, str], key: str) -> None:
        keys = self._keys.get(place, {})
        keys.pop(key, None)  # an index may return a value twice
        if not keys:
            self._keys.pop(place, None)
