"""Add hints about fields that Auth0 acts on and mockidp does not.

Until a reset, each field of each record is named once, with an answer that is not a refusal.
"""

from __future__ import annotations

from mockidp.resources.record import Record
from mockidp.tenant.tenant import Tenant


def advise_unsupported(tenant: Tenant) -> None:
    """Add hints about the client, API, user and connection of the exchange."""
    notes, directory = tenant.trace.notes, tenant.directory
    client = notes.get("client")
    if not client:
        return
    _advise_on(tenant, "client", client, directory.clients.get(client))
    api = notes.get("audience")
    if api:
        _advise_on(tenant, "API", api, directory.apis.get(api))
    user = directory.users.get(notes.get("user") or "")
    if user is not None:
        _advise_on(tenant, "user", user.user_id, user)
        _advise_on(tenant, "connection", user.connection, directory.connection(user.connection))
    settings = directory.configuration.differs
    names = [path for path, _ in settings if "[]" not in path] if settings else ()
    if names and tenant.unsupported_seen.first_time("tenant"):
        tenant.trace.advise(
            "These tenant settings are not supported, although Auth0 acts on them: "
            f"{', '.join(names)}. Run `mockidp check` to see the differences."
        )


def _advise_on(tenant: Tenant, kind: str, key: str, record: Record | None) -> None:
    for name, text in tenant.directory.differences_of(record) if record else ():
        if tenant.unsupported_seen.first_time(label := f"{kind} {key}", name):
            tenant.trace.advise(f"Field `{name}` of {label} is not supported: {text}.")
