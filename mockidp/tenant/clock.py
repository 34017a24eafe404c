"""The tenant's time: the only reader of the machine's clock."""

from __future__ import annotations

import time


class Clock:
    """Seconds since 1970, as the tenant sees them."""

    def __init__(self) -> None:
        self._offset = 0.0
        self._frozen: float | None = None

    def now(self) -> float:
        """Return the tenant's time."""
        if self._frozen is not None:
            return self._frozen
        return time.time() + self._offset  # noqa: TID251 - the one place

    def freeze(self, at: float | None = None) -> None:
        """Stop the clock, now or at a given time."""
        self._frozen = self.now() if at is None else at

    def advance(self, seconds: float) -> None:
        """Go forward, frozen or not."""
        if self._frozen is not None:
            self._frozen += seconds
        else:
            self._offset += seconds
