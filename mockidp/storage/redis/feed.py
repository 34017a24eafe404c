"""Feeds whose messages are part of the commits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from mockidp.storage.feed import Receiver
from mockidp.storage.redis.attempt import Attempt


class Feeds(Protocol):
    """What a feed needs of its backend."""

    def run(self, action: Callable[[], None]) -> None:
        """Run an action in a transaction: the open one, or one of its own."""
        ...

    def changing(self) -> Attempt:
        """Return the open transaction, which is about to change something."""
        ...

    def catch_up(self) -> None:
        """Receive all messages so far, once in each transaction."""
        ...

    def wait_until(self, is_done: Callable[[], bool], seconds: float) -> bool:
        """Wait until something is true, but not longer than some seconds. Return whether it is."""
        ...


class RedisFeed:
    """Sends messages to all replicas.

    Attributes:
        receiver: Receives them in this process.

    Args:
        name: Its name.
        keep: How many messages the server keeps for replicas that start later.
        receiver: As the attribute.
        feeds: The backend.
    """

    def __init__(self, name: str, keep: int, receiver: Receiver, feeds: Feeds) -> None:
        self.receiver = receiver
        self._name, self._keep, self._feeds = name, keep, feeds

    def send(self, message: str) -> None:
        """Send a message with the commit of the open transaction."""
        self._add(message)

    def clear(self) -> None:
        """Delete all messages with the commit of the open transaction."""
        self._add(None)

    def catch_up(self) -> None:
        """Receive all messages so far, once in each transaction."""
        self._feeds.catch_up()

    def wait_until(self, is_done: Callable[[], bool], seconds: float) -> bool:
        """Wait until something is true, but not longer than some seconds. Return whether it is."""
        return self._feeds.wait_until(is_done, seconds)

    def _add(self, message: str | None) -> None:
        def add() -> None:
            self._feeds.changing().messages.append((self._name, self._keep, message))

        self._feeds.run(add)
