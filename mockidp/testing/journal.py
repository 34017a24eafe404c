"""The calls for a tenant's journal. In one process, `MockIdP.journal` is the journal itself."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from mockidp.tenant.journal import JournalEntry
from mockidp.testing.method import (
    MAXIMUM,
    MINIMUM,
    NO_ANSWER,
    NOTHING,
    Method,
    Nothing,
    Target,
    answer,
    list_of,
    parameters,
)

MAX_WAIT = 60
MAX_COUNT = 1_000_000_000
_OF_WAITING = ("endpoint", "after", "wait_seconds", "times")


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalQuery:
    """Which exchanges to return. Parameters that are left out match everything."""

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
    """Only exchanges after the one with this number."""
    wait_seconds: float | None = field(default=None, metadata={MINIMUM: 0, MAXIMUM: MAX_WAIT})
    """How long to wait for them, at most 60."""
    times: int = field(default=1, metadata={MINIMUM: 0, MAXIMUM: MAX_COUNT})
    """How many to wait for."""


def _read_journal(target: Target, asked: JournalQuery) -> list[JournalEntry]:
    """Return exchanges, the oldest first; with `wait_seconds`, wait until there are enough."""
    query = {
        one.name: value
        for one in fields(asked)
        if one.name not in _OF_WAITING and (value := getattr(asked, one.name)) is not None
    }
    journal, wait = target.tenant.journal, asked.wait_seconds
    found = journal.of(asked.endpoint, after=asked.after, **query)
    if wait is None or len(found) >= asked.times:
        return found
    return journal.wait_for(
        asked.endpoint, timeout=wait, times=asked.times, after=asked.after, **query
    )


def _clear_journal(target: Target, _asked: Nothing) -> None:
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
    parameters=NOTHING,
    answer=NO_ANSWER,
    status=204,
)
