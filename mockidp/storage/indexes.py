"""The secondary indexes of a store in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from mockidp.storage.store import Entry, IndexValues

V = TypeVar("V")

_NOTHING: Mapping[str, str] = {}


class Indexes(Generic[V]):
    """The keys of a store by the values under which its indexes find them.

    Writers hold the lock of the store. Readers need none: they copy the keys of one value, which is
    one step of the interpreter. Most values have one key, which is kept as it is: a dictionary for
    each would take a quarter of a kilobyte.
    """

    def __init__(self, declared: Mapping[str, IndexValues[V]]) -> None:
        self._declared = declared
        self._keys: dict[str, dict[str, str | dict[str, None]]] = {}  # without empty indexes

    def keys(self, index: str, value: str) -> tuple[str, ...]:
        """Return the keys that an index has for a value.

        Raises:
            KeyError: The store has no such index.
        """
        if index not in self._declared:
            raise KeyError(index)
        found = self._keys.get(index, _NOTHING).get(value, ())
        return (found,) if isinstance(found, str) else tuple(found)

    def change(self, key: str, before: Entry[V] | None, after: Entry[V] | None) -> None:
        """Update the indexes for the change of an entry."""
        for index, values_of in self._declared.items():
            old = () if before is None else tuple(values_of(before.value))
            new = () if after is None else tuple(values_of(after.value))
            self.move(index, key, old, new)

    def move(self, index: str, key: str, old: Sequence[str], new: Sequence[str]) -> None:
        """Update an index for a key with old and new values."""
        if new == old:
            return
        keys = self._keys.setdefault(index, {})
        for value in new:  # first, so that readers find the key all the time
            _add(keys, value, key)
        for value in old:
            if value not in new:
                _discard(keys, value, key)


def _add(keys_by_value: dict[str, str | dict[str, None]], value: str, key: str) -> None:
    found = keys_by_value.setdefault(value, key)
    if isinstance(found, dict):
        found[key] = None
    elif found != key:
        keys_by_value[value] = {found: None, key: None}


def _discard(keys_by_value: dict[str, str | dict[str, None]], value: str, key: str) -> None:
    found = keys_by_value.get(value)
    if isinstance(found, dict):
        found.pop(key, None)
        if len(found) == 1:
            (keys_by_value[value],) = found
    elif found == key:
        del keys_by_value[value]
