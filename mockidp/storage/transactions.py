"""Transactions: the changes of an exchange are all committed, or all undone.

A persistent backend sets `commit`. From then on the first change of a transaction locks all stores
against other writers until its end, and each first change of a key notes the entry before. At the
end all changes are written in one go; if that fails, the noted entries are put back. The costs of a
change do not depend on the size of a store. Readers take no lock, so they may see a change a moment
before it is committed.

Without `commit` nothing can fail, so each change holds the lock only while it is made.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Protocol

from mockidp.protocol.errors.refusal import Refusal
from mockidp.storage.store import Entry

_NOTHING = nullcontext()


class Undoable(Protocol):
    """A store whose changes can be undone."""

    def contents(self) -> Any:
        """Return all contents; `restore` will replace, not change them."""
        ...

    def put_back(self, contents: Any | None, entries: Mapping[str, Entry[Any] | None]) -> None:
        """Undo changes.

        Args:
            contents: What `contents` returned before all entries were replaced; None if they
                were not.
            entries: The entries before their first change; None for keys that had none.
        """
        ...


Changes = Mapping[Any, tuple[str, ...] | None]
"""The changed keys by store; None if all entries were replaced."""
Action = Callable[[], object]


class Transaction:
    """The changes of one thread since its transaction began."""

    def __init__(self) -> None:
        self._before: dict[Undoable, dict[str, Entry[Any] | None]] = {}
        self._replaced: dict[Undoable, Any] = {}
        self.after_commit: list[Action] = []
        self.holds_lock = False

    def __bool__(self) -> bool:
        return bool(self._before)

    def note(self, store: Undoable, key: str, entry: Entry[Any] | None) -> None:
        """Note the entry of a key that is about to change."""
        before = self._before.setdefault(store, {})
        if store not in self._replaced:
            before.setdefault(key, entry)

    def note_replaced(self, store: Undoable) -> None:
        """Note the contents of a store that are about to be replaced."""
        self._before.setdefault(store, {})
        if store not in self._replaced:
            self._replaced[store] = store.contents()

    @property
    def changes(self) -> Changes:
        """What has to be committed."""
        return {
            store: None if store in self._replaced else tuple(before)
            for store, before in self._before.items()
        }

    def roll_back(self) -> None:
        """Undo all changes."""
        for store, before in self._before.items():
            store.put_back(self._replaced.get(store), before)


class _Unnoted:
    """Holds the lock for a change that no transaction has to note; reusable and reentrant."""

    def __init__(self, lock: threading.RLock) -> None:
        self._lock = lock

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_error: object) -> None:
        self._lock.release()


class Transactions:
    """The transactions of one backend. Only one at a time makes changes.

    Attributes:
        lock: Held while anything changes in this process.
        commit: Writes changes, all or nothing, or raises; None if nothing has to be written.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.commit: Callable[[Changes], object] | None = None
        self._of_thread = threading.local()
        self._unnoted = _Unnoted(self.lock)

    def begin(self) -> AbstractContextManager[None]:
        """Commit all changes that this thread makes inside, or undo them."""
        is_part = self.commit is None or self._open is not None
        return _NOTHING if is_part else self._begun()

    @contextmanager
    def _begun(self) -> Iterator[None]:
        transaction = self._of_thread.open = Transaction()
        try:
            yield
        except Refusal:
            self._commit(transaction)
            raise
        except BaseException:
            transaction.roll_back()
            raise
        else:
            self._commit(transaction)
        finally:
            self._of_thread.open = None
            if transaction.holds_lock:
                self.lock.release()

    @contextmanager
    def separately(self) -> Iterator[None]:
        """Let transactions inside end on their own, although this thread has one open."""
        outer, self._of_thread.open = self._open, None
        try:
            yield
        finally:
            self._of_thread.open = outer

    def write(self) -> AbstractContextManager[Transaction | None]:
        """Hold the lock for a change; yield the transaction that has to note it, if any.

        Outside of a transaction the change is one of its own.
        """
        return self._unnoted if self.commit is None else self._noted()

    @contextmanager
    def _noted(self) -> Iterator[Transaction | None]:
        with self.begin():
            transaction = self._open
            if transaction is not None and not transaction.holds_lock:
                self.lock.acquire()
                transaction.holds_lock = True
            yield transaction

    def after_commit(self, action: Action) -> None:
        """Run an action that cannot be undone once the changes so far are committed."""
        transaction = self._open
        if transaction is None:
            action()
        else:
            transaction.after_commit.append(action)

    @property
    def _open(self) -> Transaction | None:
        transaction: Transaction | None = getattr(self._of_thread, "open", None)
        return transaction

    def _commit(self, transaction: Transaction) -> None:
        try:
            if transaction and self.commit is not None:
                self.commit(transaction.changes)
        except BaseException:
            transaction.roll_back()
            raise
        for action in transaction.after_commit:
            action()
