"""Count the logins of users: `last_login`, `last_ip` and `logins_count`.

Auth0: a login counts once the user has proved who they are, before second factors and Actions, and
even if the user is blocked. A session that is used again and a refresh token are no logins. Source:
docs/fidelity.md.
"""

from __future__ import annotations

from mockidp.flows.changed_user import change_user
from mockidp.frozen import replace
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.timestamps import timestamp

_COUNT = "logins_count"


def count_login(tenant: Tenant, user: User) -> User:
    """Note a login of a user, from the address of the request. Return the changed user."""
    return change_user(tenant, user.user_id, lambda before: _counted(tenant, before)) or user


def _counted(tenant: Tenant, user: User) -> User:
    count = user.extra.get(_COUNT)
    login = {
        "last_login": timestamp(tenant.now()),
        _COUNT: count + 1 if isinstance(count, int) else 1,
    }
    if tenant.trace.address:
        login["last_ip"] = tenant.trace.address
    return replace(user, extra={**user.extra, **login})
