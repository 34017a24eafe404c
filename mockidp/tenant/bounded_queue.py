"""A queue that is bounded by the number and by the size of its items."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class BoundedQueue(Generic[T]):
    """A queue of the latest items. The oldest are removed first; the latest is always kept.

    Args:
        max_items: The maximum number of items.
        max_bytes: The maximum size of all items, each measured as its `repr`. In memory an item is
            several times as large.
    """

    def __init__(self, *, max_items: int, max_bytes: int) -> None:
        self._max_items = max_items
        self._max_bytes = max_bytes
        self._items: deque[tuple[T, int]] = deque()  # with their sizes
        self._total = 0

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[T]:
        return (item for item, _ in self._items)

    def append(self, item: T) -> None:
        """Add an item, and remove the oldest until the rest is within both limits."""
        size = len(repr(item).encode(errors="replace"))
        self._items.append((item, size))
        self._total += size
        while len(self) > self._max_items or (self._total > self._max_bytes and len(self) > 1):
            self._total -= self._items.popleft()[1]

    def clear(self) -> None:
        """Remove all items."""
        self._items.clear()
        self._total = 0
