"""The journal of a tenant that runs elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Unpack

from mockidp.clients.remote.control_client import ControlClient, Refused
from mockidp.codec.wire import from_wire
from mockidp.errors import MockIdPError
from mockidp.resources.user import User
from mockidp.tenant.config.plain import structure_record
from mockidp.tenant.directory import Directory
from mockidp.tenant.document import TenantDocument
from mockidp.tenant.journal import Journal, JournalEntry, Query, check_timeout, check_words

_MAX_WAIT = 60.0
"""Seconds that the mock holds an answer back at most."""
_NOTHING_CAME = 408


class RemoteJournal(Journal):
    """The last exchanges, asked for anew each time; queries and their errors are `Journal`'s."""

    def __init__(self, control: ControlClient) -> None:
        super().__init__(self._find_id, users=lambda: [user.user_id for user in self._all_users()])
        self._control = control

    def __iter__(self) -> Iterator[JournalEntry]:
        return iter(_entries(self._control.get("/journal")))

    def __len__(self) -> int:
        return len(self._control.get("/journal")["items"])

    def __repr__(self) -> str:
        return f"<journal at {self._control.url}>"

    def of(
        self, endpoint: str | None = None, *, after: int = 0, **query: Unpack[Query]
    ) -> list[JournalEntry]:
        """Return the exchanges of an endpoint, or of all: as `Journal.of`."""
        check_words(endpoint, query)
        asked: dict[str, Any] = {**query, "endpoint": endpoint, "after": after}
        absent = [name for name, value in query.items() if value is None]  # cannot be sent
        found = _entries(self._control.get("/journal", **asked))
        return [one for one in found if all(getattr(one, name) is None for name in absent)]

    def clear(self) -> None:
        """Forget all, and count from 1 again."""
        self._control.call("DELETE", "/journal")

    def wait_for(
        self,
        endpoint: str | None = None,
        *,
        timeout: float = 5.0,
        times: int = 1,
        after: int = 0,
        **query: Unpack[Query],
    ) -> list[JournalEntry]:
        """Wait for exchanges, of which some may have been: as `Journal.wait_for`."""
        check_words(endpoint, query)
        check_timeout(timeout)
        if None in query.values():
            raise MockIdPError("None cannot be waited for at a mock that runs elsewhere.")
        asked: dict[str, Any] = {**query, "endpoint": endpoint, "times": times, "after": after}
        left = max(timeout, 0.0)
        while True:
            wait = min(left, _MAX_WAIT)
            try:
                return _entries(
                    self._control.get("/journal", wait=wait, wait_seconds=wait, **asked)
                )
            except Refused as refused:
                if refused.status != _NOTHING_CAME:
                    raise
                left -= wait
                if left <= 0:
                    text = str(refused).replace(f"waited {wait:g} s", f"waited {timeout:g} s", 1)
                    raise MockIdPError(text) from None

    def _find_id(self, name: str) -> str | None:
        users = TenantDocument(users=tuple(self._all_users()))
        found = Directory(users).name_user(name)
        return found.user_id if found else None

    def _all_users(self) -> list[User]:
        items = self._control.get("/users")["items"]
        return [structure_record(User, one, source="/users") for one in items]


def _entries(answer: Any) -> list[JournalEntry]:
    return [from_wire(JournalEntry, one) for one in answer["items"]]
