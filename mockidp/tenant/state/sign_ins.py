"""Sign-ins that a test prepared, so that `/authorize` answers without a login page."""

from __future__ import annotations

from mockidp.frozen import frozen
from mockidp.storage.single_value import SingleValue
from mockidp.storage.store import Entries, Store


@frozen
class SignIn:
    """A user whom the next authorization request logs in, of one client or of any."""

    user_id: str
    client_id: str | None = None
    organization_id: str | None = None


Waiting = tuple[SignIn, ...]


class SignIns:
    """The sign-ins that wait for an authorization request, in order. Each serves one request."""

    def __init__(self, store: Store[Waiting]) -> None:
        self._waiting = SingleValue(store, ())

    @property
    def waiting(self) -> Waiting:
        """The waiting sign-ins, the oldest first."""
        return self._waiting.value

    def among(self, entries: Entries[Waiting]) -> Waiting:
        """Return the sign-ins in a snapshot of the store."""
        return self._waiting.among(entries)

    def add(self, sign_in: SignIn) -> None:
        """Append a sign-in."""
        self._waiting.change(lambda waiting: (*waiting, sign_in))

    def take(self, client_id: str) -> SignIn | None:
        """Remove the first sign-in for a client, and return it."""
        taken: SignIn | None = None

        def remove(waiting: Waiting) -> Waiting:
            nonlocal taken
            found = (one for one in waiting if one.client_id in (None, client_id))
            taken = next(found, None)
            return waiting if taken is None else _without(waiting, taken)

        self._waiting.change(remove)
        return taken

    def restore(self, waiting: Waiting) -> None:
        """Replace the waiting sign-ins."""
        self._waiting.set(waiting)


def _without(waiting: Waiting, taken: SignIn) -> Waiting:
    at = waiting.index(taken)
    return (*waiting[:at], *waiting[at + 1 :])
