"""Logs, which are the exchanges of the journal.

Auth0: `from` and `take` page by checkpoint, with the oldest event first and a header `Link`; other
parameters are then ignored. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from mockidp.frozen import replace
from mockidp.management.listing import (
    CHECKPOINT,
    FIELDS,
    OFFSET,
    ListShape,
    read_number,
    select_fields,
)
from mockidp.management.logs.log_record import logs_of, number_in
from mockidp.management.lucene.query import Searchable, Values, compile_query
from mockidp.management.operation import Call, Linked, Operation
from mockidp.management.refusals import invalid_query, not_found
from mockidp.management.sorting import Selection, read_order
from mockidp.management.users.users import find_user
from mockidp.resources.unsupported import look_up

_READ = ("read:logs", "read:logs_users")
_LOGS = ListShape(key="logs", order=("start", "limit", "length", "total", "logs"), is_limited=True)
_LOGS_OF_USER = replace(_LOGS, order=("start", "limit", "length", "logs", "total"))
_SEARCHABLE = Searchable(
    words=("type", "description", "user_name", "user_id", "client_name", "client_id"),
    folded=frozenset({"description", "user_name", "client_name"}),
)
_DEFAULT, _MOST = 50, 100
Log = dict[str, Any]


def _list(call: Call) -> Any:
    logs = list(logs_of(call.tenant))
    if not CHECKPOINT.isdisjoint(call.query):
        return _after_checkpoint(call, logs)
    with call.tenant.trace.check("q", sent=call.query.get("q")):
        if call.query.get("q", "").strip():
            matches = compile_query(call.query["q"], _SEARCHABLE).matches
            logs = [one for one in logs if matches(_values(one))]
    return _page(call, _LOGS, logs)


def _of_user(call: Call) -> Any:
    user = find_user(call.tenant, call.id)
    logs = [one for one in logs_of(call.tenant) if one["user_id"] == user.user_id]
    return _page(call, _LOGS_OF_USER, logs)


def _get(call: Call) -> Any:
    found = next((one for one in logs_of(call.tenant) if one["log_id"] == call.id), None)
    with call.tenant.trace.check("log", id=call.id, found=found is not None):
        if found is None:
            raise not_found(
                "The log does not exist",
                code="inexistent_log",
                hint=f"No log has the id {call.id[:60]!r}. The journal keeps the last exchanges.",
            )
    return select_fields(call.query, found)


def _page(call: Call, shape: ListShape, logs: Sequence[Log]) -> Any:
    """Return a page of logs, by default the newest first. Logs of one moment keep their order."""
    is_ascending = call.query.get("sort", "").endswith(":1")
    held = logs if is_ascending else logs[::-1]
    order = read_order(call, dict.get)
    return shape.page(call, Selection(lambda: held, order), lambda one: one)


def _after_checkpoint(call: Call, logs: Sequence[Log]) -> Linked:
    query = call.query
    with call.tenant.trace.check("page", after=query.get("from"), take=query.get("take")):
        take = read_number(query, "take", _DEFAULT, _MOST, least=1)
        after = number_in(query["from"]) if "from" in query else 0
        if after is None:
            raise invalid_query(
                "Invalid from", at="from", hint="Send the `log_id` of a log as `from`."
            )
    numbers = {number_in(one["log_id"]) or 0: one for one in logs}
    page = [one for number, one in numbers.items() if number > after][:take]
    last = page[-1]["log_id"] if page else query.get("from")
    following = {**({"from": last} if last else {}), "take": take}
    return Linked(
        body=[select_fields(query, one) for one in page],
        url=f"{call.url}/api/v2/logs?{urlencode(following)}",
    )


def _values(log: Log) -> Values:
    def values(path: str) -> Iterable[Any]:
        found = look_up(log, path)
        return () if found is None else (found,)

    return values


OPERATIONS = (
    Operation(
        title="Search log events", method="GET", path="/logs", scopes=_READ, handler=_list,
        query=OFFSET | CHECKPOINT | FIELDS | {"q", "sort"},
    ),
    Operation(
        title="Get a log event by id", method="GET", path="/logs/{id}", scopes=_READ, handler=_get,
        query=FIELDS,
    ),
    Operation(
        title="Get user's log events", method="GET", path="/users/{id}/logs", scopes=_READ,
        handler=_of_user, query=_LOGS.parameters | {"sort"},
    ),
)  # fmt: skip
