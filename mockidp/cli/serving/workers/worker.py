"""One worker process: start it, follow it, end it."""

from __future__ import annotations

import logging
import os
import selectors
import signal
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import NoReturn

from mockidp.cli.serving.stop_signals import stop_signals, stopping
from mockidp.server.address import close_all

Work = Callable[[], AbstractContextManager[object]]
"""Returns a context manager that serves inside its block."""
_READY = b"\1"
_logger = logging.getLogger("mockidp.workers")


@dataclass(kw_only=True, slots=True, eq=False)
class Worker:
    """A worker process, as its parent sees it.

    Attributes:
        pid: Its process id.
        channel: A socket to the worker, which sends a byte once it serves. Each side sees the end
            of the other one as the end of the stream.
        is_ready: Whether the byte has arrived.
    """

    pid: int
    channel: socket.socket
    is_ready: bool = False

    def hear(self) -> bool:
        """Receive what the worker has sent. Return whether it still runs."""
        received = b""
        with suppress(ConnectionError):
            received = self.channel.recv(1)
        self.is_ready = self.is_ready or bool(received)
        return bool(received)

    def kill(self, number: signal.Signals) -> None:
        """Send it a signal. It has not been waited for, so no other process has its id."""
        os.kill(self.pid, number)

    def wait(self) -> str:
        """Wait until it has ended, and return how."""
        self.channel.close()
        _pid, status = os.waitpid(self.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        return f"status {code}" if code >= 0 else signal.Signals(-code).name


def start_worker(work: Work, siblings: Iterable[Worker]) -> Worker:
    """Start a worker process, which works until it gets a signal or its parent has ended.

    Args:
        work: What it does.
        siblings: The other workers. If this one kept their channels, they would not see the end of
            their parent.

    Raises:
        OSError: The system cannot start a process.
    """
    ours, its = socket.socketpair()
    with _held_signals():
        try:
            pid = os.fork()
        except OSError:
            ours.close()
            its.close()
            raise
        if pid == 0:  # pragma: no cover - in the child, only later calls are measured
            _work(work, its, (ours, *(one.channel for one in siblings)))
    its.close()
    return Worker(pid=pid, channel=ours)


@contextmanager
def _held_signals() -> Iterator[None]:
    """Hold signals back: until a new process has its own handlers, it would wake up its parent."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, stopping())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(work: Work, channel: socket.socket, not_ours: Iterable[socket.socket]) -> NoReturn:
    status = 1
    try:
        close_all(not_ours)
        with stop_signals() as signals:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, stopping())
            with work(), selectors.DefaultSelector() as selector:
                channel.send(_READY)
                selector.register(signals, selectors.EVENT_READ)
                selector.register(channel, selectors.EVENT_READ)
                selector.select()
            status = 0
    except BaseException:
        _logger.exception("a worker failed")
    finally:
        os._exit(status)  # the rest of the program belongs to the parent
