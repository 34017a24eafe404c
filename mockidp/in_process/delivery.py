"""How an answer gets to the client: what a fault may do to it on its way, and the waiting.

Time here is the client's: the waits and timeouts of a connection go by the machine's clock.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from typing import TypeVar

from mockidp.server import Delivery
from mockidp.tenant.tenant import Tenant

T = TypeVar("T")


def cut(delivery: Delivery, body: bytes) -> bytes:
    """Return as much of a body as comes."""
    return body[: delivery.truncate]


def dripping(delivery: Delivery, body: bytes, timeout: float | None) -> Iterator[bytes]:
    """Give a body as it drips, up to where it is cut.

    Raises:
        TimeoutError: The next byte takes longer than the client waits.
    """
    for number in range(len(cut(delivery, body))):
        if number:
            wait(delivery.drip, timeout)
        yield body[number : number + 1]


class DrippingBody(io.RawIOBase):
    """A body to be read as it drips."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        super().__init__()
        self._parts = parts

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # io's own name
        """Read the next byte."""
        part = next(self._parts, b"")
        buffer[: len(part)] = part
        return len(part)


def wait(seconds: float, timeout: float | None) -> None:
    """Let time pass as a client sees it.

    Raises:
        TimeoutError: The client does not wait as long.
    """
    is_patient = timeout is None or seconds < timeout
    threading.Event().wait(seconds if is_patient else timeout)
    if not is_patient:
        raise TimeoutError("timed out")


def patience(tenant: Tenant, timeout: float | None) -> float | None:
    """Return how long a client waits for an answer; None where none can be late."""
    return timeout if any(one.fault.delay for one in tenant.faults) else None


def within(timeout: float | None, act: Callable[[], T]) -> T:
    """Return what a function returns, unless the client gives up before.

    The function goes on by itself then, as a server does that nobody listens to any more.

    Raises:
        TimeoutError: It takes longer.
    """
    if timeout is None:
        return act()
    outcomes: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            outcomes.put((act(), None))
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            outcomes.put((None, error))

    threading.Thread(target=run, name="mockidp-late", daemon=True).start()
    try:
        result, error = outcomes.get(timeout=timeout)
    except Empty:
        raise TimeoutError("timed out") from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # without an error it is one
