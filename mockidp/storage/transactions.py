"""Transactions: an exchange's changes to a tenant are all kept, or none of them has happened.

Every part of a tenant that can change (a store, the clock, the waiting sign-ins, the document with
the keys) reports a change before it makes it. Where the state is kept on a disk, the first change
of an exchange locks the tenant against other writers and notes what the part was. At the end the
changes are written in one go; if that fails, each part is put back. Readers are never locked out.

Where nothing is kept, nothing can fail, and a change only holds the lock while it is made.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from mockidp.protocol.refusal import Refusal


class Part(Protocol):
    """A part of a tenant's state."""

    def state(self) -> Any:
        """Return what `put_back` needs; later changes do not affect it."""
        ...

    def put_back(self, state: Any) -> None:
        """Undo all changes since a state was noted."""
        ...


Changed = Mapping[Part, tuple[str, ...] | None]
"""The parts that changed, with the keys in the order of their last change; None is the whole."""
Action = Callable[[], object]


class _Transaction:
    """The changes of one thread's exchange so far."""

    def __init__(self) -> None:
        self._before: dict[Part, Any] = {}
        self._changed: dict[Part, dict[str, None] | None] = {}
        self.afterwards: list[Action] = []

    def __bool__(self) -> bool:
        return bool(self._before)

    def note(self, part: Part, key: str | None) -> None:
        """Note a change that is about to be made."""
        if part not in self._before:
            self._before[part] = part.state()
        keys = self._changed.setdefault(part, {})
        if key is None:
            self._changed[part] = None
        elif keys is not None:
            keys.pop(key, None)
            keys[key] = None

    @property
    def changed(self) -> Changed:
        """What has to be written."""
        return {part: None if keys is None else tuple(keys) for part, keys in self._changed.items()}

    def roll_back(self) -> None:
        """Put every part back."""
        for part, state in self._before.items():
            part.put_back(state)


class Transactions:
    """The transactions of one tenant, of which one at a time makes changes.

    Attributes:
        lock: Held while anything changes.
        write: Writes changes, all or nothing, or raises a refusal; None where nothing is kept.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.write: Callable[[Changed], object] | None = None
        self._of_thread = threading.local()

    @contextmanager
    def begin(self) -> Iterator[None]:
        """Keep all changes that this thread makes inside, or none; inside another, join it.

        A refusal keeps what was changed: a code that is presented with the wrong verifier is
        used up. Any other exception undoes it.
        """
        if self.write is None or self._open is not None:
            yield
            return
        transaction = self._of_thread.open = _Transaction()
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
            if transaction:
                self.lock.release()

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Let transactions inside begin and end by themselves, although this thread has one.

        The thread's own transaction must not have changed anything yet: it would hold the lock.
        """
        outer, self._of_thread.open = self._open, None
        try:
            yield
        finally:
            self._of_thread.open = outer

    @contextmanager
    def changing(self, part: Part, key: str | None = None) -> Iterator[None]:
        """Make a change to a part, or to one key of it, in the current transaction.

        Outside of one the change is a transaction of its own.
        """
        with self.begin(), self.lock:
            transaction = self._open
            if transaction is not None:
                if not transaction:
                    self.lock.acquire()  # until the transaction ends
                transaction.note(part, key)
            yield

    def afterwards(self, action: Action) -> None:
        """Do something that cannot be undone, once the changes so far are kept."""
        transaction = self._open
        if transaction is None:
            action()
        else:
            transaction.afterwards.append(action)

    @property
    def _open(self) -> _Transaction | None:
        transaction: _Transaction | None = getattr(self._of_thread, "open", None)
        return transaction

    def _commit(self, transaction: _Transaction) -> None:
        try:
            if transaction and self.write is not None:
                self.write(transaction.changed)
        except BaseException:
            transaction.roll_back()
            raise
        for action in transaction.afterwards:
            action()
