"""Who signs in next: set by a test, so that `/authorize` answers at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class SignIn:
    """A user who answers the next authorization request, of one client or of any."""

    user_id: str
    client_id: str | None = None


class SignIns:
    """Sign-ins that wait for their authorization request; each serves one.

    Attributes:
        on_change: Called after those that wait have changed.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: tuple[SignIn, ...] = ()
        self.on_change: Callable[[], object] = lambda: None

    @property
    def waiting(self) -> tuple[SignIn, ...]:
        """Those that wait, the first first. Replaced as a whole."""
        return self._waiting

    def add(self, sign_in: SignIn) -> None:
        """Let a user sign in next."""
        with self._lock:
            self._waiting = (*self._waiting, sign_in)
        self.on_change()

    def take(self, client_id: str) -> SignIn | None:
        """Return the first that serves a client, and use it up."""
        if not self._waiting:
            return None
        with self._lock:
            found = next((o for o in self._waiting if o.client_id in (None, client_id)), None)
            self._waiting = tuple(other for other in self._waiting if other is not found)
        if found is not None:
            self.on_change()
        return found

    def restore(self, waiting: tuple[SignIn, ...]) -> None:
        """Let these wait and no others."""
        with self._lock:
            self._waiting = waiting
