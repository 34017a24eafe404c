"""Add hints about fields that Auth0 acts on and mockidp does not.

Until a reset, each field of each record is named once, with an answer that is not a refusal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mockidp.resources.record import Record
from mockidp.tenant.directory import Directory
from mockidp.tenant.tenant import Tenant


def advise_unsupported(tenant: Tenant) -> None:
    """Add hints about the client, API, user and connection of the exchange."""
    notes = tenant.trace.notes
    if not notes.get("client"):
        return
    for kind, key, record in _records_in_use(tenant.directory, notes):
        for name, text in tenant.directory.differences_of(record) if record else ():
            if tenant.unsupported_seen.first_time(label := f"{kind} {key}", name):
                tenant.trace.advise(f"Field `{name}` of {label} is not supported: {text}.")
    names = [path for path, _ in tenant.directory.configuration.differs if "[]" not in path]
    if names and tenant.unsupported_seen.first_time("tenant"):
        tenant.trace.advise(
            "These tenant settings are not supported, although Auth0 acts on them: "
            f"{', '.join(names)}. Run `mockidp check` to see the differences."
        )


def _records_in_use(
    directory: Directory, notes: Mapping[str, Any]
) -> Iterable[tuple[str, str, Record | None]]:
    """Return the records of the exchange, each with its kind and key."""
    client, api, user_id = notes["client"], notes.get("audience") or "", notes.get("user") or ""
    user = directory.users.get(user_id)
    connection = user.connection if user else ""
    return (
        ("client", client, directory.clients.get(client)),
        ("API", api, directory.apis.get(api)),
        ("user", user_id, user),
        ("connection", connection, directory.connection(connection) if user else None),
    )
