"""Who signs in next: set by a test, so that `/authorize` answers at once."""

from __future__ import annotations

from dataclasses import dataclass

from mockidp.storage.transactions import Transactions


@dataclass(frozen=True, kw_only=True, slots=True)
class SignIn:
    """A user who answers the next authorization request, of one client or of any."""

    user_id: str
    client_id: str | None = None


class SignIns:
    """Sign-ins that wait for their authorization request; each serves one."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._waiting: tuple[SignIn, ...] = ()

    @property
    def waiting(self) -> tuple[SignIn, ...]:
        """Those that wait, the first first. Replaced as a whole."""
        return self._waiting

    def add(self, sign_in: SignIn) -> None:
        """Let a user sign in next."""
        with self._transactions.changing(self):
            self._waiting = (*self._waiting, sign_in)

    def take(self, client_id: str) -> SignIn | None:
        """Return the first that serves a client, and use it up."""
        if not self._waiting:
            return None
        with self._transactions.lock:
            found = next((o for o in self._waiting if o.client_id in (None, client_id)), None)
            if found is not None:
                with self._transactions.changing(self):
                    self._waiting = tuple(other for other in self._waiting if other is not found)
        return found

    def restore(self, waiting: tuple[SignIn, ...]) -> None:
        """Let these wait and no others."""
        with self._transactions.changing(self):
            self._waiting = waiting

    def state(self) -> tuple[SignIn, ...]:
        """Return those that wait, for a transaction that may have to put them back."""
        return self._waiting

    def put_back(self, state: tuple[SignIn, ...]) -> None:
        """Undo all changes since a state was noted."""
        self._waiting = state
