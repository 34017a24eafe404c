"""The parent of worker processes: starts them, replaces those that die, and stops them."""

from __future__ import annotations

import logging
import selectors
import signal
import socket
from collections.abc import Callable

from mockidp.cli.serving.workers.worker import Work, Worker, start_worker
from mockidp.errors import MockIdPError
from mockidp.server.monotonic import monotonic

MAX_FAILURES = 5
"""Number of starts that fail in a row before the mock gives up, if no worker is left."""
STOP = 10.0
"""Seconds after which workers that should stop are killed."""
_FIRST_PAUSE, _LAST_PAUSE = 0.1, 10.0
_logger = logging.getLogger("mockidp.workers")


class Supervisor:
    """Keeps worker processes running until a signal arrives.

    This process must have no other threads, because a fork copies the locks that they hold.

    Args:
        count: The number of workers.
        work: What a worker does.
        signals: Becomes readable with a signal that stops everything.
    """

    def __init__(self, count: int, work: Work, signals: socket.socket) -> None:
        self._count, self._work, self._signals = count, work, signals
        self._workers: list[Worker] = []
        self._failures = 0
        self._not_before = 0.0

    def run(self, announce: Callable[[], object]) -> None:
        """Run the workers.

        Args:
            announce: Called once, when all of them serve.

        Raises:
            MockIdPError: No worker can start.
        """
        is_announced = False
        try:
            while True:
                self._fill()
                if not is_announced and self._is_complete:
                    announce()
                    is_announced = True
                if not self._wait(self._pause()):
                    return
        finally:
            self._stop()

    @property
    def _is_complete(self) -> bool:
        return len(self._workers) == self._count and all(one.is_ready for one in self._workers)

    def _fill(self) -> None:
        """Start the workers that are missing, unless they failed a moment ago."""
        while len(self._workers) < self._count and monotonic() >= self._not_before:
            try:
                self._workers.append(start_worker(self._work, self._workers))
            except OSError as error:
                self._fail(f"A worker cannot be started: {error.strerror}.")

    def _pause(self) -> float | None:
        """Return the seconds until workers may be started again; None if none is missing."""
        if len(self._workers) == self._count:
            return None
        return max(0.0, self._not_before - monotonic())

    def _wait(self, seconds: float | None) -> bool:
        """Wait for news of workers. Return whether no signal has arrived."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._signals, selectors.EVENT_READ)
            for worker in self._workers:
                selector.register(worker.channel, selectors.EVENT_READ, worker)
            selector.select(seconds)
            # Ctrl-C in a terminal ends the workers as well. If the system reports their end first,
            # the handler of the signal has run by now.
            found = [key.data for key, _events in selector.select(0)]
        if None in found:
            return False
        for worker in found:
            if worker.hear():
                self._failures = 0
            else:
                self._replace(worker)
        return True

    def _replace(self, worker: Worker) -> None:
        self._workers.remove(worker)
        how = worker.wait()
        if worker.is_ready:
            _logger.warning("worker %d has ended (%s), and a new one replaces it", worker.pid, how)
        else:
            self._fail(f"Worker {worker.pid} ended while it was starting ({how}).")

    def _fail(self, what: str) -> None:
        """Count a start that failed, and wait longer after each.

        Raises:
            MockIdPError: No worker is left, and too many starts have failed.
        """
        self._failures += 1
        is_last = self._failures >= MAX_FAILURES
        if is_last and not any(one.is_ready for one in self._workers):
            raise MockIdPError(
                f"{what} This was failure {self._failures} in a row, and no worker is left. Serve "
                "with --workers 1 to see the cause, or look for it in the lines above."
            )
        pause = min(_LAST_PAUSE, _FIRST_PAUSE * 2**self._failures)
        _logger.warning("%s The next one starts in %.1f seconds.", what, pause)
        self._not_before = monotonic() + pause

    def _stop(self) -> None:
        """Stop all workers. Those that do not end in time are killed."""
        for worker in self._workers:
            worker.kill(signal.SIGTERM)
        until = monotonic() + STOP
        for worker in self._workers:
            if not self._ends(worker, until):
                worker.kill(signal.SIGKILL)
            worker.wait()

    def _ends(self, worker: Worker, until: float) -> bool:
        """Return whether a worker ends before a given time."""
        worker.channel.settimeout(max(0.01, until - monotonic()))
        try:
            is_ready = worker.is_ready or worker.hear()
            return not (is_ready and worker.hear())
        except TimeoutError:
            return False
