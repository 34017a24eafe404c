"""What sessions, refresh tokens and grants have in common: times, metadata, filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.management.body import check_keys
from mockidp.management.operation import Call
from mockidp.management.refusals import invalid_body
from mockidp.storage.store import Entry, Store
from mockidp.tenant.state.stores import CLIENT, USER
from mockidp.tenant.timestamps import timestamp

_LAST_YEAR = 253402300799
_MAX_LENGTH, _MAX_COUNT = 255, 25


def shown_time(seconds: float) -> str | None:
    """Return a time as text; None for the end of what does not expire."""
    return timestamp(seconds) if 0 <= seconds <= _LAST_YEAR else None


def check_metadata(call: Call, name: str) -> Mapping[str, str]:
    """Return the metadata in a body, which replaces what was stored. Null means none.

    Raises:
        ApiRefusal: It is missing, too long, or no object of strings.
    """
    check_keys(call, {name})
    sent = call.body.get(name)
    with call.tenant.trace.check(name):
        if sent is not None and not _is_metadata(sent):
            raise invalid_body(
                "Expected type object of strings",
                at=name,
                hint=f"Send `{name}` as an object of at most {_MAX_COUNT} strings of up to "
                f"{_MAX_LENGTH} characters, or null.",
            )
    return sent or {}


def _is_metadata(sent: Any) -> bool:
    return (
        isinstance(sent, dict)
        and len(sent) <= _MAX_COUNT
        and all(isinstance(one, str) and len(one) <= _MAX_LENGTH for one in sent.values())
    )


def entries_of(call: Call, store: Store[Any]) -> list[tuple[str, Entry[Any]]]:
    """Return the entries of a user, of a client or all, as the query selects them."""
    user_id, client_id = call.query.get("user_id"), call.query.get("client_id")
    if user_id is not None:
        found = store.scan(USER, user_id)
    else:
        found = store.scan() if client_id is None else store.scan(CLIENT, client_id)
    now = call.tenant.now()
    return [
        (key, entry)
        for key, entry in found
        if entry.is_good(now) and client_id in (None, entry.value.client_id)
    ]
