"""The fields of roles, as keyword arguments.

Written by scripts/generate_methods.py from the registry: change that, not this file.
"""

from __future__ import annotations

from typing import Required, TypedDict


class PermissionFields(TypedDict, total=False):
    """A scope of an API, granted to a role or a user."""

    permission_name: Required[str]
    resource_server_identifier: Required[str]


class RoleFields(TypedDict, total=False):
    """A named set of permissions."""

    id: str
    description: str
    permissions: list[PermissionFields] | tuple[PermissionFields, ...]
