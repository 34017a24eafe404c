"""The test methods for organizations.

Written by scripts/generate_methods.py from the registry: change that, not this file.
"""

from __future__ import annotations

from typing import Unpack

from mockidp.resources.organization import ORGANIZATION, Organization
from mockidp.testing.record_fields.organizations import OrganizationFields
from mockidp.testing.record_methods.base import RecordMethodsBase


class OrganizationMethods(RecordMethodsBase):
    """Add, get, list, patch and remove organizations."""

    def add_organization(self, name: str, /, **fields: Unpack[OrganizationFields]) -> Organization:
        """Add an organization, or replace the one with the same key.

        Args:
            name: Its name: at most 50 lower-case letters, digits, `-` and `_`.
            **fields: Auth0's fields of an organization.

        Raises:
            MockIdPError: A field is unknown, or a value is not valid.
        """
        return self._add_record(ORGANIZATION, name, fields)

    def get_organization(self, name: str, /) -> Organization:
        """Return an organization.

        Args:
            name: Its name: at most 50 lower-case letters, digits, `-` and `_`.

        Raises:
            MockIdPError: There is no such organization.
        """
        return self._get_record(ORGANIZATION, name)

    def list_organizations(self) -> list[Organization]:
        """Return all organizations."""
        return self._list_records(ORGANIZATION)

    def patch_organization(
        self, name: str, /, **fields: Unpack[OrganizationFields]
    ) -> Organization:
        """Change some fields of an organization, and keep the others.

        Args:
            name: Its name: at most 50 lower-case letters, digits, `-` and `_`.
            **fields: The fields to change. A list replaces the list.

        Raises:
            MockIdPError: There is no such organization, a field is unknown, or a value is not
                valid.
        """
        return self._patch_record(ORGANIZATION, name, fields)

    def remove_organization(self, name: str, /) -> None:
        """Remove an organization and what refers to it, as Auth0 does.

        Args:
            name: Its name: at most 50 lower-case letters, digits, `-` and `_`.

        Raises:
            MockIdPError: There is no such organization, or a setting of the tenant refers to it.
        """
        self._remove_record(ORGANIZATION, name)
