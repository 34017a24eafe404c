"""`/journal`: the last exchanges, and waiting for those to come."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from mockidp.errors import MockIdPError
from mockidp.protocol.problem import Problem
from mockidp.tenant.journal import JournalEntry
from mockidp.web.control.mistakes import MAXIMUM, MINIMUM
from mockidp.web.control.operation import Call, Operation

MAX_WAIT = 60
MAX_COUNT = 1_000_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalQuery:
    """Which exchanges; what is not named is not looked at."""

    endpoint: str | None = None
    client: str | None = None
    user: str | None = None
    """By id, the id's last part, or e-mail."""
    grant: str | None = None
    audience: str | None = None
    status: int | None = None
    error: str | None = None
    method: str | None = None
    after: int = field(default=0, metadata={MINIMUM: 0, MAXIMUM: MAX_COUNT})
    """Only what came after the exchange with this number."""
    wait_seconds: float | None = field(default=None, metadata={MINIMUM: 0, MAXIMUM: MAX_WAIT})
    """How long to wait for them, at most 60."""
    times: int = field(default=1, metadata={MINIMUM: 0, MAXIMUM: MAX_COUNT})
    """How many to wait for."""


def _read(call: Call) -> Any:
    asked: JournalQuery = call.query
    query = {
        one.name: value
        for one in fields(asked)
        if one.name not in ("endpoint", "after", "wait_seconds", "times")
        and (value := getattr(asked, one.name)) is not None
    }
    journal, wait = call.tenant.journal, asked.wait_seconds
    found = journal.of(asked.endpoint, after=asked.after, **query)
    if wait is not None and len(found) < asked.times:
        try:
            found = journal.wait_for(
                asked.endpoint, timeout=wait, times=asked.times, after=asked.after, **query
            )
        except MockIdPError as error:
            raise Problem(408, str(error)) from None
    return [entry.to_dict() for entry in found]


OPERATIONS = (
    Operation(
        name="readJournal",
        method="GET",
        path="/journal",
        summary="Exchanges, the oldest first; with `wait_seconds`, once there are enough.",
        handler=_read,
        query=JournalQuery,
        answer=list[JournalEntry],
    ),
    Operation(
        name="clearJournal",
        method="DELETE",
        path="/journal",
        summary="Forget all exchanges.",
        handler=lambda call: call.tenant.journal.clear(),
        status=204,
    ),
)
