"""The outbox of a tenant that runs elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Unpack

from mockidp.clients.remote.calls import call, call_and_wait
from mockidp.clients.remote.control_client import ControlClient
from mockidp.tenant.journal.text import check_timeout
from mockidp.tenant.outbox import Message, MessageQuery, OutboxReader, check_query
from mockidp.testing.method import NoParameters
from mockidp.testing.methods.outbox import CLEAR_OUTBOX, READ_OUTBOX, OutboxQuery


class RemoteOutbox(OutboxReader):
    """The last messages. They are read from the mock each time."""

    def __init__(self, control: ControlClient) -> None:
        self._control = control

    def __iter__(self) -> Iterator[Message]:
        return iter(self.of())

    def __len__(self) -> int:
        return len(self.of())

    def __repr__(self) -> str:
        return f"<outbox at {self._control.url}>"

    def clear(self) -> None:  # noqa: D102 - inherited
        call(self._control, CLEAR_OUTBOX, NoParameters())

    def of(  # noqa: D102 - inherited
        self, *, after: int = 0, **query: Unpack[MessageQuery]
    ) -> list[Message]:
        check_query(query)
        return call(self._control, READ_OUTBOX, OutboxQuery(after=after, **query))

    def wait_for(  # noqa: D102 - inherited
        self,
        *,
        timeout: float = 5.0,
        times: int = 1,
        after: int = 0,
        **query: Unpack[MessageQuery],
    ) -> list[Message]:
        check_query(query)
        check_timeout(timeout)
        parameters = OutboxQuery(times=times, after=after, **query)
        return call_and_wait(self._control, READ_OUTBOX, parameters, timeout=timeout)
