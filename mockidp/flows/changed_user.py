"""Change a user whom a flow has found, and whom another request may have changed since."""

from __future__ import annotations

from collections.abc import Callable

from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant


def change_user(tenant: Tenant, user_id: str, change: Callable[[User], User]) -> User | None:
    """Store and return what `change` makes of a user; None if the user was deleted."""
    with tenant.backend.exclusive():
        before = tenant.directory.user(user_id)
        if before is None:
            return None
        changed = change(before)
        tenant.directory.users.store.put(changed.user_id, changed)
    return changed
