"""Add hints about fields that Auth0 acts on and mockidp does not.

Until a reset, each field of each record is named once, with an answer that is not a refusal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockidp.resources.record import Record
from mockidp.tenant.tenant import Tenant


def advise_unsupported(tenant: Tenant) -> None:
    """Add hints about the client, API, user and connection of the exchange."""
    notes = tenant.trace.notes
    if not notes.get("client"):
        return
    for label, record in _records_in_use(tenant, notes):
        for name, text in tenant.directory.differences_of(record):
            if tenant.unsupported_seen.first_time(label, name):
                tenant.trace.advise(f"Field `{name}` of {label} is not supported: {text}.")
    names = [path for path, _ in tenant.directory.configuration.differs if "[]" not in path]
    if names and tenant.unsupported_seen.first_time("tenant"):
        tenant.trace.advise(
            "These tenant settings are not supported, although Auth0 acts on them: "
            f"{', '.join(names)}. Run `mockidp check` to see the differences."
        )


def _records_in_use(tenant: Tenant, notes: dict[str, Any]) -> Iterator[tuple[str, Record]]:
    directory = tenant.directory
    user = directory.users.get(notes.get("user") or "")
    found = {
        "client": directory.clients.get(notes["client"]),
        "API": directory.apis.get(notes.get("audience") or ""),
        "user": user,
        "connection": directory.connection(user.connection) if user else None,
    }
    ids = {"client": "client_id", "API": "identifier", "user": "user_id", "connection": "name"}
    for kind, record in found.items():
        if record is not None:
            yield f"{kind} {getattr(record, ids[kind])}", record
