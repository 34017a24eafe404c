"""A group that a company's directory provisions. The key of its store is the group's id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from mockidp.frozen import frozen, replace

MAX_NAME, MAX_EXTERNAL_ID = 128, 256


@frozen
class ScimGroup:
    """A group of users of one connection.

    Attributes:
        id: Its id.
        connection_id: The connection.
        name: Its name, unique within the connection.
        external_id: Its id in the directory; None for none.
        members: When each user became a member, by user id, in seconds since 1970.
        created_at: When it was created, in seconds since 1970.
        updated_at: When it was changed last, in seconds since 1970.
    """

    id: str
    connection_id: str
    name: str
    external_id: str | None = None
    members: Mapping[str, float] = field(default_factory=dict)
    created_at: float
    updated_at: float

    def without(self, user_id: str, now: float) -> ScimGroup:
        """Return the group without a member."""
        members = {one: since for one, since in self.members.items() if one != user_id}
        return replace(self, members=members, updated_at=now)
