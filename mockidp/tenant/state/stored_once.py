"""Hints that are given once, although several processes give them."""

from __future__ import annotations

from mockidp.storage.store import Store, StoreSpec

ADVISED: StoreSpec[bool] = StoreSpec(name="advised", durable=False, shared=True)
UNSUPPORTED_SEEN: StoreSpec[bool] = StoreSpec(name="unsupported_seen", durable=False, shared=True)
_MAX_COUNT = 100
"""More than any setup needs."""


class StoredOnce:
    """Remembers in a store what was said."""

    def __init__(self, store: Store[bool]) -> None:
        self._said = store

    def first_time(self, *subject: str) -> bool:
        """Return whether a subject is new, and remember it with the changes of the transaction."""
        key = "\n".join(subject)
        if self._said.get(key) or self._said.count() >= _MAX_COUNT:
            return False
        return self._said.swap(key, None, True)

    def clear(self) -> None:
        """Forget everything."""
        self._said.restore(())
