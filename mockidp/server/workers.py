"""A pool of threads that grows on demand, so that a job that hangs does not block others."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue

from mockidp.server.monotonic import monotonic

Job = Callable[[], None]


class Workers:
    """Starts a thread when none is free, and keeps it.

    The threads are daemons: one that hangs in a handler does not prevent the process from ending.
    """

    def __init__(self, *, at_most: int) -> None:
        self._at_most = at_most
        self._lock = threading.RLock()
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._free = 0
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """The number of jobs that wait for a thread."""
        return self._waiting

    def hand(self, job: Job) -> None:
        """Run a job in a thread, as soon as one is free or can be started."""
        with self._lock:
            if self._free:
                self._free -= 1
            elif len(self._threads) < self._at_most:
                self._start_one()
            else:
                self._waiting += 1
            self._jobs.put(job)

    def stop(self, *, until: float) -> None:
        """End the threads. Those that are still busy at a given time are left running.

        Args:
            until: A time of `monotonic`.
        """
        with self._lock:
            for _thread in self._threads:
                self._jobs.put(None)
        self.wait(until=until)

    def wait(self, *, until: float) -> None:
        """Wait for the threads to end, until a given time at most."""
        with self._lock:
            threads = [
                thread for thread in self._threads if thread is not threading.current_thread()
            ]
        for thread in threads:
            thread.join(max(0.0, until - monotonic()))

    def _start_one(self) -> None:
        thread = threading.Thread(
            target=self._work, name=f"mockidp-{len(self._threads) + 1}", daemon=True
        )
        try:
            thread.start()
        except RuntimeError:  # the system has no more threads: use the existing ones
            self._at_most = len(self._threads)
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
