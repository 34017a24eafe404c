"""A store with exactly one value, such as the setting of a clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from mockidp.storage.store import Entries, Store

V = TypeVar("V")
_KEY = "value"


class SingleValue(Generic[V]):
    """One value in a store of its own; it never expires."""

    def __init__(self, store: Store[V], default: V) -> None:
        self._store = store
        self._default = default

    @property
    def value(self) -> V:
        """The value; the default if nothing was written."""
        entry = self._store.history(_KEY)
        return self._default if entry is None else entry.value

    def among(self, entries: Entries[V]) -> V:
        """Return the value that a snapshot of the store has."""
        return next((entry.value for _, entry in entries), self._default)

    def set(self, value: V) -> None:
        """Replace the value."""
        self._store.put(_KEY, value)

    def change(self, change: Callable[[V], V]) -> V:
        """Replace the value by what `change` makes of it, and return that.

        `change` is called again if another writer was faster. Nothing is written if it returns
        the value that it got.
        """
        while True:
            entry = self._store.find(_KEY)
            before = self._default if entry is None else entry.value
            after = change(before)
            version = None if entry is None else entry.version
            if after is before or self._store.swap(_KEY, version, after):
                return after
