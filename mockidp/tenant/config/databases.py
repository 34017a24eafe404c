"""The connection of users that do not name one: the one in their id, or the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mockidp.codec.node import Node
from mockidp.codec.report import Report
from mockidp.resources.connection import DEFAULT_CONNECTION, default_database
from mockidp.resources.strategies import DATABASE_STRATEGY, user_id_prefix
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
    """Set the connection of each user without one. If it is ambiguous, report a mistake.

    The id of a social or enterprise user names the strategy, such as `google-oauth2|1`.
    """
    place = Place(root, ())
    database = tenant.default_database() if tenant else database_of_users(place)
    names = tenant.databases() if tenant else connection_names(place)[0]
    federated = _prefixes(tenant, place)
    for user in place.items("users"):
        given, entries = user.get("connection"), user.node.value
        if not isinstance(entries, dict) or (given and given.node.value is not None):
            continue
        named = _connection_in(user.text_of("user_id"), federated) or database
        if named is not None:
            if named != DEFAULT_CONNECTION:
                entries["connection"] = Node(user.node.line, named)
            continue
        report.refuse(
            user.node.line,
            (*user.path, "connection"),
            found="nothing",
            expected="one of the databases " + ", ".join(names),
        )


def _prefixes(tenant: Directory | None, root: Place) -> Mapping[str, str]:
    """Return the connections with identity providers, by what the ids of their users begin with.

    If several begin with the same text, the first one counts.
    """
    if tenant is not None:
        pairs = [(one.strategy, one.name) for one in tenant.connections.values()]
    else:
        pairs = [(one.text_of("strategy"), one.text_of("name")) for one in _connections(root)]
    found: dict[str, str] = {}
    for strategy, name in pairs:
        if strategy and strategy != DATABASE_STRATEGY:
            found.setdefault(user_id_prefix(strategy, name), name)
    return found


def _connection_in(user_id: str, prefixes: Mapping[str, str]) -> str | None:
    found = (name for prefix, name in prefixes.items() if user_id.startswith(prefix))
    return next(found, None)


def _connections(root: Place) -> Iterator[Place]:
    for section in SECTIONS:
        yield from root.items(section)
