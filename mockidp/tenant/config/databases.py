"""The database connection of users that do not name one."""

from __future__ import annotations

from collections.abc import Iterator

from mockidp.codec.node import Node
from mockidp.codec.report import Report
from mockidp.resources.connection import DATABASE_STRATEGY, default_database
from mockidp.tenant.config.place import Place
from mockidp.tenant.directory import Directory

SECTIONS = ("databases", "connections")


def connection_names(root: Place) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the file's databases and of its other connections."""
    databases: list[str] = []
    others: list[str] = []
    for connection in _connections(root):
        strategy = connection.text_of("strategy") or DATABASE_STRATEGY
        names = databases if strategy == DATABASE_STRATEGY else others
        names.append(connection.text_of("name"))
    return tuple(databases), tuple(others)


def database_of_users(root: Place) -> str | None:
    """Return the database that users belong to by default; None if it is ambiguous."""
    tenant = root.get("tenant")
    databases, others = connection_names(root)
    return default_database(
        databases, others, tenant.text_of("default_directory") if tenant else None
    )


def complete_users(root: Node, report: Report, tenant: Directory | None = None) -> None:
    """Set the connection of each user without one. If it is ambiguous, report a mistake."""
    place = Place(root, ())
    database = tenant.default_database() if tenant else database_of_users(place)
    names = tenant.databases() if tenant else connection_names(place)[0]
    for user in place.items("users"):
        given, entries = user.get("connection"), user.node.value
        if not isinstance(entries, dict) or (given and given.node.value is not None):
            continue
        if database is not None:
            entries["connection"] = Node(user.node.line, database)
            continue
        report.refuse(
            user.node.line,
            (*user.path, "connection"),
            found="nothing",
            expected="one of the databases " + ", ".join(names),
        )


def _connections(root: Place) -> Iterator[Place]:
    for section in SECTIONS:
        yield from root.items(section)
