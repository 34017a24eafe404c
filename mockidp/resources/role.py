"""Sets of permissions at APIs: Auth0's `role` resource."""

from __future__ import annotations

from typing import ClassVar

from mockidp.frozen import frozen
from mockidp.resources.checks import check_not_empty
from mockidp.resources.record import Record
from mockidp.resources.resource_type import Reference, ResourceType, Summary


@frozen
class Permission(Record):
    """A scope of an API, granted to a role or a user."""

    permission_name: str
    """A scope of the API."""
    resource_server_identifier: str
    """The API's identifier."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset(
        {"description", "resource_server_name", "sources"}
    )


@frozen
class Role(Record):
    """A named set of permissions."""

    name: str
    """Its name, which users refer to."""
    id: str = ""
    """Its id. No answer depends on it."""
    description: str = ""
    """Its description. No answer depends on it."""
    permissions: tuple[Permission, ...] = ()
    """What its users may do."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset({"owner_id", "type"})


def _summary(role: Role) -> Summary:
    return {"name": role.name, "permissions": tuple(p.permission_name for p in role.permissions)}


ROLE = ResourceType(
    name="role",
    title="role",
    plural="roles",
    record=Role,
    key="name",
    sections={"roles": "Roles, which give users permissions."},
    id_prefix="rol_",
    unique=("name",),
    references=(
        Reference(
            path="permissions.resource_server_identifier",
            to="apis",
            expected="an API's identifier",
            scopes="permission_name",
        ),
    ),
    summary=_summary,
    checks={(Role, "name"): check_not_empty},
)
