"""The right of one process to write, for a thread of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from mockidp.errors import MockIdPError


class Lease:
    """A reentrant lock against the threads of this process and against other processes.

    Attributes:
        fence: Identifies the lease while it is held; no other lease has it.
        depth: How often its thread has acquired it.

    Args:
        acquire: Waits for the lease, and returns its fence.
        release: Releases the lease with a fence.
    """

    def __init__(self, acquire: Callable[[], str], release: Callable[[str], object]) -> None:
        self._lock = threading.RLock()
        self._acquire, self._release = acquire, release
        self._owner: int | None = None
        self.fence: str | None = None
        self.depth = 0

    @property
    def is_mine(self) -> bool:
        """Whether this thread holds it."""
        return self._owner == threading.get_ident()

    @property
    def my_fence(self) -> str | None:
        """The fence, if this thread holds it."""
        return self.fence if self.is_mine else None

    def acquire(self) -> None:
        """Wait until neither a thread nor a process holds it."""
        self._lock.acquire()
        if not self.depth:
            try:
                self.fence = self._acquire()
            except BaseException:
                self._lock.release()
                raise
            self._owner = threading.get_ident()
        self.depth += 1

    def release(self) -> None:
        """Release it; the thread may still hold it from an earlier `acquire`.

        If it was lent and could not be acquired again, there is nothing to release.
        """
        if not self.is_mine:
            return
        self.depth -= 1
        try:
            if not self.depth:
                fence, self.fence, self._owner = self.fence, None, None
                if fence is not None:
                    with suppress(MockIdPError):  # it expires
                        self._release(fence)
        finally:
            self._lock.release()

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Let others have it inside, if this thread holds it. They may change what was read."""
        depth = self.depth if self.is_mine else 0
        for _ in range(depth):
            self.release()
        try:
            yield
        finally:
            for _ in range(depth):
                self.acquire()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_error: object) -> None:
        self.release()
