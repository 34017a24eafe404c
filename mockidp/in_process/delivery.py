"""The effects of faults on the connection, for a client in the same process.

Waits and timeouts follow the machine's clock, as those of a real connection.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from typing import TypeVar

from mockidp.server.delivery import Delivery
from mockidp.tenant.tenant import Tenant

T = TypeVar("T")


def cut(delivery: Delivery, body: bytes) -> bytes:
    """Return the part of a body that reaches the client."""
    return body[: delivery.truncate]


def dripping(delivery: Delivery, body: bytes, timeout: float | None) -> Iterator[bytes]:
    """Yield the bytes of a truncated body slowly.

    Raises:
        TimeoutError: The next byte takes longer than the client waits.
    """
    for number in range(len(cut(delivery, body))):
        if number:
            wait(delivery.drip, timeout)
        yield body[number : number + 1]


class DrippingBody(io.RawIOBase):
    """A body as a file whose bytes arrive slowly."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        super().__init__()
        self._parts = parts

    def readable(self) -> bool:
        """Return True: this is an input stream."""
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # io's own name
        """Read the next byte."""
        part = next(self._parts, b"")
        buffer[: len(part)] = part
        return len(part)


def wait(seconds: float, timeout: float | None) -> None:
    """Wait, at most as long as the client does.

    Raises:
        TimeoutError: The client's timeout is shorter.
    """
    is_in_time = timeout is None or seconds < timeout
    threading.Event().wait(seconds if is_in_time else timeout)
    if not is_in_time:
        raise TimeoutError("timed out")


def read_timeout(tenant: Tenant, timeout: float | None) -> float | None:
    """Return how long a client waits for a response; None if no fault delays one."""
    return timeout if any(one.fault.delay for one in tenant.faults) else None


def within(timeout: float | None, function: Callable[[], T]) -> T:
    """Call a function with a timeout, and return its result.

    After a timeout the function continues in its thread, as a request continues on a server.

    Raises:
        TimeoutError: The function takes longer.
    """
    if timeout is None:
        return function()
    outcomes: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            outcomes.put((function(), None))
        except BaseException as error:  # noqa: BLE001 - raised in the waiting thread
            outcomes.put((None, error))

    threading.Thread(target=run, name="mockidp-late", daemon=True).start()
    try:
        result, error = outcomes.get(timeout=timeout)
    except Empty:
        raise TimeoutError("timed out") from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # set unless there is an error
