"""Wait for the signals that stop a server: Ctrl-C, SIGTERM, SIGHUP."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager


def stopping() -> list[signal.Signals]:
    """Return the signals that stop a server.

    SIGHUP, which a terminal sends when it is closed, stays ignored if it was ignored before, as
    under nohup.
    """
    numbers = [signal.SIGINT, signal.SIGTERM]
    hang_up = getattr(signal, "SIGHUP", None)  # Windows does not have it
    if hang_up is not None and signal.getsignal(hang_up) is not signal.SIG_IGN:
        numbers.append(hang_up)
    return numbers


@contextmanager
def stop_signals() -> Iterator[socket.socket]:
    """Return a socket from which the numbers of the signals that stop a server can be read.

    Inside the block these signals have no other effect. It is a socket, which the signal handler
    writes to, because a lock or a queue can miss a signal that arrives just before the wait begins.
    """
    numbers = stopping()
    reader, writer = socket.socketpair()
    with reader, writer:
        writer.setblocking(False)
        fd_before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        before = [signal.signal(number, lambda _number, _frame: None) for number in numbers]
        try:
            yield reader
        finally:
            signal.set_wakeup_fd(fd_before)
            for number, handler in zip(numbers, before, strict=True):
                signal.signal(number, handler)
