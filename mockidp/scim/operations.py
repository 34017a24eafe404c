"""All operations of the SCIM endpoint of a connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockidp.frozen import frozen
from mockidp.scim.call import ScimCall
from mockidp.scim.groups import (
    EXCLUDED,
    create_group,
    delete_group,
    get_group,
    list_groups,
    patch_group,
    replace_group,
)
from mockidp.scim.listing import ENTRA, PARAMETERS
from mockidp.scim.users import (
    create_user,
    delete_user,
    get_user,
    list_users,
    patch_user,
    replace_user,
)


@frozen
class ScimOperation:
    """One operation. Its scope is that of the method: `get:users`, `post:groups`, ..."""

    title: str
    method: str
    path: str
    """The path below that of the connection."""
    handler: Callable[[ScimCall], Any]
    """Returns the JSON of the answer; None for an empty one."""
    query: frozenset[str] = ENTRA
    """The query parameters that have an effect."""
    status: int = 200

    @property
    def scope(self) -> str:
        """The scope that a token needs."""
        return f"{self.method.lower()}:{self.path.split('/')[1].lower()}"


_USERS, _USER = "/Users", "/Users/{id}"
_GROUPS, _GROUP = "/Groups", "/Groups/{id}"
OPERATIONS = (
    ScimOperation(
        title="Search users", method="GET", path=_USERS, handler=list_users, query=PARAMETERS
    ),
    ScimOperation(
        title="Create a user", method="POST", path=_USERS, handler=create_user, status=201
    ),
    ScimOperation(title="Get a user", method="GET", path=_USER, handler=get_user),
    ScimOperation(title="Replace a user", method="PUT", path=_USER, handler=replace_user),
    ScimOperation(title="Update a user", method="PATCH", path=_USER, handler=patch_user),
    ScimOperation(title="Delete a user", method="DELETE", path=_USER, handler=delete_user),
    ScimOperation(
        title="Search groups", method="GET", path=_GROUPS, handler=list_groups,
        query=PARAMETERS | EXCLUDED,
    ),
    ScimOperation(
        title="Create a group", method="POST", path=_GROUPS, handler=create_group, status=201,
        query=ENTRA | EXCLUDED,
    ),
    ScimOperation(
        title="Get a group", method="GET", path=_GROUP, handler=get_group, query=ENTRA | EXCLUDED
    ),
    ScimOperation(
        title="Replace a group", method="PUT", path=_GROUP, handler=replace_group,
        query=ENTRA | EXCLUDED,
    ),
    ScimOperation(
        title="Update a group", method="PATCH", path=_GROUP, handler=patch_group,
        query=ENTRA | EXCLUDED,
    ),
    ScimOperation(title="Delete a group", method="DELETE", path=_GROUP, handler=delete_group),
)  # fmt: skip
