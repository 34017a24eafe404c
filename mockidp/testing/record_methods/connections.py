"""The test methods for connections.

Written by scripts/generate_methods.py from the registry: change that, not this file.
"""

from __future__ import annotations

from typing import Unpack

from mockidp.resources.connection import CONNECTION, Connection
from mockidp.testing.record_fields.connections import ConnectionFields
from mockidp.testing.record_methods.base import RecordMethodsBase


class ConnectionMethods(RecordMethodsBase):
    """Add, get, list, patch and remove connections."""

    def add_connection(self, name: str, /, **fields: Unpack[ConnectionFields]) -> Connection:
        """Add a connection, or replace the one with the same key.

        Args:
            name: Its name, which users and requests refer to.
            **fields: Auth0's fields of a connection.

        Raises:
            MockIdPError: A field is unknown, or a value is not valid.
        """
        return self._add_record(CONNECTION, name, fields)

    def get_connection(self, name: str, /) -> Connection:
        """Return a connection.

        Args:
            name: Its name, which users and requests refer to.

        Raises:
            MockIdPError: There is no such connection.
        """
        return self._get_record(CONNECTION, name)

    def list_connections(self) -> list[Connection]:
        """Return all connections."""
        return self._list_records(CONNECTION)

    def patch_connection(self, name: str, /, **fields: Unpack[ConnectionFields]) -> Connection:
        """Change some fields of a connection, and keep the others.

        Args:
            name: Its name, which users and requests refer to.
            **fields: The fields to change. A list replaces the list.

        Raises:
            MockIdPError: There is no such connection, a field is unknown, or a value is not valid.
        """
        return self._patch_record(CONNECTION, name, fields)

    def remove_connection(self, name: str, /) -> None:
        """Remove a connection and what refers to it, as Auth0 does.

        Args:
            name: Its name, which users and requests refer to.

        Raises:
            MockIdPError: There is no such connection, or a setting of the tenant refers to it.
        """
        self._remove_record(CONNECTION, name)
