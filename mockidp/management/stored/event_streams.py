"""Event streams. They are stored, and mockidp sends no events to them.

Source: docs/fidelity.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from mockidp.frozen import replace
from mockidp.management.collection import Texts
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call
from mockidp.management.refusals import invalid_path
from mockidp.management.stored.actions.actions import ACTIONS
from mockidp.management.stored.collection import Stored, StoredList, with_prefix
from mockidp.management.stored.values import with_ids

_ID = re.compile(r"est_[A-Za-z0-9]{22}")
_WEBHOOK = "destination.configuration.webhook_authorization"
_SECRETS = tuple(f"{_WEBHOOK}.{name}" for name in ("token", "password", "header_value"))


def _show(call: Call, stream: Stored) -> Any:
    """Return a stream. A file of the Deploy CLI has the name of an Action as `action_id`."""
    return with_ids(stream, "action_id", ACTIONS.ids(call))


EVENT_STREAMS = StoredList(
    section="eventStreams",
    path="/event-streams",
    noun="event_streams",
    texts=Texts(
        title="event stream",
        missing="The requested stream does not exist.",
        exists="An event stream with the same name already exists.",
    ),
    shape=ListShape(key="eventStreams", has_checkpoints=True, is_object=True),
    make_id=with_prefix("est_", 22),
    order=("id", "name", "subscriptions", "destination", "status", "created_at", "updated_at"),
    required=("destination",),
    types={"name": "string", "subscriptions": "array", "destination": "object", "status": "string"},
    defaults=lambda _call: {"subscriptions": [], "status": "enabled"},
    has_timestamps=True,
    secrets=_SECRETS,
    write_only=_SECRETS,
    show=_show,
    is_deleted_silently=True,
)


def _with_id(handler: Callable[[Call], Any]) -> Callable[[Call], Any]:
    """Return a handler that refuses ids of another form."""

    def check_and_handle(call: Call) -> Any:
        with call.tenant.trace.check("id", sent=call.id):
            if not _ID.fullmatch(call.id):
                raise invalid_path(
                    f"Object didn't pass validation for format event-stream-id: {call.id}",
                    at="id",
                    hint="The id of an event stream is `est_` and 22 letters and digits.",
                )
        return handler(call)

    return check_and_handle


OPERATIONS = tuple(
    replace(one, handler=_with_id(one.handler)) if "{id}" in one.path else one
    for one in EVENT_STREAMS.operations()
)
