"""Remove scopes of an API from what grants them: client grants, roles and users.

Auth0: a scope that is deleted from an API is deleted from all of them. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Collection

from mockidp.frozen import replace
from mockidp.resources.client_grant import CLIENT_GRANT
from mockidp.resources.role import ROLE, Permission, Role
from mockidp.resources.user import USER, User
from mockidp.tenant.state.records import Records
from mockidp.tenant.tenant import Tenant
from mockidp.testing.records import records_of

_PATH = "permissions.resource_server_identifier"


def remove_scopes(tenant: Tenant, identifier: str, removed: Collection[str]) -> None:
    """Remove scopes of an API from client grants, roles and users. The caller excludes writers."""
    grants = records_of(tenant, CLIENT_GRANT)
    for grant in grants.find("audience", identifier):
        kept = tuple(one for one in grant.scope if one not in removed)
        grants.store.put(CLIENT_GRANT.key_of(grant), replace(grant, scope=kept))

    def is_kept(one: Permission) -> bool:
        is_other = one.resource_server_identifier != identifier
        return is_other or one.permission_name not in removed

    roles: Records[Role] = records_of(tenant, ROLE)
    for role in roles.find(_PATH, identifier):
        permissions = tuple(filter(is_kept, role.permissions))
        roles.store.put(ROLE.key_of(role), replace(role, permissions=permissions))
    users: Records[User] = records_of(tenant, USER)
    for user in users.find(_PATH, identifier):
        permissions = tuple(filter(is_kept, user.permissions))
        users.store.put(user.user_id, replace(user, permissions=permissions))
