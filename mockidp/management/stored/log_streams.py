"""Log streams. They are stored, and mockidp sends no events to them.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from http import HTTPStatus

from mockidp.management.collection import Texts
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call
from mockidp.management.stored.collection import Stored, StoredList, with_prefix

_ORDER = ("id", "name", "type", "status", "sink", "filters", "isPriority", "pii_config")


def _defaults(_call: Call) -> Stored:
    return {"status": "active", "filters": [], "isPriority": False}


LOG_STREAMS = StoredList(
    section="logStreams",
    path="/log-streams",
    noun="log_streams",
    texts=Texts(
        title="log stream",
        missing="The log stream does not exist.",
        exists="A log stream with the same name already exists.",
    ),
    shape=ListShape(key="log_streams"),
    make_id=with_prefix("lst_"),
    order=_ORDER,
    required=("type", "sink"),
    types={
        "name": "string", "type": "string", "sink": "object", "filters": "array",
        "isPriority": "boolean",
    },
    read_only=frozenset({"id"}),
    fixed=frozenset({"type"}),
    defaults=_defaults,
    merged=frozenset({"sink"}),
    created=HTTPStatus.OK,
    is_deleted_silently=True,
)  # fmt: skip
OPERATIONS = tuple(LOG_STREAMS.operations())
