"""Threads that grow on demand: a job never waits for another that hangs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue

from mockidp.server.monotonic import monotonic

Job = Callable[[], None]


class Workers:
    """A pool whose threads are started when none is free, and kept.

    The threads are daemons: one that hangs in a handler cannot hold up the process's end.
    """

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._lock = threading.RLock()
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._free = 0
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """How many jobs wait for a thread."""
        return self._waiting

    def hand(self, job: Job) -> None:
        """Run a job in a thread; when all of the most allowed are busy, once one is free."""
        with self._lock:
            if self._free:
                self._free -= 1
            elif len(self._threads) < self._most:
                self._start_one()
            else:
                self._waiting += 1
            self._jobs.put(job)

    def stop(self, *, until: float) -> None:
        """End the threads that are done by a time of the monotonic clock; leave the others.

        Args:
            until: How long to wait for them, on `monotonic`.
        """
        with self._lock:
            threads = [
                thread for thread in self._threads if thread is not threading.current_thread()
            ]
            for _thread in self._threads:
                self._jobs.put(None)
        for thread in threads:
            thread.join(max(0.0, until - monotonic()))

    def _start_one(self) -> None:
        thread = threading.Thread(
            target=self._work, name=f"mockidp-{len(self._threads) + 1}", daemon=True
        )
        try:
            thread.start()
        except RuntimeError:  # the system gives no more: be content with those there are
            self._most = len(self._threads)
            self._waiting += 1
        else:
            self._threads.append(thread)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
            with self._lock:
                if self._waiting:
                    self._waiting -= 1
                else:
                    self._free += 1
