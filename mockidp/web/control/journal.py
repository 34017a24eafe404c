"""`/journal`: the last exchanges, and waiting for those to come."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from mockidp.errors import MockIdPError
from mockidp.protocol.problem import Problem
from mockidp.web.control.operation import Call, Operation

LONGEST_WAIT = 60


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
    after: int = 0
    """Only what came after the exchange with this number."""
    wait_seconds: float | None = None
    """How long to wait for them, at most 60."""
    times: int = 1
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
    if wait is None:
        found = journal.of(asked.endpoint, after=asked.after, **query)
    elif wait > LONGEST_WAIT:
        raise Problem(400, f"wait_seconds is {wait:g}; the longest is {LONGEST_WAIT}")
    else:
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
