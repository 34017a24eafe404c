"""The test methods for clients.

Written by scripts/generate_methods.py from the registry: change that, not this file.
"""

from __future__ import annotations

from typing import Unpack

from mockidp.resources.client import CLIENT, Client
from mockidp.testing.record_fields.clients import ClientFields
from mockidp.testing.record_methods.base import RecordMethodsBase


class ClientMethods(RecordMethodsBase):
    """Add, get, list, patch and remove clients."""

    def add_client(self, client_id: str, /, **fields: Unpack[ClientFields]) -> Client:
        """Add a client, or replace the one with the same key.

        Args:
            client_id: Its id, which requests send.
            **fields: Auth0's fields of a client. The secret of a confidential client is by default
                its id and `-secret`.

        Raises:
            MockIdPError: A field is unknown, or a value is not valid.
        """
        return self._add_record(CLIENT, client_id, fields)

    def get_client(self, client_id: str, /) -> Client:
        """Return a client.

        Args:
            client_id: Its id, which requests send.

        Raises:
            MockIdPError: There is no such client.
        """
        return self._get_record(CLIENT, client_id)

    def list_clients(self) -> list[Client]:
        """Return all clients."""
        return self._list_records(CLIENT)

    def patch_client(self, client_id: str, /, **fields: Unpack[ClientFields]) -> Client:
        """Change some fields of a client, and keep the others.

        Args:
            client_id: Its id, which requests send.
            **fields: The fields to change. A list replaces the list.

        Raises:
            MockIdPError: There is no such client, a field is unknown, or a value is not valid.
        """
        return self._patch_record(CLIENT, client_id, fields)

    def remove_client(self, client_id: str, /) -> None:
        """Remove a client and what refers to it, as Auth0 does.

        Args:
            client_id: Its id, which requests send.

        Raises:
            MockIdPError: There is no such client, or a setting of the tenant refers to it.
        """
        self._remove_record(CLIENT, client_id)
