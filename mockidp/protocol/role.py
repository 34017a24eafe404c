"""What a user may do at an API: Auth0's `role` and permission shapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mockidp.protocol.record import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class Permission(Record):
    """A scope of an API, granted to a role or a user."""

    permission_name: str
    resource_server_identifier: str

    COSMETIC: ClassVar[frozenset[str]] = frozenset(
        {"description", "resource_server_name", "sources"}
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Role(Record):
    """A named set of permissions."""

    name: str
    id: str = ""
    description: str = ""
    permissions: tuple[Permission, ...] = ()

    COSMETIC: ClassVar[frozenset[str]] = frozenset({"owner_id", "type"})
