"""A log event as JSON, from an exchange of the journal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from mockidp.management.logs.log_types import (
    DESCRIPTIONS,
    MANAGEMENT,
    OPERATION,
    READ,
    UNKNOWN_USER,
    WRITTEN,
    WRONG_PASSWORD,
    type_of,
)
from mockidp.resources.connection import Connection
from mockidp.resources.strategies import (
    DATABASE_STRATEGY,
    ENTERPRISE_STRATEGIES,
    PASSWORDLESS_STRATEGIES,
)
from mockidp.resources.user import User
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.timestamps import timestamp

_ID = re.compile(r"900\d{17}(\d{36})")


def logs_of(tenant: Tenant) -> Iterator[dict[str, Any]]:
    """Yield the log events of a tenant, the oldest first."""
    for entry in tenant.journal:
        if name := type_of(entry):
            yield _record(tenant, entry, name)


def number_in(log_id: str) -> int | None:
    """Return the number of the exchange that an id stands for, or None if it is no such id."""
    found = _ID.fullmatch(log_id) if log_id.isascii() else None
    return int(found[1]) if found else None


def _log_id(entry: JournalEntry) -> str:
    at = datetime.fromtimestamp(entry.at, UTC)
    return f"900{at:%Y%m%d%H%M%S}{at.microsecond // 1000:03d}{entry.number:036d}"


def _record(tenant: Tenant, entry: JournalEntry, name: str) -> dict[str, Any]:
    directory = tenant.directory
    user = _user(tenant, entry)
    if name == WRONG_PASSWORD and user is None:
        name = UNKNOWN_USER
    client = directory.client(entry.client) if entry.client else None
    connection = directory.connection(user.connection) if user else None
    organization_id = entry.notes.get("organization")
    organization = directory.organization(organization_id) if organization_id else None
    log_id = _log_id(entry)
    return {
        "_id": log_id,
        "log_id": log_id,
        "date": timestamp(entry.at),
        "type": name,
        "description": _description(entry, name),
        "connection": user.connection if user else "",
        "connection_id": connection.id if connection else "",
        "organization_id": organization_id,
        "organization_name": organization.name if organization else None,
        "client_id": entry.client,
        "client_name": client.name if client else "",
        "ip": "",
        "hostname": urlsplit(entry.url).hostname or "",
        **_details(entry, name),
        "user_id": user.user_id if user else entry.user or "",
        "user_name": _user_name(entry, user),
        "user_agent": "",
        "audience": entry.audience,
        **_strategy(connection),
        "isMobile": False,
    }


def _user(tenant: Tenant, entry: JournalEntry) -> User | None:
    """Return the user of an exchange, or the one whose password was wrong."""
    if entry.user:
        return tenant.directory.user(entry.user)
    failed = entry.failed
    if failed is None or failed.name != "password":
        return None
    name, connections = failed.compared.get("username"), failed.compared.get("connections")
    return tenant.directory.find_user(name, connections) if name and connections else None


def _user_name(entry: JournalEntry, user: User | None) -> str:
    if user is not None:
        return user.email or user.username or user.user_id
    return str(entry.parameters.get("username") or entry.parameters.get("email") or "")


def _description(entry: JournalEntry, name: str) -> str | None:
    if entry.description is not None and entry.endpoint != MANAGEMENT:
        return entry.description
    return entry.notes.get(OPERATION) or DESCRIPTIONS.get(name)


def _details(entry: JournalEntry, name: str) -> Mapping[str, Any]:
    if entry.endpoint != MANAGEMENT:
        facts = {"error": {"message": entry.description, "oauthError": entry.error}}
        return {"details": facts} if entry.error else {}
    sent = dict(entry.parameters)
    is_read = entry.method in ("GET", "HEAD")
    request = {
        "auth": {"credentials": {}, "user": {"user_id": entry.user} if entry.user else {}},
        "body": {} if is_read else sent,
        "channel": "api",
        "ip": "",
        "method": entry.method.lower(),
        "path": urlsplit(entry.url).path,
        "query": sent if is_read else {},
        "userAgent": "",
    }
    shown = {} if name in (READ, WRITTEN) else {"message": entry.description}
    return {
        "details": {"request": request, "response": {"body": shown, "statusCode": entry.status}}
    }


def _strategy(connection: Connection | None) -> Mapping[str, str]:
    if connection is None:
        return {"strategy": "", "strategy_type": ""}
    strategy = connection.strategy
    kinds = (
        ("database", {DATABASE_STRATEGY}),
        ("passwordless", PASSWORDLESS_STRATEGIES),
        ("enterprise", ENTERPRISE_STRATEGIES),
    )
    kind = next((name for name, members in kinds if strategy in members), "social")
    return {"strategy": strategy, "strategy_type": kind}
