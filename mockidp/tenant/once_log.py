"""What is told once: not at every request that shows the same."""

from __future__ import annotations

_MAX_COUNT = 100
"""Far more than a setup has: it bounds what anybody's requests can fill."""


class OnceLog:
    """What was seen before."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, ...]] = set()

    def first_time(self, *sight: str) -> bool:
        """Return whether this is seen for the first time; from now on it is not."""
        first_time = sight not in self._seen and len(self._seen) < _MAX_COUNT
        if first_time:
            self._seen.add(sight)
        return first_time
