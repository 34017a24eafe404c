"""The calls for a tenant's journal. In the same process, `MockIdP.journal` is the journal."""

from __future__ import annotations

from dataclasses import field, fields

from mockidp.frozen import frozen
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.testing.method import (
    MAXIMUM,
    MINIMUM,
    NO_ANSWER,
    NO_PARAMETERS,
    Method,
    NoParameters,
    Target,
    answer,
    list_of,
    parameters,
)

MAX_WAIT = 60
MAX_COUNT = 1_000_000_000
_NOT_CONDITIONS = ("endpoint", "after", "wait_seconds", "times")


@frozen
class JournalQuery:
    """The parameters of `read_journal`. Parameters that are left out match everything."""

    endpoint: str | None = None
    client: str | None = None
    user: str | None = None
    """By id, the id's last part, or e-mail."""
    grant: str | None = None
    audience: str | None = None
    status: int | None = None
    error: str | None = None
    method: str | None = None
    flow: int | None = field(default=None, metadata={MINIMUM: 1, MAXIMUM: MAX_COUNT})
    """The flow, by the number of its first exchange."""
    after: int = field(default=0, metadata={MINIMUM: 0, MAXIMUM: MAX_COUNT})
    """Only exchanges after the one with this number."""
    wait_seconds: float | None = field(default=None, metadata={MINIMUM: 0, MAXIMUM: MAX_WAIT})
    """How long to wait for them, at most 60."""
    times: int = field(default=1, metadata={MINIMUM: 0, MAXIMUM: MAX_COUNT})
    """How many to wait for."""


def _read_journal(target: Target, query: JournalQuery) -> list[JournalEntry]:
    """Return exchanges, the oldest first; with `wait_seconds`, wait until there are enough."""
    conditions = {
        one.name: value
        for one in fields(query)
        if one.name not in _NOT_CONDITIONS and (value := getattr(query, one.name)) is not None
    }
    journal, wait = target.tenant.journal, query.wait_seconds
    found = journal.of(query.endpoint, after=query.after, **conditions)
    if wait is None or len(found) >= query.times:
        return found
    return journal.wait_for(
        query.endpoint, timeout=wait, times=query.times, after=query.after, **conditions
    )


def _clear_journal(target: Target, _request: NoParameters) -> None:
    """Delete all exchanges."""
    target.tenant.journal.clear()


READ_JOURNAL = Method(
    name="read_journal",
    python=("journal.of", "journal.last", "journal.wait_for"),
    http="GET /journal",
    function=_read_journal,
    parameters=parameters(JournalQuery),
    answer=list_of(answer(JournalEntry)),
)
CLEAR_JOURNAL = Method(
    name="clear_journal",
    python=("journal.clear",),
    http="DELETE /journal",
    function=_clear_journal,
    parameters=NO_PARAMETERS,
    answer=NO_ANSWER,
    status=204,
)
