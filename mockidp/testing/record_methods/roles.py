"""The test methods for roles.

Written by scripts/generate_methods.py from the registry: change that, not this file.
"""

from __future__ import annotations

from typing import Unpack

from mockidp.resources.role import ROLE, Role
from mockidp.testing.record_fields.roles import RoleFields
from mockidp.testing.record_methods.base import RecordMethodsBase


class RoleMethods(RecordMethodsBase):
    """Add, get, list, patch and remove roles."""

    def add_role(self, name: str, /, **fields: Unpack[RoleFields]) -> Role:
        """Add a role, or replace the one with the same key.

        Args:
            name: Its name, which users refer to.
            **fields: Auth0's fields of a role.

        Raises:
            MockIdPError: A field is unknown, or a value is not valid.
        """
        return self._add_record(ROLE, name, fields)

    def get_role(self, name: str, /) -> Role:
        """Return a role.

        Args:
            name: Its name, which users refer to.

        Raises:
            MockIdPError: There is no such role.
        """
        return self._get_record(ROLE, name)

    def list_roles(self) -> list[Role]:
        """Return all roles."""
        return self._list_records(ROLE)

    def patch_role(self, name: str, /, **fields: Unpack[RoleFields]) -> Role:
        """Change some fields of a role, and keep the others.

        Args:
            name: Its name, which users refer to.
            **fields: The fields to change. A list replaces the list.

        Raises:
            MockIdPError: There is no such role, a field is unknown, or a value is not valid.
        """
        return self._patch_record(ROLE, name, fields)

    def remove_role(self, name: str, /) -> None:
        """Remove a role and what refers to it, as Auth0 does.

        Args:
            name: Its name, which users refer to.

        Raises:
            MockIdPError: There is no such role, or a setting of the tenant refers to it.
        """
        self._remove_record(ROLE, name)
