"""The test methods for APIs.

Written by scripts/generate_methods.py from the registry: change that, not this file.
"""

from __future__ import annotations

from typing import Unpack

from mockidp.resources.resource_server import API, ResourceServer
from mockidp.testing.record_fields.apis import ResourceServerFields
from mockidp.testing.record_methods.base import RecordMethodsBase


class ApiMethods(RecordMethodsBase):
    """Add, get, list, patch and remove APIs."""

    def add_api(self, identifier: str, /, **fields: Unpack[ResourceServerFields]) -> ResourceServer:
        """Add an API, or replace the one with the same key.

        Args:
            identifier: The audience that requests name to get a token for this API.
            **fields: Auth0's fields of an API. A scope may be given by its value only.

        Raises:
            MockIdPError: A field is unknown, or a value is not valid.
        """
        return self._add_record(API, identifier, fields)

    def get_api(self, identifier: str, /) -> ResourceServer:
        """Return an API.

        Args:
            identifier: The audience that requests name to get a token for this API.

        Raises:
            MockIdPError: There is no such API.
        """
        return self._get_record(API, identifier)

    def list_apis(self) -> list[ResourceServer]:
        """Return all APIs."""
        return self._list_records(API)

    def patch_api(
        self, identifier: str, /, **fields: Unpack[ResourceServerFields]
    ) -> ResourceServer:
        """Change some fields of an API, and keep the others.

        Args:
            identifier: The audience that requests name to get a token for this API.
            **fields: The fields to change. A list replaces the list.

        Raises:
            MockIdPError: There is no such API, a field is unknown, or a value is not valid.
        """
        return self._patch_record(API, identifier, fields)

    def remove_api(self, identifier: str, /) -> None:
        """Remove an API and what refers to it, as Auth0 does.

        Args:
            identifier: The audience that requests name to get a token for this API.

        Raises:
            MockIdPError: There is no such API, or a setting of the tenant refers to it.
        """
        self._remove_record(API, identifier)
