"""The links, tokens and codes of the latest refusals, uncut, for the console to explain them.

They are secrets: no entry of the journal, export, snapshot or log contains one.
"""

from __future__ import annotations

import threading

from mockidp.tenant.bounded_queue import BoundedQueue

MAX_ITEMS = 100
MAX_BYTES = 512 * 1024


class Presented:
    """What refused requests have presented, by the id of the request. It stays in this process."""

    def __init__(self) -> None:
        self._items: BoundedQueue[tuple[str, str]] = BoundedQueue(
            max_items=MAX_ITEMS, max_bytes=MAX_BYTES
        )
        self._lock = threading.Lock()

    def add(self, request_id: str, thing: str) -> None:
        """Keep what a request has presented, in place of the oldest."""
        with self._lock:
            self._items.append((request_id, thing))

    def get(self, request_id: str) -> str:
        """Return what a request has presented; empty if that is not known."""
        with self._lock:
            return dict(self._items).get(request_id, "")

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._items.clear()
