"""The test methods for client grants.

Written by scripts/generate_methods.py from the registry: change that, not this file.
"""

from __future__ import annotations

from typing import Unpack

from mockidp.resources.client_grant import CLIENT_GRANT, ClientGrant
from mockidp.testing.record_fields.client_grants import ClientGrantFields
from mockidp.testing.record_methods.base import RecordMethodsBase


class ClientGrantMethods(RecordMethodsBase):
    """Add, get, list, patch and remove client grants."""

    def add_client_grant(self, **fields: Unpack[ClientGrantFields]) -> ClientGrant:
        """Add a client grant, or replace the one for the same client and API.

        Args:
            **fields: Auth0's fields of a client grant.

        Raises:
            MockIdPError: A field is unknown, or a value is not valid.
        """
        return self._add_record(CLIENT_GRANT, None, fields)

    def get_client_grant(self, client_grant_id: str, /) -> ClientGrant:
        """Return a client grant.

        Args:
            client_grant_id: Its id, which begins with `cgr_`.

        Raises:
            MockIdPError: There is no such client grant.
        """
        return self._get_record(CLIENT_GRANT, client_grant_id)

    def list_client_grants(self) -> list[ClientGrant]:
        """Return all client grants."""
        return self._list_records(CLIENT_GRANT)

    def patch_client_grant(
        self, client_grant_id: str, /, **fields: Unpack[ClientGrantFields]
    ) -> ClientGrant:
        """Change some fields of a client grant, and keep the others.

        Args:
            client_grant_id: Its id, which begins with `cgr_`.
            **fields: The fields to change. A list replaces the list.

        Raises:
            MockIdPError: There is no such client grant, a field is unknown, or a value is not
                valid.
        """
        return self._patch_record(CLIENT_GRANT, client_grant_id, fields)

    def remove_client_grant(self, client_grant_id: str, /) -> None:
        """Remove a client grant and what refers to it, as Auth0 does.

        Args:
            client_grant_id: Its id, which begins with `cgr_`.

        Raises:
            MockIdPError: There is no such client grant, or a setting of the tenant refers to it.
        """
        self._remove_record(CLIENT_GRANT, client_grant_id)
