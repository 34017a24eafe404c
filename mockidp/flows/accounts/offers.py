"""Decide whether a login offers sign-up, and in which database.

Auth0: in a login to an organization, `is_signup_enabled` of its connection decides as well, unless
the user was invited.
"""

from __future__ import annotations

from mockidp.flows.accounts.database import sign_up_database
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.resources.connection import Connection
from mockidp.tenant.tenant import Tenant


def database_to_sign_up(
    tenant: Tenant, login: LoginTransaction, names: tuple[str, ...]
) -> Connection | None:
    """Return the database for sign-ups during a login; None if the login allows no sign-up.

    `names` are the login's connections.
    """
    organization = tenant.directory.organization(login.organization_id)
    if organization is not None and login.request.invitation is None:
        enabled = {one.name for one in organization.connections if one.is_signup_enabled}
        names = tuple(one for one in names if one in enabled)
    return sign_up_database(tenant, names)
