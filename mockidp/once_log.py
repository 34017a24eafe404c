"""Warnings that are logged once, not for every request that causes them."""

from __future__ import annotations

_MAX_COUNT = 100
"""More than any setup needs. It limits the memory that requests can fill."""


class OnceLog:
    """Remembers what has been logged."""

    def __init__(self) -> None:
        self._logged: set[tuple[str, ...]] = set()

    def first_time(self, *subject: str) -> bool:
        """Return whether a subject is new, and remember it."""
        is_new = subject not in self._logged and len(self._logged) < _MAX_COUNT
        if is_new:
            self._logged.add(subject)
        return is_new
