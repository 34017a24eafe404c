"""The users of an enterprise connection, by their ids at its identity provider."""

from __future__ import annotations

from mockidp.resources.connection import Connection
from mockidp.resources.strategies import user_id_prefix
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant


def find_user_of_provider(tenant: Tenant, connection: Connection, subject: str) -> User | None:
    """Return the user of a connection who has a subject at its identity provider."""
    prefix = user_id_prefix(connection.strategy, connection.name)
    user = tenant.directory.user(prefix + subject) or tenant.directory.user_named(subject)
    return user if user is not None and user.connection == connection.name else None


def why_no_user(connection: Connection) -> str:
    """Explain why a subject leads to no user."""
    prefix = user_id_prefix(connection.strategy, connection.name)
    return (
        f"No user of connection {connection.name} has this `sub`. It is the last part of an id "
        f"such as {prefix}SUB."
    )
