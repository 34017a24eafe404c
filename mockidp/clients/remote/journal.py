"""The journal of a tenant that runs elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Unpack

from mockidp.clients.remote.calls import call, call_and_wait
from mockidp.clients.remote.control_client import ControlClient
from mockidp.errors import MockIdPError
from mockidp.resources.user import USER, User
from mockidp.tenant.config.plain import structure_record
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.tenant.journal.journal import JournalReader
from mockidp.tenant.journal.text import Query, check_timeout, check_words
from mockidp.testing.method import NoParameters
from mockidp.testing.methods.journal import CLEAR_JOURNAL, READ_JOURNAL, JournalQuery


class RemoteJournal(JournalReader):
    """The last exchanges. They are read from the mock each time."""

    def __init__(self, control: ControlClient) -> None:
        self._control = control

    def __iter__(self) -> Iterator[JournalEntry]:
        return iter(self._read(JournalQuery()))

    def __len__(self) -> int:
        return len(self._read(JournalQuery()))

    def __repr__(self) -> str:
        return f"<journal at {self._control.url}>"

    def clear(self) -> None:  # noqa: D102 - inherited
        call(self._control, CLEAR_JOURNAL, NoParameters())

    def of(  # noqa: D102 - inherited
        self, endpoint: str | None = None, *, after: int = 0, **query: Unpack[Query]
    ) -> list[JournalEntry]:
        check_words(endpoint, query)
        absent = [name for name, value in query.items() if value is None]  # cannot be sent
        found = self._read(JournalQuery(endpoint=endpoint, after=after, **query))
        return [one for one in found if all(getattr(one, name) is None for name in absent)]

    def wait_for(  # noqa: D102 - inherited
        self,
        endpoint: str | None = None,
        *,
        timeout: float = 5.0,
        times: int = 1,
        after: int = 0,
        **query: Unpack[Query],
    ) -> list[JournalEntry]:
        check_words(endpoint, query)
        check_timeout(timeout)
        if None in query.values():
            raise MockIdPError("A mock that runs elsewhere cannot wait for the value None.")
        parameters = JournalQuery(endpoint=endpoint, times=times, after=after, **query)
        return call_and_wait(self._control, READ_JOURNAL, parameters, timeout=timeout)

    def _read(self, query: JournalQuery) -> list[JournalEntry]:
        return call(self._control, READ_JOURNAL, query)

    def _find_id(self, name: str) -> str | None:
        found = (user.user_id for user in self._users() if name in USER.names_of(user))
        return next(found, None)

    def _user_ids(self) -> Iterable[str]:
        return [user.user_id for user in self._users()]

    def _users(self) -> list[User]:
        items = self._control.get("/users")["items"]
        return [structure_record(User, one, source="/users") for one in items]
