"""The calls for a tenant's outbox. In the same process, `MockIdP.outbox` is the outbox itself."""

from __future__ import annotations

from dataclasses import field, fields

from mockidp.frozen import frozen
from mockidp.tenant.outbox import Message
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
from mockidp.testing.methods.journal import MAX_COUNT, MAX_WAIT

_NOT_CONDITIONS = ("after", "wait_seconds", "times")


@frozen
class OutboxQuery:
    """The parameters of `read_outbox`. Parameters that are left out match everything."""

    to: str | None = None
    """The e-mail address or phone number."""
    kind: str | None = None
    user: str | None = None
    """By id, the id's last part, or e-mail."""
    client: str | None = None
    after: int = field(default=0, metadata={MINIMUM: 0, MAXIMUM: MAX_COUNT})
    """Only messages after the one with this number."""
    wait_seconds: float | None = field(default=None, metadata={MINIMUM: 0, MAXIMUM: MAX_WAIT})
    """How long to wait for them, at most 60."""
    times: int = field(default=1, metadata={MINIMUM: 0, MAXIMUM: MAX_COUNT})
    """How many to wait for."""


def _read_outbox(target: Target, query: OutboxQuery) -> list[Message]:
    """Return e-mails and text messages, the oldest first; `wait_seconds` waits for enough."""
    conditions = {
        one.name: value
        for one in fields(query)
        if one.name not in _NOT_CONDITIONS and (value := getattr(query, one.name)) is not None
    }
    outbox, wait = target.tenant.outbox, query.wait_seconds
    found = outbox.of(after=query.after, **conditions)
    if wait is None or len(found) >= query.times:
        return found
    return outbox.wait_for(timeout=wait, times=query.times, after=query.after, **conditions)


def _clear_outbox(target: Target, _request: NoParameters) -> None:
    """Delete all e-mails and text messages."""
    target.tenant.outbox.clear()


READ_OUTBOX = Method(
    name="read_outbox",
    python=("outbox.of", "outbox.last", "outbox.wait_for"),
    http="GET /outbox",
    function=_read_outbox,
    parameters=parameters(OutboxQuery),
    answer=list_of(answer(Message)),
)
CLEAR_OUTBOX = Method(
    name="clear_outbox",
    python=("outbox.clear",),
    http="DELETE /outbox",
    function=_clear_outbox,
    parameters=NO_PARAMETERS,
    answer=NO_ANSWER,
    status=204,
)
