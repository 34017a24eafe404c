"""Feeds: messages that all processes receive, each once and in the same order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Receiver(Protocol):
    """The part of a tenant that keeps the messages of a feed. It must not read a store."""

    def begin(self, count: int) -> None:
        """Delete all messages.

        Args:
            count: How many there were before those that follow.
        """
        ...

    def receive(self, message: str) -> None:
        """Add a message."""
        ...


class Feed(Protocol):
    """Sends messages to all processes."""

    def send(self, message: str) -> None:
        """Send a message with the commit of the open transaction."""
        ...

    def clear(self) -> None:
        """Delete all messages with the commit of the open transaction."""
        ...

    def catch_up(self) -> None:
        """Receive all messages so far, once in each transaction."""
        ...

    def wait_until(self, is_done: Callable[[], bool], seconds: float) -> bool:
        """Wait until something is true, but not longer than some seconds. Return whether it is."""
        ...


OpenFeed = Callable[[str, int, Receiver], Feed]
"""Opens a feed: its name, how many messages are kept for later processes, and its receiver."""
