"""What a tenant remembers of what it handed out: keyed, expiring, capped, single use.

Values are plain, frozen data, so that a networked store can stand behind the same interface.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Generic, Protocol, TypeVar

from mockidp.storage.transactions import Transactions

V = TypeVar("V")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry(Generic[V]):
    """A value with its life: kept after its end, so that a refusal can say what became of it."""

    value: V
    expires_at: float = field(metadata={"endless": True})
    taken_at: float | None = None
    """When it was used up or withdrawn; None while it is good."""


class Store(Protocol[V]):
    """The interface. Every method is atomic.

    Attributes:
        lock: Held while anything changes; its holder may call every method.
    """

    lock: AbstractContextManager[object]

    def put(self, key: str, value: V, *, expires_at: float) -> None:
        """Remember a value until a time."""
        ...

    def get(self, key: str) -> V | None:
        """Return the value if it is good: there, not taken, not expired."""
        ...

    def take(self, key: str) -> V | None:
        """Return the value if it is good, and use it up: of many callers, one gets it."""
        ...

    def swap(self, key: str, old: V, new: V, *, expires_at: float) -> bool:
        """Replace the value if it is still good and still `old`; tell whether that was so."""
        ...

    def history(self, key: str) -> Entry[V] | None:
        """Return what is remembered of a key, good or not."""
        ...

    def entries(self) -> tuple[tuple[str, Entry[V]], ...]:
        """Return all that is remembered, what changed last at the end."""
        ...

    def restore(self, entries: Iterable[tuple[str, Entry[V]]]) -> None:
        """Remember this and nothing else."""
        ...


class MemoryStore(Generic[V]):
    """A store in this process. Beyond `cap` entries those unchanged for longest are forgotten."""

    def __init__(
        self,
        now: Callable[[], float],
        *,
        transactions: Transactions | None = None,
        cap: int = 10_000,
    ) -> None:
        self._now = now
        self._cap = cap
        self._entries: dict[str, Entry[V]] = {}  # read without the lock
        self._order: dict[str, None] = {}  # its keys, the last changed at the end
        self._transactions = transactions or Transactions()
        self.lock: AbstractContextManager[object] = self._transactions.lock

    def put(self, key: str, value: V, *, expires_at: float) -> None:
        """Remember a value until a time."""
        with self.lock:
            self._set(key, Entry(value=value, expires_at=expires_at))
            while len(self._entries) > self._cap:
                oldest = next(iter(self._order))
                with self._transactions.changing(self, oldest):
                    del self._entries[oldest], self._order[oldest]

    def get(self, key: str) -> V | None:
        """Return the value if it is good."""
        entry = self._entries.get(key)
        return entry.value if entry and self._is_good(entry) else None

    def take(self, key: str) -> V | None:
        """Return the value if it is good, and use it up."""
        with self.lock:
            entry = self._entries.get(key)
            if entry is None or not self._is_good(entry):
                return None
            self._set(key, replace(entry, taken_at=self._now()))
            return entry.value

    def swap(self, key: str, old: V, new: V, *, expires_at: float) -> bool:
        """Replace the value if it is still good and still `old`."""
        with self.lock:
            entry = self._entries.get(key)
            if entry is None or not self._is_good(entry) or entry.value != old:
                return False
            self._set(key, Entry(value=new, expires_at=expires_at))
            return True

    def history(self, key: str) -> Entry[V] | None:
        """Return what is remembered of a key, good or not."""
        return self._entries.get(key)

    def entries(self) -> tuple[tuple[str, Entry[V]], ...]:
        """Return all that is remembered, what changed last at the end."""
        with self.lock:
            return tuple((key, self._entries[key]) for key in self._order)

    def restore(self, entries: Iterable[tuple[str, Entry[V]]]) -> None:
        """Remember this and nothing else."""
        with self._transactions.changing(self):
            self._entries = dict(entries)
            self._order = dict.fromkeys(self._entries)

    def state(self) -> tuple[dict[str, Entry[V]], dict[str, None]]:
        """Return copies of the entries and their order, for a transaction to put back."""
        return self._entries.copy(), self._order.copy()

    def put_back(self, state: tuple[dict[str, Entry[V]], dict[str, None]]) -> None:
        """Undo all changes since a state was noted."""
        self._entries, self._order = state

    def __len__(self) -> int:
        return len(self._entries)

    def _set(self, key: str, entry: Entry[V]) -> None:
        with self._transactions.changing(self, key):
            self._entries[key] = entry
            self._order.pop(key, None)
            self._order[key] = None

    def _is_good(self, entry: Entry[V]) -> bool:
        return entry.taken_at is None and self._now() < entry.expires_at
