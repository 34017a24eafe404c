"""Who signs in next: set by a test, so that `/authorize` answers at once."""

from __future__ import annotations

import threading
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class SignIn:
    """A user who answers the next authorization request, of one client or of any."""

    user_id: str
    client_id: str | None = None


class SignIns:
    """Sign-ins that wait for their authorization request; each serves one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: tuple[SignIn, ...] = ()

    @property
    def waiting(self) -> tuple[SignIn, ...]:
        """Those that wait, the first first. Replaced as a whole."""
        return self._waiting

    def add(self, sign_in: SignIn) -> None:
        """Let a user sign in next."""
        with self._lock:
            self._waiting = (*self._waiting, sign_in)

    def take(self, client_id: str) -> SignIn | None:
        """Return the first that serves a client, and use it up."""
        if not self._waiting:
            return None
        with self._lock:
            for one in self._waiting:
                if one.client_id in (None, client_id):
                    self._waiting = tuple(other for other in self._waiting if other is not one)
                    return one
        return None

    def restore(self, waiting: tuple[SignIn, ...]) -> None:
        """Let these wait and no others."""
        with self._lock:
            self._waiting = waiting
