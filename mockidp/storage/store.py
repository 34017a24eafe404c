"""The interface that every storage backend implements.

A backend holds named stores. A store maps keys to frozen, plain values that expire, are taken once,
or are replaced. Every method is atomic and returns at once, so a backend may be another process: no
method exposes a lock, and none calls back while it holds one. A read-modify-write reads an entry
with `find`, and replaces it with `swap` if its version has not changed meanwhile (see `update`).

Expiry follows the clock of the tenant, which tests move. A backend may delete what expired long
ago, but must not rely on its own clock for the decision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import field
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from mockidp.errors import MockIdPError
from mockidp.frozen import frozen

V = TypeVar("V")
T = TypeVar("T")

FOREVER = float("inf")
CAPACITY = 10_000


@frozen
class Entry(Generic[V]):
    """A value with its state. It stays readable after its end, so that a hint can name the cause.

    Attributes:
        value: The value.
        expires_at: When it expires.
        taken_at: When it was taken: used up or revoked.
        version: Changes with each write and is never used twice for a key.
        position: Orders the entries of a store.
    """

    value: V
    expires_at: float = field(default=FOREVER, metadata={"endless": True})
    taken_at: float | None = None
    version: int = field(default=0, compare=False)
    position: int = field(default=0, compare=False)

    def is_good(self, now: float) -> bool:
        """Return whether it is neither taken nor expired."""
        return self.taken_at is None and now < self.expires_at


Entries = Iterable[tuple[str, Entry[V]]]
IndexValues = Callable[[V], Iterable[str]]
"""Returns the values under which an index finds a value of the store."""


@frozen
class StoreSpec(Generic[V]):
    """The declaration of a store.

    Attributes:
        name: Its name, unique within the backend.
        capacity: Beyond this many entries, those that were unchanged for longest are evicted, and
            entries are in the order of their last change. None means no limit; entries are then in
            the order of their first write, as records of a tenant are listed. A function is called
            for each change.
        indexes: Secondary indexes by name.
        durable: Whether a persistent backend keeps it across restarts.
        shared: Whether processes share it although it is not durable.
        is_unnoticed: Whether a transaction that has read a value, and not written it, may be
            committed although the value was replaced by another meanwhile, or before it began. See
            `Backend.notice_all`. All indexes find both under the same values.
    """

    name: str
    capacity: int | Callable[[], int] | None = CAPACITY
    indexes: Mapping[str, IndexValues[V]] = field(default_factory=dict)
    durable: bool = True
    shared: bool = False
    is_unnoticed: Callable[[V, V], bool] | None = None

    def are_alike(self, before: V, after: V) -> bool:
        """Return whether all indexes find two values of a key under the same values."""
        return before is after or (
            self.is_unnoticed is not None and self.is_unnoticed(before, after)
        )

    @property
    def limit(self) -> int | None:
        """The present capacity."""
        return self.capacity() if callable(self.capacity) else self.capacity


class Store(Protocol[V]):
    """A store of a backend. A *good* entry is neither taken nor expired."""

    def put(self, key: str, value: V, *, expires_at: float = FOREVER) -> None:
        """Write a value, whatever the key had before."""
        ...

    def get(self, key: str) -> V | None:
        """Return the value if it is good."""
        ...

    def find(self, key: str) -> Entry[V] | None:
        """Return the entry if it is good, for a later `swap`."""
        ...

    def take(self, key: str, *, version: int | None = None) -> V | None:
        """Return a good value and mark it as taken. Only one of several callers gets it.

        Args:
            key: The key.
            version: Take only this version.
        """
        ...

    def swap(self, key: str, version: int | None, value: V, *, expires_at: float = FOREVER) -> bool:
        """Replace the good entry of a version. Return whether it was still there.

        Args:
            key: The key.
            version: The version to replace; None if the key must have no good entry.
            value: The new value.
            expires_at: When it expires.
        """
        ...

    def delete(self, key: str, *, version: int | None = None) -> bool:
        """Delete an entry with its history. Return whether there was one.

        Args:
            key: The key.
            version: Delete only this version.
        """
        ...

    def history(self, key: str) -> Entry[V] | None:
        """Return the entry of a key, good or not."""
        ...

    def scan(self, index: str | None = None, value: str = "") -> tuple[tuple[str, Entry[V]], ...]:
        """Return entries with their keys, good or not, in the order of the store.

        Args:
            index: The index to search; by default all entries are returned.
            value: The value to search for.
        """
        ...

    def keys(self, stop: int | None = None) -> tuple[str, ...]:
        """Return the keys of all entries, or of the first ones, in the order of the store."""
        ...

    def count(self) -> int:
        """Return the number of entries."""
        ...

    def restore(self, entries: Entries[V]) -> None:
        """Replace all entries."""
        ...


class Backend(Protocol):
    """The stores of one tenant, and the transactions in which they change."""

    def store(self, spec: StoreSpec[V], now: Callable[[], float]) -> Store[V]:
        """Open a store.

        Args:
            spec: Its declaration.
            now: Returns the time by which entries expire.
        """
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Commit all changes that this thread makes inside, or undo them; join an open transaction.

        A refusal keeps the changes: a code presented with a wrong verifier is used up. Any other
        exception undoes them, except in a backend that is not persistent.
        """
        ...

    def run(self, action: Callable[[], T]) -> T:
        """Run an action in a transaction, or in the open one.

        A backend that is shared runs it again if what it has read has changed meanwhile. What the
        action does apart from changes of stores must wait in `after_commit`.
        """
        ...

    def separately(self) -> AbstractContextManager[None]:
        """Let transactions inside end on their own, although this thread has one open.

        The open transaction must not have changed anything yet.
        """
        ...

    def detached(self) -> AbstractContextManager[None]:
        """Read what was last known, and commit nothing, to refuse a request without the server."""
        ...

    def exclusive(self) -> AbstractContextManager[object]:
        """Exclude other writers of all stores, for a change that depends on several entries.

        Meant for changes of records that refer to each other, which are rare: everything else uses
        `swap`. A networked backend takes a lease.
        """
        ...

    def notice_all(self) -> None:
        """Let the open transaction notice changes that `StoreSpec.is_unnoticed` allows.

        It then returns what was last committed, also in those details.
        """
        ...

    def after_commit(self, action: Callable[[], object]) -> None:
        """Run an action that cannot be undone once the changes so far are committed."""
        ...

    def snapshot(self) -> Mapping[str, tuple[tuple[str, Entry[Any]], ...]]:
        """Return all entries of the durable stores as they were at one moment."""
        ...

    def close(self) -> None:
        """Release what the backend holds."""
        ...


class TenantDeleted(MockIdPError):  # noqa: N818 - not an error of the user
    """A tenant was deleted by another process."""


@runtime_checkable
class SharedBackend(Backend, Protocol):
    """A backend that other processes change as well."""

    def wait_until(self, is_done: Callable[[], bool], seconds: float) -> bool:
        """Wait until something is true, but not longer than some seconds. Return whether it is."""
        ...


def update(
    store: Store[V], key: str, change: Callable[[V | None], V], *, expires_at: float = FOREVER
) -> V:
    """Replace a value by what `change` makes of it, and return that.

    `change` gets None if there is no good value. It is called again if another writer was faster.
    """
    while True:
        entry = store.find(key)
        value = change(entry.value if entry else None)
        version = entry.version if entry else None
        if store.swap(key, version, value, expires_at=expires_at):
            return value


def replace_value(
    store: Store[V], key: str, old: V, new: V, *, expires_at: float = FOREVER
) -> bool:
    """Replace a good value that still equals `old`. Return whether it did."""
    entry = store.find(key)
    if entry is None or entry.value != old:
        return False
    return store.swap(key, entry.version, new, expires_at=expires_at)
