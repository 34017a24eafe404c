"""What is told once: not at every request that shows the same."""

from __future__ import annotations

_MOST = 100
"""Far more than a setup has: it bounds what anybody's requests can fill."""


class FirstSights:
    """What was seen before."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, ...]] = set()

    def is_first(self, *sight: str) -> bool:
        """Return whether this is seen for the first time; from now on it is not."""
        is_first = sight not in self._seen and len(self._seen) < _MOST
        if is_first:
            self._seen.add(sight)
        return is_first
