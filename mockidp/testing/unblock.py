"""Lift the blocks that brute-force protection put on a user."""

from __future__ import annotations

from mockidp.flows.login.brute_force import spell
from mockidp.tenant.stores import SUBJECT
from mockidp.tenant.tenant import Tenant
from mockidp.testing.named import named_user


def unblock(tenant: Tenant, name: str) -> None:
    """Forget the wrong passwords of a user, or of a name that no user has, from all addresses.

    Raises:
        MockIdPError: There is no such user, and no wrong password was counted for the name.
    """
    user = tenant.directory.name_user(name)
    subject = user.user_id if user else spell(name)
    keys = [
        key
        for key, entry in tenant.failed_logins.scan(SUBJECT, subject)
        if entry.value.is_user == (user is not None)
    ]
    if not keys:
        named_user(tenant, name)
    for key in keys:
        tenant.failed_logins.take(key)
